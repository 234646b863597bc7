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
mod tests;
