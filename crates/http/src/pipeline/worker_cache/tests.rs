use super::*;

use actix_web::body::{BodySize, MessageBody};
use actix_web::test::TestRequest;
use eggypro_cache::{CacheSettings, Loaded, Region};
use eggypro_domain::changes::{Change, ChangeFollower, Tag};

use crate::message::document::{Document, JSON};

/// Uses each path as its cache key.
fn cached_read(path: &str, _query: &str) -> Option<(Key, &'static str)> {
    let key = Key::new(path.to_owned(), Tag::EveryProduct, Region::Searches);
    Some((key, "/api/products/{slug}"))
}

#[test]
fn the_number_and_length_of_urls_are_limited() {
    let (key, endpoint) = cached_read("/api/products", "limit=7").unwrap();
    let target = || Target::new(key.clone(), endpoint);
    let mut entries = Entries::default();
    for number in 0..2 * MOST_TARGETS {
        let address = format!("/api/products?limit={number}");
        entries.remember(&address, target());
        assert!(entries.targets.len() <= MOST_TARGETS);
        assert!(entries.targets.contains_key(address.as_str()));
    }
    entries.remember(&"a".repeat(LONGEST_TARGET + 1), target());
    let mut addresses = entries.targets.keys();
    assert!(addresses.all(|address| address.len() <= LONGEST_TARGET));
}

/// Caches an answer of this size for a URL and form.
async fn store(cache: &Cache, address: &str, form: Form, bytes: usize) {
    let (key, _) = cached_read(address, "").unwrap();
    let document = Document::new(vec![b'a'; bytes].into(), JSON);
    let packed = document.represent(form).await.unwrap().pack();
    let load = async { Ok(Loaded::long_lived(packed)) };
    let key = key_in(&key, form).into_owned();
    cache.load(key, load).await.unwrap();
}

#[actix_web::test]
async fn copies_are_made_for_each_form_and_dropped_on_a_change() {
    let cache = Cache::new(&CacheSettings::default(), None, "");
    let (cached, now) = (WorkerCache::new(cached_read), Instant::now());
    let ask = |address: &str, encoding: &str| {
        let request = TestRequest::with_uri(address);
        let request = request.insert_header(("Accept-Encoding", encoding));
        let caching = HeaderValue::from_static("public");
        let (response, _) = cached.answer(&request.to_request(), &cache, &caching, now)?;
        let encoding = response.headers().get("content-encoding");
        let encoding = encoding.map(|encoding| encoding.to_str().unwrap().to_owned());
        Some((encoding, response.body().size()))
    };
    let bytes = || cached.entries.borrow().bytes;
    store(&cache, "/api/products/a", Form::Identity, 2_000).await;
    store(&cache, "/api/products/a", Form::Gzip, 2_000).await;
    assert_eq!(ask("/api/products/b", ""), None);
    let mut copied = vec![];
    for _ in 0..3 {
        let identity = ask("/api/products/a", "").unwrap();
        assert_eq!(identity, (None, BodySize::Sized(2_000)));
        let (encoding, size) = ask("/api/products/a", "gzip").unwrap();
        assert_eq!(encoding.as_deref(), Some("gzip"));
        assert!(matches!(size, BodySize::Sized(..100)));
        copied.push(bytes());
    }
    // The second request copies the answer, the third one does not copy it again.
    assert!(copied[0] < 100 && copied[1] > 2_000, "{copied:?}");
    assert_eq!(copied[1], copied[2]);

    let change = Change {
        name: "1".to_owned(),
        tags: vec![Tag::EveryProduct],
    };
    cache.changed(&change).await;
    assert_eq!(ask("/api/products/a", ""), None);
    assert_eq!(ask("/api/products/a", "gzip"), None);
    assert_eq!(bytes(), 0);
}

#[actix_web::test]
async fn the_size_of_all_copies_is_limited() {
    let cache = Cache::new(&CacheSettings::default(), None, "");
    let (cached, now) = (WorkerCache::new(cached_read), Instant::now());
    let ask = |address: &str| {
        let request = TestRequest::with_uri(address).to_request();
        let caching = HeaderValue::from_static("public");
        assert!(cached.answer(&request, &cache, &caching, now).is_some());
        cached.entries.borrow().bytes
    };
    let mut most = 0;
    for number in 0..2 * MOST_BYTES / LONGEST_BODY {
        let address = format!("/api/products/{number}");
        store(&cache, &address, Form::Identity, LONGEST_BODY).await;
        ask(&address);
        most = ask(&address).max(most);
        assert_eq!(cached.entries.borrow().bytes % LONGEST_BODY, 0);
    }
    assert!((MOST_BYTES / 2..=MOST_BYTES).contains(&most), "{most}");

    store(
        &cache,
        "/api/products/long",
        Form::Identity,
        LONGEST_BODY + 1,
    )
    .await;
    let before = ask("/api/products/long");
    assert_eq!(ask("/api/products/long"), before);
}
