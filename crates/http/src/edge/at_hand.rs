use std::cell::RefCell;
use std::collections::HashMap;
use std::time::Instant;

use actix_http::{Request, Response};
use actix_web::body::BoxBody;
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

/// How long a body is of which a worker has a copy, in bytes.
const LONGEST_BODY: usize = 20 * 1024;

/// What one worker has at hand of the answers that it gave last: to read an address and to look for its answer in what
/// all workers share takes longer than all the rest of a quick answer.
#[derive(Debug, Default)]
pub(crate) struct AtHand(RefCell<Known>);

type Known = HashMap<Box<str>, Target, RandomState>;

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
        let mut known = self.0.borrow_mut();
        if let Some(target) = known.get_mut(address.as_str()) {
            return target.answer(request, cache, caching, now);
        }
        let mut target = Target::of(address.path(), address.query().unwrap_or_default())?;
        let answer = target.answer(request, cache, caching, now)?;
        remember(&mut known, address.as_str(), target);
        Some(answer)
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

    fn answer(
        &mut self,
        request: &Request,
        cache: &Cache,
        caching: &HeaderValue,
        now: Instant,
    ) -> Option<(Response<BoxBody>, &'static str)> {
        let form = Form::accepted_by(request);
        let given = &mut self.answers[form as usize];
        if let Some(answer) = given
            && cache.holds(&self.key, &answer.lease, now)
        {
            let response = answer.representation.respond(request, caching).ok()?;
            return Some((response, self.endpoint));
        }
        *given = None;
        let (packed, lease) = cache.get_leased(&key_in(&self.key, form), now)?;
        let representation = Representation::unpack(packed)?;
        let response = representation.respond(request, caching).ok()?;
        if representation.len() <= LONGEST_BODY {
            *given = Some(Answer {
                representation: representation.copied(),
                lease,
            });
        }
        Some((response, self.endpoint))
    }
}

fn remember(known: &mut Known, address: &str, target: Target) {
    if address.len() > LONGEST_KNOWN {
        return;
    }
    // Who asks for ever other pages costs the others no more than to look for them once in a while.
    if known.len() >= MOST_KNOWN {
        known.clear();
    }
    known.insert(address.into(), target);
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
            remember(&mut known, &address, target());
            assert!(known.len() <= MOST_KNOWN);
            assert!(known.contains_key(address.as_str()));
        }
        remember(&mut known, &"a".repeat(LONGEST_KNOWN + 1), target());
        assert!(known.keys().all(|address| address.len() <= LONGEST_KNOWN));
    }
}
