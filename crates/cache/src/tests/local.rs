//! The entries in this process: their size, their lifetime and the remembered changes.

use super::*;
use crate::recent::Recent;

#[tokio::test]
async fn metrics_show_the_entries_and_their_size() {
    let cache = cache();
    get(&cache, page("ab"), "12345").await;
    let search = Key::new("c", Tag::Products, Region::Searches);
    get(&cache, search, "1").await;
    cache.0.local.settle();
    let metrics = cache.metrics();
    // 256 bytes of bookkeeping for each.
    assert_eq!((metrics.entries, metrics.bytes), (2, 2 + 5 + 1 + 1 + 512));
    cache.changed(&change("1", Tag::Products)).await;
    get(&cache, page("ab"), "6").await;
    cache.0.local.settle();
    let metrics = cache.metrics();
    assert_eq!((metrics.entries, metrics.bytes), (2, 2 + 1 + 1 + 1 + 512));
    assert_eq!(metrics.evictions, 0, "a replaced entry is not evicted");
}

#[tokio::test]
async fn evictions_are_counted() {
    let settings = CacheSettings {
        bytes: 4_000,
        ..CacheSettings::default()
    };
    let cache = Cache::new(&settings, None, "");
    for number in 0..100 {
        get(&cache, page(&number.to_string()), "1").await;
    }
    cache.0.local.settle();
    let metrics = cache.metrics();
    assert!((1..12).contains(&metrics.entries), "{metrics:?}");
    assert_eq!(metrics.evictions, 100 - metrics.entries);
}

#[tokio::test]
async fn a_replaced_answer_expires_as_well() {
    let cache = cache_with_short_lives();
    let nothing = async || Ok(Loaded::short_lived(Bytes::new()));
    cache.load(page("nothing"), nothing()).await.unwrap();
    // The outdated entry stays until the next load replaces it.
    cache.changed(&change("1", Tag::Products)).await;
    cache.load(page("nothing"), nothing()).await.unwrap();
    let started = Instant::now();
    while cache.get(&page("nothing")).is_some() {
        assert!(started.elapsed() < Duration::from_secs(5));
    }
}

#[test]
fn the_last_256_changes_are_remembered() {
    let mut recent = Recent::default();
    for number in 0..=256 {
        assert!(recent.add(&number.to_string()));
    }
    assert!(!recent.contains("0"));
    for number in 1..=256 {
        assert!(!recent.add(&number.to_string()), "{number}");
    }
}
