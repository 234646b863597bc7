//! The cache in Redis that the servers of one shop share.

use eggypro_redis::redis::cmd;
use eggypro_redis::testing::{self, OwnRedis, Proxy, prefix};

use super::*;
use crate::shared::LAYOUT;

/// A cache that is already connected to Redis. The first fetch over a new connection is not trusted.
async fn shared_by(prefix: &str, redis: Redis) -> Cache {
    let cache = Cache::new(&CacheSettings::default(), Some(redis), prefix);
    let shared = cache.0.shared.as_ref().unwrap();
    assert!(matches!(shared.fetch(&page("")).await, Fetched::Unusable));
    assert!(matches!(shared.fetch(&page("")).await, Fetched::Missing(_)));
    cache
}

/// Such a cache, with a list in Redis.
async fn with_list(prefix: &str) -> Cache {
    let cache = shared_by(prefix, testing::redis()).await;
    get(&cache, page("list"), "1").await;
    is_stored(&cache, &page("list")).await;
    cache
}

/// Waits until the answer is in Redis, where it is stored in the background.
async fn is_stored(cache: &Cache, key: &Key) {
    let shared = cache.0.shared.as_ref().unwrap();
    let started = Instant::now();
    while !matches!(shared.fetch(key).await, Fetched::Found { .. }) {
        assert!(started.elapsed() < Duration::from_secs(5));
    }
}

#[tokio::test]
async fn servers_share_loaded_answers_until_a_change() {
    let prefix = prefix();
    let one = shared_by(&prefix, testing::redis()).await;
    let other = shared_by(&prefix, testing::redis()).await;
    assert_eq!(get(&one, page("list"), "1").await, "1");
    is_stored(&one, &page("list")).await;
    assert_eq!(get(&other, page("list"), "2").await, "1");
    assert_eq!((other.metrics().shared_hits, other.metrics().loads), (1, 0));
    let news = change("1", Tag::Products);
    one.changed(&news).await;
    assert_eq!(get(&one, page("list"), "2").await, "2");
    is_stored(&one, &page("list")).await;
    other.changed(&news).await;
    // Answers that were stored before the last server received the change may be outdated, so they are invalid.
    assert_eq!(get(&other, page("list"), "3").await, "3");
    is_stored(&other, &page("list")).await;
    // A third server that has just connected trusts no older answer.
    let third = Cache::new(&CacheSettings::default(), Some(testing::redis()), &prefix);
    third.missed_changes().await;
    assert_eq!(get(&third, page("list"), "4").await, "4");
}

#[tokio::test]
async fn a_change_of_everything_invalidates_all_of_redis() {
    let prefix = prefix();
    let other = shared_by(&prefix, testing::redis()).await;
    let one = with_list(&prefix).await;
    one.changed(&change("1", Tag::Everything)).await;
    let shared = other.0.shared.as_ref().unwrap();
    assert!(matches!(
        shared.fetch(&page("list")).await,
        Fetched::Missing(_)
    ));
    assert_eq!(get(&one, page("list"), "2").await, "2");
}

#[tokio::test]
async fn another_shop_in_the_same_redis_keeps_its_answers() {
    let one = shared_by(&prefix(), testing::redis()).await;
    let other = with_list(&prefix()).await;
    one.missed_changes().await;
    let shared = other.0.shared.as_ref().unwrap();
    assert!(matches!(
        shared.fetch(&page("list")).await,
        Fetched::Found { .. }
    ));
}

