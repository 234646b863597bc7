use std::borrow::Cow;
use std::time::Instant;

use actix_http::{Request, Response};
use actix_web::body::BoxBody;
use actix_web::http::{Method, StatusCode, header};
use eggypro_domain::metrics::RequestDetail;
use eggypro_ratelimit::Client;

use super::{AtHand, Edge, limits};
use crate::connection::Handling;
use crate::document::is_private;

impl Edge {
    /// The answer to a request that can be given at once: a page from memory, to a client that is counted in memory and
    /// has requests left. It bears all that an answer of a handler bears, and none of what that costs: the look for the
    /// handler alone takes longer than this.
    pub(crate) fn answer_at_once(
        &self,
        request: &Request,
        at_hand: &AtHand,
    ) -> Option<Response<BoxBody>> {
        let head = request.head();
        if head.method != Method::GET || is_private(request) || !self.rates.are_simple() {
            return None;
        }
        limits::check(&head.uri, &head.headers, &self.limits).ok()?;
        let started = Instant::now();
        let (mut response, endpoint) =
            at_hand.answer(request, &self.api.cache, &self.caching.0, started)?;
        let stamp = self.stamp(head);
        let agent = head.headers.get(header::USER_AGENT);
        let beginning = self.beginning(head, agent, Cow::Borrowed(endpoint), started);
        let _handling = Handling::begin(request.conn_data());
        let client = Client::at(beginning.address);
        let agent = beginning.agent_bytes();
        let decision = self.rates.spend_at_once(client, agent, beginning.at)?;
        stamp.decision.set(Some(decision));
        match stamp.refusal_of_excess() {
            Some(refusal) => response = refusal.into(),
            None => {
                if response.status() == StatusCode::NOT_MODIFIED {
                    self.rates.give_back_at_once(client, agent, beginning.at);
                    stamp.give_back();
                }
                beginning.detail.set(RequestDetail::Recorded);
                stamp.put_on_new(response.status(), response.headers_mut());
            }
        }
        if let Some(recorder) = &self.api.recorder {
            beginning.end(response.status(), recorder.as_ref());
        }
        Some(response)
    }
}
