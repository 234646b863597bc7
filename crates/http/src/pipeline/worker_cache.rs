use std::cell::RefCell;
use std::collections::HashMap;
use std::time::Instant;

use actix_http::{Request, Response};
use actix_web::body::BoxBody;
use actix_web::http::Uri;
use actix_web::http::header::HeaderValue;
use eggypro_cache::{Cache, Key, Lease};
use foldhash::quality::RandomState;

use crate::message::document::Representation;
use crate::message::encoding::{Form, key_in};

/// Maximum number of URLs in a worker cache.
const MOST_TARGETS: usize = 256;

/// Maximum length of a URL in a worker cache, in bytes.
const LONGEST_TARGET: usize = 256;

/// Maximum size of a copied body, in bytes.
const LONGEST_BODY: usize = 20 * 1024;

/// Maximum size of all copied bodies of a worker, in bytes.
const MOST_BYTES: usize = 2 * 1024 * 1024;

/// Returns the cache key of the public answer to a path and query, and the pattern of its route; `None` if that answer
/// is not cached.
pub(crate) type CachedRead = fn(&str, &str) -> Option<(Key, &'static str)>;

/// Copies of the most recent answers of one worker. They save the parsing of the query string, which takes half of the
/// time of the fast path, and the look-up in the cache that all workers share, which takes a tenth.
#[derive(Debug)]
pub(crate) struct WorkerCache {
    entries: RefCell<Entries>,
    cached_read: CachedRead,
}

#[derive(Debug, Default)]
struct Entries {
    targets: HashMap<Box<str>, Target, RandomState>,
    /// The total length of the copied bodies.
    bytes: usize,
}

/// The resource that a URL names.
#[derive(Debug)]
struct Target {
    key: Key,
    /// The pattern of the route.
    endpoint: &'static str,
    /// The copies, indexed by [`Form`].
    answers: [Option<Answer>; Form::ALL.len()],
}

/// A copied answer.
#[derive(Debug)]
struct Answer {
    representation: Representation,
    lease: Lease,
}

impl WorkerCache {
    pub(crate) fn new(cached_read: CachedRead) -> Self {
        Self {
            entries: RefCell::default(),
            cached_read,
        }
    }

    pub(crate) fn cached_read(&self) -> CachedRead {
        self.cached_read
    }

    /// The cached answer to a request without credentials, and the pattern of its route.
    pub(crate) fn answer(
        &self,
        request: &Request,
        cache: &Cache,
        caching: &HeaderValue,
        now: Instant,
    ) -> Option<(Response<BoxBody>, &'static str)> {
        let address = request.uri().path_and_query()?;
        let form = Form::accepted_by(request);
        let respond = |answer: &Answer| answer.representation.respond(request, caching).ok();
        let entries = &mut *self.entries.borrow_mut();
        let Some(target) = entries.targets.get_mut(address.as_str()) else {
            let query = address.query().unwrap_or_default();
            let (key, endpoint) = (self.cached_read)(address.path(), query)?;
            let target = Target::new(key, endpoint);
            let given = (
                respond(&target.look_up(request.uri(), form, cache, now)?)?,
                target.endpoint,
            );
            entries.remember(address.as_str(), target);
            return Some(given);
        };
        let copy = &mut target.answers[form as usize];
        if let Some(answer) = copy
            && cache.holds(&target.key, &answer.lease, now)
        {
            return Some((respond(answer)?, target.endpoint));
        }
        entries.bytes -= copy.take().map_or(0, |answer| answer.representation.len());
        let answer = target.look_up(request.uri(), form, cache, now)?;
        let given = (respond(&answer)?, target.endpoint);
        let bytes = answer.representation.len();
        if bytes <= LONGEST_BODY {
            target.answers[form as usize] = Some(answer.copied());
            entries.bytes += bytes;
            if entries.bytes > MOST_BYTES {
                entries.forget_all();
            }
        }
        Some(given)
    }
}

impl Target {
    fn new(key: Key, endpoint: &'static str) -> Self {
        Self {
            key,
            endpoint,
            answers: Default::default(),
        }
    }

    fn look_up(&self, address: &Uri, form: Form, cache: &Cache, now: Instant) -> Option<Answer> {
        let (packed, lease) = cache.get_leased(&key_in(&self.key, form), now)?;
        Some(Answer {
            representation: Representation::unpack(packed)?.linked(address),
            lease,
        })
    }
}

impl Answer {
    fn copied(&self) -> Self {
        Self {
            representation: self.representation.copied(),
            lease: self.lease,
        }
    }
}

impl Entries {
    /// Stores the target of a URL, without a copy of its answer. The copy is made on the second request, so a client
    /// that requests many different pages evicts others only rarely.
    fn remember(&mut self, address: &str, target: Target) {
        if address.len() > LONGEST_TARGET {
            return;
        }
        if self.targets.len() >= MOST_TARGETS {
            self.forget_all();
        }
        self.targets.insert(address.into(), target);
    }

    fn forget_all(&mut self) {
        self.targets.clear();
        self.bytes = 0;
    }
}

#[cfg(test)]
mod tests {
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
}
