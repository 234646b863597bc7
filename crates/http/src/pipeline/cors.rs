use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE, OPTIONS");
/// Includes the headers that tracing adds to every call of a page.
const HEADERS: HeaderValue = HeaderValue::from_static(
    "Content-Type, Authorization, If-Match, If-None-Match, Idempotency-Key, X-Request-Id, Cache-Control, traceparent, \
     tracestate, baggage, sentry-trace, UCP-Agent, MCP-Protocol-Version, Mcp-Method, Mcp-Name, Mcp-Session-Id, \
     Last-Event-ID",
);
const EXPOSED: HeaderValue = HeaderValue::from_static(
    "ETag, Location, Link, Retry-After, X-Request-Id, Idempotent-Replayed, RateLimit-Limit, RateLimit-Remaining, \
     RateLimit-Reset",
);
const MAX_AGE: HeaderValue = HeaderValue::from_static("86400");

/// The origins whose pages may call this server (the CORS protocol of the Fetch standard).
#[derive(Debug)]
pub(crate) struct Cors {
    origins: Vec<HeaderValue>,
}

/// The CORS headers of one answer.
#[derive(Debug, Default)]
pub(super) struct Verdict {
    allowed: Option<HeaderValue>,
    is_preflight: bool,
}

impl Cors {
    pub(crate) fn new(origins: &[String]) -> Self {
        let origins = origins
            .iter()
            .filter_map(|origin| HeaderValue::from_str(origin).ok());
        Self {
            origins: origins.collect(),
        }
    }

    /// Decides which CORS headers the answer to a request gets.
    pub(super) fn judge(&self, method: &Method, request: &HeaderMap) -> Verdict {
        let Some(origin) = request.get(header::ORIGIN) else {
            return Verdict::default();
        };
        let allowed = self
            .origins
            .iter()
            .find(|listed| *listed == origin)
            .cloned();
        if allowed.is_none() {
            tracing::debug!(
                ?origin,
                "a page of this origin may not call: CORS_ORIGIN does not name it"
            );
        }
        Verdict {
            allowed,
            is_preflight: *method == Method::OPTIONS
                && request.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD),
        }
    }
}

impl Verdict {
    /// Whether the request is a CORS preflight.
    pub(super) fn is_preflight(&self) -> bool {
        self.is_preflight
    }

    pub(super) fn add_to(&self, response: &mut HeaderMap) {
        // Also if the origin is missing or not allowed: a cache must not reuse that answer for an allowed page.
        vary_by_origin(response);
        let Some(origin) = &self.allowed else { return };
        let mut set = |name: HeaderName, value: HeaderValue| drop(response.insert(name, value));
        set(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        if self.is_preflight {
            set(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
            set(header::ACCESS_CONTROL_ALLOW_HEADERS, HEADERS);
            set(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
        } else {
            set(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        }
    }
}

/// Adds `Origin` to `Vary`.
fn vary_by_origin(response: &mut HeaderMap) {
    let others = response.get(header::VARY).map(HeaderValue::as_bytes);
    let all = match others {
        None => HeaderValue::from_static("Origin"),
        Some(others) if others.ends_with(b"Origin") => return,
        Some(others) => {
            let all = [others, b", Origin"].concat();
            HeaderValue::from_maybe_shared(all).unwrap_or(HeaderValue::from_static("*"))
        }
    };
    response.insert(header::VARY, all);
}
