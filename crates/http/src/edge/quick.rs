use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;

use actix_http::{Request, Response};
use actix_web::HttpMessage;
use actix_web::body::BoxBody;
use actix_web::http::Method;
use actix_web::http::header;
use eggypro_cache::Key;
use eggypro_ratelimit::Client;
use foldhash::quality::RandomState;

use super::{Edge, limits};
use crate::connection::Handling;
use crate::document::is_private;
use crate::{answers, categories, products, reviews};

impl Edge {
    /// The answer to a request that can be given at once: a page from memory, to a client that is counted in memory and
    /// has requests left. It bears all that an answer of a handler bears, and none of what that costs: the look for the
    /// handler alone takes longer than this.
    pub(crate) fn answer_at_once(&self, request: &Request) -> Option<Response<BoxBody>> {
        if request.method() != Method::GET || is_private(request) || !self.rates.are_simple() {
            return None;
        }
        limits::check(request.uri(), request.headers(), &self.limits).ok()?;
        let (mut response, endpoint) = self.kept_for(request)?;
        let stamp = self.stamp(request.method(), request.headers(), request.path());
        let headers = request.headers();
        let beginning = self.beginning(
            request.method(),
            headers,
            headers.get(header::USER_AGENT),
            request.peer_addr(),
            Cow::Borrowed(endpoint),
        );
        let _handling = Handling::begin(request.conn_data());
        let client = Client::at(beginning.address);
        let agent = beginning.agent_bytes();
        let decision = self.rates.spend_at_once(client, agent, beginning.at)?;
        stamp.decision.set(Some(decision));
        match stamp.refusal_of_excess() {
            Some(refusal) => response = refusal.into(),
            None => stamp.put_on_new(response.status(), response.headers_mut()),
        }
        if let Some(recorder) = &self.api.recorder {
            beginning.end(response.status(), recorder.as_ref());
        }
        Some(response)
    }

    /// The answer that is kept for an address, and the pattern of its route.
    fn kept_for(&self, request: &Request) -> Option<(Response<BoxBody>, &'static str)> {
        let find = |(key, endpoint): &Target| {
            let found = answers::remembered(request, &self.api.cache, key, &self.caching.0)?;
            Some((found, *endpoint))
        };
        let address = request.uri().path_and_query()?;
        KNOWN.with_borrow_mut(|known| {
            if let Some(target) = known.get(address.as_str()) {
                return find(target);
            }
            let target = target_of(address.path(), address.query().unwrap_or_default())?;
            let found = find(&target)?;
            remember(known, address.as_str(), target);
            Some(found)
        })
    }
}

/// The key of an answer, and the pattern of its route.
type Target = (Key, &'static str);

/// What addresses ask for.
type Known = HashMap<Box<str>, Target, RandomState>;

/// How many addresses a thread remembers.
const MOST_KNOWN: usize = 512;

/// How long an address is that is remembered, in bytes.
const LONGEST_KNOWN: usize = 256;

thread_local! {
    /// What was read of addresses that were answered at once. To read one with parameters takes half as long as all the
    /// rest of such an answer.
    static KNOWN: RefCell<Known> = RefCell::default();
}

fn remember(known: &mut Known, address: &str, target: Target) {
    if address.len() > LONGEST_KNOWN {
        return;
    }
    // Who asks for ever other pages costs the others no more than to read their addresses once in a while.
    if known.len() >= MOST_KNOWN {
        known.clear();
    }
    known.insert(address.into(), target);
}

/// What an address asks for, if its answers are kept.
fn target_of(path: &str, query: &str) -> Option<Target> {
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
        let target = || target_of("/api/products", "limit=7").unwrap();
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
