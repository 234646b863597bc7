use std::cell::RefCell;
use std::collections::HashMap;
use std::time::Instant;

use actix_http::{Request, Response};
use actix_web::body::BoxBody;
use actix_web::http::Uri;
use actix_web::http::header::HeaderValue;
use eggypro_cache::{Cache, Key, Lease};
use foldhash::quality::RandomState;

use crate::answers::key_in;
use crate::document::Representation;
use crate::encoding::Form;
use crate::{categories, products, reviews};

/// How many addresses a worker remembers.
const MOST_KNOWN: usize = 256;

/// How long an address is that is remembered, in bytes.
const LONGEST_KNOWN: usize = 256;

/// How long a body is of which a worker has a copy, and how long all of them are together, in bytes.
const LONGEST_BODY: usize = 20 * 1024;
const MOST_BYTES: usize = 2 * 1024 * 1024;

/// What one worker has at hand of the answers that it gave last. An address with parameters takes half as long to read as
/// all the rest of a quick answer, a look for an answer in what all workers share a tenth of it.
#[derive(Debug, Default)]
pub(crate) struct AtHand(RefCell<Known>);

#[derive(Debug, Default)]
struct Known {
    targets: HashMap<Box<str>, Target, RandomState>,
    /// How long the bodies are together that it has copies of.
    bytes: usize,
}

/// What an address asks for.
#[derive(Debug)]
struct Target {
    key: Key,
    /// The pattern of the route.
    endpoint: &'static str,
    /// In each form.
    answers: [Option<Answer>; Form::ALL.len()],
}

/// An answer that was given.
#[derive(Debug)]
struct Answer {
    representation: Representation,
    lease: Lease,
}

impl AtHand {
    /// The answer that is kept for a request without credentials, and the pattern of its route.
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
        let known = &mut *self.0.borrow_mut();
        let Some(target) = known.targets.get_mut(address.as_str()) else {
            let target = Target::of(address.path(), address.query().unwrap_or_default())?;
            let given = (
                respond(&target.look_up(request.uri(), form, cache, now)?)?,
                target.endpoint,
            );
            known.remember(address.as_str(), target);
            return Some(given);
        };
        let copy = &mut target.answers[form as usize];
        if let Some(answer) = copy
            && cache.holds(&target.key, &answer.lease, now)
        {
            return Some((respond(answer)?, target.endpoint));
        }
        known.bytes -= copy.take().map_or(0, |answer| answer.representation.len());
        let answer = target.look_up(request.uri(), form, cache, now)?;
        let given = (respond(&answer)?, target.endpoint);
        let bytes = answer.representation.len();
        if bytes <= LONGEST_BODY {
            target.answers[form as usize] = Some(answer.copied());
            known.bytes += bytes;
            if known.bytes > MOST_BYTES {
                known.forget_all();
            }
        }
        Some(given)
    }
}

