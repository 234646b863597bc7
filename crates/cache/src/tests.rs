use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use eggypro_domain::changes::Tag;
use futures_util::future::join_all;
use tokio::sync::oneshot;

use super::*;

mod local;
mod redis;

fn cache() -> Cache {
    Cache::new(&CacheSettings::default(), None, "")
}

/// A cache whose short-lived answers live for 20 ms.
fn cache_with_short_lives() -> Cache {
    let settings = CacheSettings {
        short_lifetime: Duration::from_millis(20),
        ..CacheSettings::default()
    };
    Cache::new(&settings, None, "")
}

fn page(name: &str) -> Key {
    Key::new(name, Tag::Products, Region::Pages)
}

async fn loaded(text: &'static str) -> Result<Loaded, LoadError> {
    Ok(Loaded::long_lived(Bytes::from_static(text.as_bytes())))
}

async fn get(cache: &Cache, key: Key, otherwise: &'static str) -> Bytes {
    match cache.get(&key) {
        Some(bytes) => bytes,
        None => cache.load(key, loaded(otherwise)).await.unwrap(),
    }
}

fn change(name: &str, tag: Tag) -> Change {
    Change {
        name: name.to_owned(),
        tags: vec![tag],
    }
}

#[tokio::test]
async fn a_change_invalidates_only_the_answers_that_show_it() {
    let cache = cache();
    let slug: eggypro_domain::Slug = "a".parse().unwrap();
    let product =
        || Key::new("a", Tag::Product(slug.clone()), Region::Pages).and(Tag::EveryProduct);
    get(&cache, page("list"), "1").await;
    get(&cache, product(), "1").await;
    cache.changed(&change("1", Tag::Products)).await;
    assert_eq!(get(&cache, page("list"), "2").await, "2");
    assert_eq!(get(&cache, product(), "2").await, "1");
    cache.changed(&change("2", Tag::EveryProduct)).await;
    assert_eq!(get(&cache, product(), "3").await, "3");
    cache
        .changed(&change("3", Tag::Product(slug.clone())))
        .await;
    assert_eq!(get(&cache, product(), "4").await, "4");
    // A change that was already raised arrives again from the database and has no effect.
    cache
        .changed(&change("3", Tag::Product(slug.clone())))
        .await;
    assert_eq!(get(&cache, product(), "5").await, "4");
    cache.missed_changes().await;
    assert_eq!(get(&cache, product(), "6").await, "6");
    assert_eq!(get(&cache, page("list"), "6").await, "6");
}

