use std::cell::Cell;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use eggypro_ratelimit::Decision;

use super::request_id::RequestId;
use super::security::SecurityHeaders;
use super::{cors, rates};
use crate::document::is_shared;
use crate::problem::Problem;

/// What every answer to a request carries.
pub(super) struct Stamp<'a> {
    pub(super) id: RequestId,
    pub(super) cors: cors::Verdict,
    pub(super) security: &'a SecurityHeaders,
    pub(super) is_page: bool,
    /// Once that is known.
    pub(super) decision: Cell<Option<Decision>>,
}

impl Stamp<'_> {
    /// Puts it on an answer of a handler, in place of what that may have said itself.
    pub(super) fn put_on(&self, status: StatusCode, response: &mut HeaderMap) {
        self.put(status, response, |response, name, value| {
            response.insert(name, value);
        });
    }

    /// The same for an answer that bears nothing of it yet, which takes half the time.
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
        // A 304 leaves what its receiver keeps as it is, and need not say again how to treat that (RFC 9110, 15.4.5).
        if status != StatusCode::NOT_MODIFIED {
            self.security.headers(self.is_page, &mut put);
        }
        if let Some(decision) = self.decision.get()
            && !is_shared
        {
            rates::headers(&decision, &mut put);
        }
    }

    /// Tells the client that this request has cost it nothing.
    pub(super) fn give_back(&self) {
        let decision = self.decision.get();
        self.decision.set(decision.map(|decision| Decision {
            remaining: (decision.remaining + 1).min(decision.limit),
            ..decision
        }));
    }

    /// The answer to a client that has nothing left.
    pub(super) fn refusal_of_excess(&self) -> Option<HttpResponse> {
        let decision = self.decision.get()?;
        if decision.is_allowed {
            return None;
        }
        let detail = "This client has called too often. Try again later.";
        Some(self.refusal(&rates::too_many(detail, decision.reset)))
    }

    pub(super) fn refusal(&self, problem: &Problem) -> HttpResponse {
        let mut response = problem.to_response(self.id.as_str());
        self.put_on(response.status(), response.headers_mut());
        response
    }
}
