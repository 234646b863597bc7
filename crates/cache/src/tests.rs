use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use eggypro_domain::changes::Tag;
use futures_util::future::join_all;
use tokio::sync::oneshot;

use super::*;

mod redis;

fn cache() -> Cache {
    Cache::new(&CacheSettings::default(), None, "")
}

fn page(name: &str) -> Key {
    Key::new(name, Tag::Products, Room::Pages)
}

async fn says(text: &'static str) -> Result<Loaded, LoadError> {
    Ok(Loaded::whole(Bytes::from_static(text.as_bytes())))
}

async fn get(cache: &Cache, key: Key, otherwise: &'static str) -> Bytes {
    match cache.get(&key) {
        Some(bytes) => bytes,
        None => cache.load(key, says(otherwise)).await.unwrap(),
    }
}

fn change(name: &str, tag: Tag) -> Change {
    Change {
        name: name.to_owned(),
        tags: vec![tag],
    }
}

#[tokio::test]
async fn a_change_ends_what_shows_it_and_nothing_else() {
    let cache = cache();
    let slug: eggypro_domain::Slug = "a".parse().unwrap();
    let product = || Key::new("a", Tag::Product(slug.clone()), Room::Pages).and(Tag::EveryProduct);
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
    // The news of a change that was raised already comes again by the database.
    cache
        .changed(&change("3", Tag::Product(slug.clone())))
        .await;
    assert_eq!(get(&cache, product(), "5").await, "4");
    cache.missed_changes().await;
    assert_eq!(get(&cache, product(), "6").await, "6");
    assert_eq!(get(&cache, page("list"), "6").await, "6");
}

#[tokio::test]
async fn a_lease_ends_in_time_with_its_answer_and_with_a_change() {
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

    // One that begins when its answer is about to end.
    get(&cache, page("a"), "2").await;
    let later = now + CacheSettings::default().lifetime;
    let (_, lease) = cache.get_leased(&page("a"), later).unwrap();
    assert!(!cache.holds(&page("a"), &lease, later + LEASE / 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn four_hundred_first_readers_load_once() {
    let cache = cache();
    let loads = Arc::new(AtomicUsize::new(0));
    let readers = (0..400).map(|_| {
        let (cache, loads) = (cache.clone(), Arc::clone(&loads));
        tokio::spawn(async move {
            let load = async move {
                loads.fetch_add(1, Ordering::SeqCst);
                tokio::task::yield_now().await;
                says("1").await
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
async fn a_load_from_before_a_change_answers_nobody_after_it() {
    let cache = cache();
    let (resume, frozen) = oneshot::channel::<()>();
    let slow = {
        let cache = cache.clone();
        tokio::spawn(async move {
            let load = async {
                frozen.await.unwrap();
                says("old").await
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
async fn a_failed_load_is_told_to_all_and_not_kept() {
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
async fn a_load_goes_on_when_its_reader_leaves() {
    let cache = cache();
    let (resume, frozen) = oneshot::channel::<()>();
    let load = async {
        frozen.await.unwrap();
        says("1").await
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
async fn what_is_brief_ends_soon() {
    let settings = CacheSettings {
        brief_lifetime: Duration::from_millis(20),
        ..CacheSettings::default()
    };
    let cache = Cache::new(&settings, None, "");
    let nothing = async { Ok(Loaded::brief(Bytes::new())) };
    cache.load(page("nothing"), nothing).await.unwrap();
    get(&cache, page("list"), "1").await;
    let started = Instant::now();
    while cache.get(&page("nothing")).is_some() {
        assert!(started.elapsed() < Duration::from_secs(5));
    }
    assert!(cache.get(&page("list")).is_some());
}

/// What of a hundred look-ups of hot pages is found, while strangers ask for other things in between.
async fn hit_rate_in_a_flood(room: Room) -> u64 {
    let settings = CacheSettings {
        bytes: 1024 * 1024,
        ..CacheSettings::default()
    };
    let cache = Cache::new(&settings, None, "");
    let body = async || Ok(Loaded::whole(Bytes::from(vec![b'x'; 10_000])));
    let (mut asked, mut found) = (0, 0);
    for number in 0..20_000 {
        let hot = page(&format!("hot-{}", number % 10));
        // The cache must have seen that they are hot.
        let is_counted = number >= 1_000;
        asked += u64::from(is_counted);
        match cache.get(&hot) {
            Some(_) => found += u64::from(is_counted),
            None => drop(cache.load(hot, body()).await),
        }
        let cold = Key::new(format!("cold-{number}"), Tag::Products, room);
        cache.load(cold, body()).await.unwrap();
    }
    cache.0.local.settle();
    assert!(cache.metrics().bytes <= 1024 * 1024);
    found * 100 / asked
}

#[tokio::test]
async fn a_flood_of_searches_pushes_no_hot_page_out() {
    assert!(hit_rate_in_a_flood(Room::Searches).await >= 99);
}

#[tokio::test]
async fn a_flood_of_odd_pages_pushes_no_hot_page_out() {
    assert!(hit_rate_in_a_flood(Room::Pages).await >= 99);
}

#[tokio::test]
async fn while_changes_are_not_heard_nothing_is_kept_for_long() {
    let settings = CacheSettings {
        brief_lifetime: Duration::from_millis(20),
        ..CacheSettings::default()
    };
    let cache = Cache::new(&settings, None, "");
    cache.hears_nothing();
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