#[tokio::test]
async fn a_lease_ends_with_its_time_its_answer_or_a_change() {
    let now = Instant::now();
    let cache = cache();
    get(&cache, page("a"), "1").await;
    let (bytes, lease) = cache.get_leased(&page("a"), now).unwrap();
    assert_eq!(bytes, "1");
    assert!(cache.holds(&page("a"), &lease, now + LEASE / 2));
    assert!(!cache.holds(&page("a"), &lease, now + LEASE));
    assert_eq!(cache.metrics().hits, 2);
    cache.changed(&change("1", Tag::Products)).await;
    assert!(!cache.holds(&page("a"), &lease, now));
    assert!(cache.get_leased(&page("a"), now).is_none());
    assert_eq!(cache.metrics().hits, 2);

    // A lease never outlives its answer.
    get(&cache, page("a"), "2").await;
    let later = now + CacheSettings::default().lifetime;
    let (_, lease) = cache.get_leased(&page("a"), later).unwrap();
    assert!(!cache.holds(&page("a"), &lease, later + LEASE / 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn four_hundred_concurrent_readers_load_once() {
    let cache = cache();
    let loads = Arc::new(AtomicUsize::new(0));
    let readers = (0..400).map(|_| {
        let (cache, loads) = (cache.clone(), Arc::clone(&loads));
        tokio::spawn(async move {
            let load = async move {
                loads.fetch_add(1, Ordering::SeqCst);
                tokio::task::yield_now().await;
                loaded("1").await
            };
            cache.load(page("list"), load).await.unwrap()
        })
    });
    for answer in join_all(readers).await {
        assert_eq!(answer.unwrap(), "1");
    }
    assert_eq!(loads.load(Ordering::SeqCst), 1);
    let metrics = cache.metrics();
    assert_eq!(metrics.loads, 1);
}

#[tokio::test]
async fn a_load_from_before_a_change_answers_no_later_reader() {
    let cache = cache();
    let (resume, frozen) = oneshot::channel::<()>();
    let slow = {
        let cache = cache.clone();
        tokio::spawn(async move {
            let load = async {
                frozen.await.unwrap();
                loaded("old").await
            };
            cache.load(page("list"), load).await.unwrap()
        })
    };
    while cache.metrics().loads == 0 {
        tokio::task::yield_now().await;
    }
    cache.changed(&change("1", Tag::Products)).await;
    assert_eq!(get(&cache, page("list"), "new").await, "new");
    resume.send(()).unwrap();
    assert_eq!(slow.await.unwrap(), "old");
    assert_eq!(get(&cache, page("list"), "newer").await, "newer");
    assert_eq!(get(&cache, page("list"), "newest").await, "newer");
}

#[tokio::test]
async fn a_failed_load_is_reported_to_all_waiters_and_not_cached() {
    let cache = cache();
    let failing = || async { Err(Arc::new(std::io::Error::other("no")) as LoadError) };
    let both = [
        cache.load(page("list"), failing()),
        cache.load(page("list"), failing()),
    ];
    for result in join_all(both).await {
        assert_eq!(result.unwrap_err().to_string(), "no");
    }
    async fn panics() -> Result<Loaded, LoadError> {
        panic!("on purpose")
    }
    let error = cache.load(page("list"), panics()).await.unwrap_err();
    assert!(error.downcast_ref::<Abandoned>().is_some());
    assert_eq!(get(&cache, page("list"), "1").await, "1");
}

#[tokio::test]
async fn a_load_continues_when_its_reader_is_cancelled() {
    let cache = cache();
    let (resume, frozen) = oneshot::channel::<()>();
    let load = async {
        frozen.await.unwrap();
        loaded("1").await
    };
    let reader = cache.load(page("list"), load);
    tokio::select! {
        biased;
        _ = reader => panic!("it is frozen"),
        () = tokio::task::yield_now() => {}
    }
    resume.send(()).unwrap();
    let started = Instant::now();
    while cache.get(&page("list")).is_none() {
        assert!(started.elapsed() < Duration::from_secs(5));
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn short_lived_answers_expire_early() {
    let cache = cache_with_short_lives();
    let nothing = async { Ok(Loaded::short_lived(Bytes::new())) };
    cache.load(page("nothing"), nothing).await.unwrap();
    get(&cache, page("list"), "1").await;
    let started = Instant::now();
    while cache.get(&page("nothing")).is_some() {
        assert!(started.elapsed() < Duration::from_secs(5));
    }
    assert!(cache.get(&page("list")).is_some());
}

/// The hit rate of hot pages in percent, while one-off requests arrive in between.
async fn hit_rate_in_a_flood(region: Region) -> u64 {
    let settings = CacheSettings {
        bytes: 1024 * 1024,
        ..CacheSettings::default()
    };
    let cache = Cache::new(&settings, None, "");
    let body = async || Ok(Loaded::long_lived(Bytes::from(vec![b'x'; 10_000])));
    let (mut lookups, mut hits) = (0, 0);
    for number in 0..20_000 {
        let hot = page(&format!("hot-{}", number % 10));
        // The cache first has to learn that they are hot.
        let is_counted = number >= 1_000;
        lookups += u64::from(is_counted);
        match cache.get(&hot) {
            Some(_) => hits += u64::from(is_counted),
            None => drop(cache.load(hot, body()).await),
        }
        let cold = Key::new(format!("cold-{number}"), Tag::Products, region);
        cache.load(cold, body()).await.unwrap();
    }
    cache.0.local.settle();
    assert!(cache.metrics().bytes <= 1024 * 1024);
    hits * 100 / lookups
}

#[tokio::test]
async fn a_flood_of_searches_evicts_no_hot_page() {
    assert!(hit_rate_in_a_flood(Region::Searches).await >= 99);
}

#[tokio::test]
async fn a_flood_of_rare_pages_evicts_no_hot_page() {
    assert!(hit_rate_in_a_flood(Region::Pages).await >= 99);
}

#[tokio::test]
async fn while_disconnected_all_answers_are_short_lived() {
    let cache = cache_with_short_lives();
    cache.disconnected();
    get(&cache, page("list"), "1").await;
    let started = Instant::now();
    while cache.get(&page("list")).is_some() {
        assert!(started.elapsed() < Duration::from_secs(5));
    }
    cache.missed_changes().await;
    get(&cache, page("list"), "2").await;
    let until = Instant::now() + Duration::from_millis(100);
    while Instant::now() < until {
        assert!(cache.get(&page("list")).is_some());
    }
}

#[tokio::test]
async fn a_change_without_tags_hides_no_later_one() {
    let cache = cache();
    get(&cache, page("list"), "1").await;
    let nothing = Change {
        name: "1".to_owned(),
        tags: vec![],
    };
    cache.changed(&nothing).await;
    assert_eq!(get(&cache, page("list"), "2").await, "1");
    cache.changed(&change("1", Tag::Products)).await;
    assert_eq!(get(&cache, page("list"), "2").await, "2");
}

#[tokio::test]
async fn a_cache_knows_whether_it_is_connected() {
    let cache = cache();
    assert!(cache.is_connected());
    cache.disconnected();
    assert!(!cache.is_connected());
    cache.reconnected();
    assert!(cache.is_connected());
    cache.disconnected();
    cache.missed_changes().await;
    assert!(cache.is_connected());
}

#[test]
fn loads_and_caches_show_what_they_hold() {
    let bytes = Bytes::from_static(b"1");
    assert_eq!(Loaded::long_lived(bytes.clone()).into_bytes(), bytes);
    assert_eq!(Loaded::short_lived(bytes.clone()).into_bytes(), bytes);
    assert!(format!("{:?}", cache()).contains("metrics"));
}