#[tokio::test]
async fn a_slow_reader_stores_no_outdated_answer_in_redis() {
    let prefix = prefix();
    let slow = shared_by(&prefix, testing::redis()).await;
    let quick = shared_by(&prefix, testing::redis()).await;
    let (resume, frozen) = oneshot::channel::<()>();
    let load = async {
        frozen.await.unwrap();
        loaded("old").await
    };
    let reader = {
        let slow = slow.clone();
        tokio::spawn(async move { slow.load(page("list"), load).await.unwrap() })
    };
    while slow.metrics().loads == 0 {
        tokio::task::yield_now().await;
    }
    quick.changed(&change("1", Tag::Products)).await;
    resume.send(()).unwrap();
    assert_eq!(reader.await.unwrap(), "old");
    // The old answer may be on its way to Redis or already stored. It must not be found in either case.
    let shared = quick.0.shared.as_ref().unwrap();
    for _ in 0..100 {
        assert!(matches!(
            shared.fetch(&page("list")).await,
            Fetched::Missing(_)
        ));
    }
}

#[tokio::test]
async fn garbage_in_redis_is_a_miss() {
    let prefix = prefix();
    let cache = shared_by(&prefix, testing::redis()).await;
    let reader = shared_by(&prefix, testing::redis()).await;
    // Invalidates the answers in this process, so that the next read asks Redis.
    let invalidate = || reader.0.generations.raise_all();
    let entry = format!("{{{prefix}}}:cache:{LAYOUT}:entry:list");
    get(&cache, page("list"), "the right answer").await;
    is_stored(&cache, &page("list")).await;
    let redis = testing::redis();
    let read = async |mut connection| {
        cmd("GET")
            .arg(&entry)
            .query_async::<Vec<u8>>(&mut connection)
            .await
    };
    let right = redis.call(read).await.unwrap();
    let mut flipped = right.clone();
    *flipped.last_mut().unwrap() ^= 1;
    assert_eq!(get(&reader, page("list"), "1").await, "the right answer");
    assert_eq!(reader.metrics().shared_hits, 1);
    for garbage in [
        &b""[..],
        b"garbage",
        &[0; 200],
        &right[..right.len() - 1],
        &flipped,
    ] {
        let spoil = async |mut connection| {
            cmd("SET")
                .arg(&entry)
                .arg(garbage)
                .arg("EX")
                .arg(60)
                .query_async::<()>(&mut connection)
                .await
        };
        redis.call(spoil).await.unwrap();
        invalidate();
        assert_eq!(get(&reader, page("list"), "1").await, "1", "{garbage:?}");
        assert_eq!(reader.metrics().shared_hits, 1);
        is_stored(&reader, &page("list")).await;
    }
    let spoil_types = async |mut connection| {
        for key in [
            entry.clone(),
            format!("{{{prefix}}}:cache:{LAYOUT}:token:products"),
        ] {
            cmd("DEL")
                .arg(&key)
                .query_async::<()>(&mut connection)
                .await?;
            cmd("LPUSH")
                .arg(&key)
                .arg("x")
                .query_async::<()>(&mut connection)
                .await?;
        }
        Ok(())
    };
    redis.call(spoil_types).await.unwrap();
    invalidate();
    assert_eq!(get(&reader, page("list"), "2").await, "2");
    is_stored(&reader, &page("list")).await;
}

#[tokio::test]
async fn answers_and_tokens_expire_in_redis() {
    let prefix = prefix();
    with_list(&prefix).await;
    let redis = testing::redis();
    let rest = async |key: &str| {
        let key = format!("{{{prefix}}}:cache:{LAYOUT}:{key}");
        let rest = async |mut connection| {
            cmd("TTL")
                .arg(&key)
                .query_async::<i64>(&mut connection)
                .await
        };
        redis.call(rest).await.unwrap()
    };
    // Five minutes, and a day.
    let (entry, token) = (rest("entry:list").await, rest("token:products").await);
    assert!((200..=300).contains(&entry), "{entry}");
    assert!((86_000..=86_400).contains(&token), "{token}");
}