impl Target {
    fn of(path: &str, query: &str) -> Option<Self> {
        let (key, endpoint) = target_of(path, query)?;
        Some(Self {
            key,
            endpoint,
            answers: Default::default(),
        })
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

impl Known {
    /// Remembers what an address asks for, and nothing yet of its answer: who asks for ever other pages costs the others
    /// no more than to look for theirs once in a while.
    fn remember(&mut self, address: &str, target: Target) {
        if address.len() > LONGEST_KNOWN {
            return;
        }
        if self.targets.len() >= MOST_KNOWN {
            self.forget_all();
        }
        self.targets.insert(address.into(), target);
    }

    fn forget_all(&mut self) {
        self.targets.clear();
        self.bytes = 0;
    }
}

/// The key of the answers to an address, if they are kept, and the pattern of its route.
fn target_of(path: &str, query: &str) -> Option<(Key, &'static str)> {
    let name = path.strip_prefix("/api/")?;
    match name {
        "products" => return Some((products::list::key_of(query)?, "/api/products")),
        "products/search" => {
            return Some((products::search::key_of(query)?, "/api/products/search"));
        }
        "products/suggest" => {
            return Some((products::suggest::key_of(query)?, "/api/products/suggest"));
        }
        _ if name.ends_with("/reviews") => {
            let slug = name.strip_prefix("products/")?.strip_suffix("/reviews")?;
            let key = reviews::list::key_of(slug, query)?;
            return Some((key, "/api/products/{slug}/reviews"));
        }
        // The others take no parameters.
        _ if !query.is_empty() => return None,
        "categories" => return Some((categories::list::key(), "/api/categories")),
        _ => {}
    }
    match name.split_once('/')? {
        ("products", slug) => Some((products::read::key_of(slug)?, "/api/products/{slug}")),
        ("categories", slug) => Some((categories::read::key_of(slug)?, "/api/categories/{slug}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use actix_web::body::{BodySize, MessageBody};
    use actix_web::test::TestRequest;
    use eggypro_cache::{CacheSettings, Loaded};
    use eggypro_domain::changes::{Audience, Change, Tag};

    use crate::document::{Document, JSON};

    #[test]
    fn the_same_page_has_the_same_key_however_it_is_asked_for() {
        let name =
            |path: &str, query: &str| target_of(path, query).map(|(key, _)| key.name().to_owned());
        let list = |query: &str| name("/api/products", query).unwrap();
        assert_eq!(
            list(""),
            list("limit=20&offset=0&sort=name-asc&inStock=false&")
        );
        assert_eq!(
            list("minPrice=10&search=Egg"),
            list("search=%65GG&minPrice=10.00")
        );
        assert_ne!(list(""), list("limit=21"));
        assert_ne!(list("category=a"), list("search=a"));
        assert_ne!(list("minPrice=1"), list("maxPrice=1"));
        let search = |query: &str| name("/api/products/search", query).unwrap();
        assert_eq!(search("q=Egg"), search("offset=0&q=+egg+"));
        assert_ne!(
            search("q=in-stock%20active%20a"),
            search("q=a&inStock=true")
        );
        assert_ne!(name("/api/products/a", ""), name("/api/categories/a", ""));
        let reviews = |query: &str| name("/api/products/a/reviews", query).unwrap();
        assert_eq!(reviews(""), reviews("sort=newest&offset=0&limit=20"));
        assert_ne!(reviews(""), reviews("rating=5"));
        assert_ne!(reviews("rating=1"), reviews("limit=1"));
        for (path, query) in [
            ("/api/products", "x=1"),
            ("/api/products", "status=active"),
            ("/api/products/search", ""),
            ("/api/products/a", "x=1"),
            ("/api/products/a/reviews", "verified=true"),
            ("/api/products/A/reviews", ""),
            ("/api/categories/a/reviews", ""),
            ("/api/products/A", ""),
            ("/api/products/", ""),
            ("/api/orders", ""),
            ("/products", ""),
        ] {
            assert_eq!(name(path, query), None, "{path}?{query}");
        }
    }

    #[test]
    fn so_many_addresses_are_remembered_and_no_long_ones() {
        let target = || Target::of("/api/products", "limit=7").unwrap();
        let mut known = Known::default();
        for number in 0..2 * MOST_KNOWN {
            let address = format!("/api/products?limit={number}");
            known.remember(&address, target());
            assert!(known.targets.len() <= MOST_KNOWN);
            assert!(known.targets.contains_key(address.as_str()));
        }
        known.remember(&"a".repeat(LONGEST_KNOWN + 1), target());
        let mut addresses = known.targets.keys();
        assert!(addresses.all(|address| address.len() <= LONGEST_KNOWN));
    }

    /// Keeps an answer of so many bytes to an address, in a form.
    async fn keep(cache: &Cache, address: &str, form: Form, bytes: usize) {
        let target = Target::of(address, "").unwrap();
        let document = Document::new(vec![b'a'; bytes].into(), JSON);
        let packed = document.represent(form).await.unwrap().pack();
        let load = async { Ok(Loaded::whole(packed)) };
        let key = key_in(&target.key, form).into_owned();
        cache.load(key, load).await.unwrap();
    }

    #[actix_web::test]
    async fn copies_are_of_one_form_and_end_with_a_change() {
        let cache = Cache::new(&CacheSettings::default(), None, "");
        let (at_hand, now) = (AtHand::default(), Instant::now());
        let ask = |address: &str, encoding: &str| {
            let request = TestRequest::with_uri(address);
            let request = request.insert_header(("Accept-Encoding", encoding));
            let caching = HeaderValue::from_static("public");
            let (response, _) = at_hand.answer(&request.to_request(), &cache, &caching, now)?;
            let encoding = response.headers().get("content-encoding");
            let encoding = encoding.map(|encoding| encoding.to_str().unwrap().to_owned());
            Some((encoding, response.body().size()))
        };
        let bytes = || at_hand.0.borrow().bytes;
        keep(&cache, "/api/products/a", Form::Identity, 2_000).await;
        keep(&cache, "/api/products/a", Form::Gzip, 2_000).await;
        assert_eq!(ask("/api/products/b", ""), None);
        let mut copied = vec![];
        for _ in 0..3 {
            let whole = ask("/api/products/a", "").unwrap();
            assert_eq!(whole, (None, BodySize::Sized(2_000)));
            let (encoding, size) = ask("/api/products/a", "gzip").unwrap();
            assert_eq!(encoding.as_deref(), Some("gzip"));
            assert!(matches!(size, BodySize::Sized(..100)));
            copied.push(bytes());
        }
        // Not before it is asked for again, and not again after that.
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
    async fn copies_take_no_more_than_so_many_bytes() {
        let cache = Cache::new(&CacheSettings::default(), None, "");
        let (at_hand, now) = (AtHand::default(), Instant::now());
        let ask = |address: &str| {
            let request = TestRequest::with_uri(address).to_request();
            let caching = HeaderValue::from_static("public");
            assert!(at_hand.answer(&request, &cache, &caching, now).is_some());
            at_hand.0.borrow().bytes
        };
        let mut most = 0;
        for number in 0..2 * MOST_BYTES / LONGEST_BODY {
            let address = format!("/api/products/{number}");
            keep(&cache, &address, Form::Identity, LONGEST_BODY).await;
            ask(&address);
            most = ask(&address).max(most);
            assert_eq!(at_hand.0.borrow().bytes % LONGEST_BODY, 0);
        }
        assert!((MOST_BYTES / 2..=MOST_BYTES).contains(&most), "{most}");

        keep(
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
