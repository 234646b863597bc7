use std::cell::Cell;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use eggypro_ratelimit::Decision;

use super::request_id::RequestId;
use super::security_headers::SecurityHeaders;
use super::{cors, rate_limits};
use crate::message::document::is_shared;
use crate::message::problem::Problem;

/// The headers that every answer to a request gets.
pub(super) struct ResponseHeaders<'a> {
    pub(super) id: RequestId,
    pub(super) cors: cors::Verdict,
    pub(super) security: &'a SecurityHeaders,
    pub(super) policy: HeaderValue,
    /// Set when the rate limiter has decided.
    pub(super) decision: Cell<Option<Decision>>,
}

impl ResponseHeaders<'_> {
    /// Puts the headers on an answer. Replaces headers of the same name.
    pub(super) fn put_on(&self, status: StatusCode, response: &mut HeaderMap) {
        self.put(status, response, |response, name, value| {
            response.insert(name, value);
        });
    }

    /// Like [`put_on`](Self::put_on), for an answer that has none of these headers yet. Takes half the time.
    pub(super) fn put_on_new(&self, status: StatusCode, response: &mut HeaderMap) {
        self.put(status, response, HeaderMap::append);
    }

    fn put(
        &self,
        status: StatusCode,
        response: &mut HeaderMap,
        put: impl Fn(&mut HeaderMap, HeaderName, HeaderValue),
    ) {
        let is_shared = is_shared(response);
        self.cors.add_to(response);
        let mut put = |name, value| put(response, name, value);
        if !is_shared {
            put(RequestId::HEADER, self.id.to_header());
        }
        // A 304 leaves the client's stored answer unchanged, so it need not repeat these headers (RFC 9110, 15.4.5).
        if status != StatusCode::NOT_MODIFIED {
            self.security.headers(&self.policy, &mut put);
        }
        if let Some(decision) = self.decision.get()
            && !is_shared
        {
            rate_limits::headers(&decision, &mut put);
        }
    }

    /// Raises `RateLimit-Remaining` by one, after the request was given back.
    pub(super) fn give_back(&self) {
        let decision = self.decision.get();
        self.decision.set(decision.map(|decision| Decision {
            remaining: (decision.remaining + 1).min(decision.limit),
            ..decision
        }));
    }

    /// A 429 if the rate limiter has refused the request.
    pub(super) fn refusal_of_excess(&self) -> Option<HttpResponse> {
        let decision = self.decision.get()?;
        if decision.is_allowed {
            return None;
        }
        let detail = "This client has called too often. Try again later.";
        Some(self.refusal(&rate_limits::too_many(detail, decision.reset)))
    }

    pub(super) fn refusal(&self, problem: &Problem) -> HttpResponse {
        let mut response = problem.to_response(self.id.as_str());
        self.put_on(response.status(), response.headers_mut());
        response
    }
}