#[tokio::test]
async fn an_entry_with_a_wrong_expiry_is_a_miss() {
    let prefix = prefix();
    let cache = with_list(&prefix).await;
    let redis = testing::redis();
    let entry = format!("{{{prefix}}}:cache:{LAYOUT}:entry:list");
    let shared = cache.0.shared.as_ref().unwrap();
    // No expiry, one that is too late, and a right one.
    for (command, seconds, is_found) in [
        ("PERSIST", None, false),
        ("EXPIRE", Some(86_400), false),
        ("EXPIRE", Some(60), true),
    ] {
        let expire = async |mut connection| {
            let mut command = cmd(command);
            command.arg(&entry).arg(seconds);
            command.query_async::<i64>(&mut connection).await
        };
        assert_eq!(redis.call(expire).await, Some(1));
        let fetched = shared.fetch(&page("list")).await;
        assert_eq!(matches!(fetched, Fetched::Found { .. }), is_found);
    }
}

#[tokio::test]
async fn when_a_change_can_not_be_raised_all_of_redis_is_invalidated() {
    let prefix = prefix();
    let proxy = Proxy::open().await;
    let cache = shared_by(&prefix, proxy.redis()).await;
    get(&cache, page("list"), "1").await;
    is_stored(&cache, &page("list")).await;
    let failures = cache.metrics().redis_failures;
    proxy.cut();
    cache.changed(&change("1", Tag::Products)).await;
    assert_eq!(get(&cache, page("list"), "2").await, "2");
    assert!(cache.metrics().redis_failures > failures);
    let _proxy = proxy.reopened().await;
    cache.changed(&change("2", Tag::Categories)).await;
    let started = Instant::now();
    let mut round = 0;
    // Until Redis is used again.
    while cache.metrics().shared_hits == 0 {
        assert!(started.elapsed() < Duration::from_secs(10));
        round += 1;
        let key = page(&format!("list-{}", round % 100));
        assert_ne!(get(&cache, page("list"), "3").await, "1");
        get(&cache, key, "3").await;
        cache.0.generations.raise_all();
        tokio::task::yield_now().await;
    }
    assert_ne!(get(&cache, page("list"), "4").await, "1");
}

#[tokio::test]
async fn derived_answers_are_not_stored_in_redis() {
    let prefix = prefix();
    let cache = shared_by(&prefix, testing::redis()).await;
    let form = || page("list").in_form("br");
    get(&cache, form(), "1").await;
    get(&cache, page("list"), "1").await;
    is_stored(&cache, &page("list")).await;
    let shared = cache.0.shared.as_ref().unwrap();
    assert!(matches!(shared.fetch(&form()).await, Fetched::Missing(_)));
}

#[tokio::test]
async fn a_redis_that_returns_with_older_data_is_not_trusted() {
    let folder = tempfile::tempdir().unwrap();
    let server = OwnRedis::start(folder.path(), &[]);
    let cache = shared_by("own", server.redis()).await;
    get(&cache, page("list"), "old").await;
    is_stored(&cache, &page("list")).await;
    server.save();
    cache.changed(&change("1", Tag::Products)).await;
    let server = server.killed_and_restarted();
    let started = Instant::now();
    let shared = cache.0.shared.as_ref().unwrap();
    loop {
        assert!(
            started.elapsed() < Duration::from_secs(10),
            "Redis is not found again"
        );
        match shared.fetch(&page("list")).await {
            Fetched::Found { bytes, .. } => panic!("{bytes:?} is believed"),
            Fetched::Missing(_) => break,
            Fetched::Unusable => tokio::task::yield_now().await,
        }
    }
    drop(server);
}

#[tokio::test]
async fn a_change_leaves_other_answers_in_redis() {
    let prefix = prefix();
    let one = shared_by(&prefix, testing::redis()).await;
    let other = shared_by(&prefix, testing::redis()).await;
    let category = || Key::new("category", Tag::Categories, Region::Pages);
    get(&one, category(), "1").await;
    is_stored(&one, &category()).await;
    one.changed(&change("1", Tag::Products)).await;
    assert_eq!(get(&other, category(), "2").await, "1");
}
