//! The fast path: answers cached reads before the application looks for a handler.

use std::borrow::Cow;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use actix_http::{ConnectionType, Request, Response};
use actix_service::{Service, ServiceFactory};
use actix_web::body::BoxBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::{Method, StatusCode, header};
use eggypro_domain::metrics::RequestDetail;
use eggypro_ratelimit::Client;
use futures_util::future::{Either, LocalBoxFuture, Ready, TryFutureExt, ready};

use super::connection::Handling;
use super::worker_cache::{CachedRead, WorkerCache};
use super::{Edge, limits};
use crate::message::document::is_private;

/// An application behind the fast path.
#[derive(Debug)]
pub(crate) struct FastPath<A> {
    edge: Arc<Edge>,
    worker_cache: WorkerCache,
    application: A,
}

impl<A> FastPath<A> {
    pub(crate) fn new(edge: Arc<Edge>, cached_read: CachedRead, application: A) -> Self {
        Self {
            edge,
            worker_cache: WorkerCache::new(cached_read),
            application,
        }
    }
}

impl<A> ServiceFactory<Request> for FastPath<A>
where
    A: ServiceFactory<Request, Config = (), Response = ServiceResponse<BoxBody>>,
    A::Future: 'static,
    A::Service: 'static,
    A::InitError: 'static,
{
    type Response = Response<BoxBody>;
    type Error = A::Error;
    type Config = ();
    type Service = FastPath<A::Service>;
    type InitError = A::InitError;
    type Future = LocalBoxFuture<'static, Result<Self::Service, Self::InitError>>;

    fn new_service(&self, (): ()) -> Self::Future {
        let (edge, application) = (Arc::clone(&self.edge), self.application.new_service(()));
        let cached_read = self.worker_cache.cached_read();
        Box::pin(async move { Ok(FastPath::new(edge, cached_read, application.await?)) })
    }
}

type Answer<E> = Result<Response<BoxBody>, E>;

impl<A> Service<Request> for FastPath<A>
where
    A: Service<Request, Response = ServiceResponse<BoxBody>>,
    A::Future: 'static,
{
    type Response = Response<BoxBody>;
    type Error = A::Error;
    // Boxed, since the edge's future has several thousand bytes. Otherwise each connection would reserve them and each
    // answer, even of the fast path, would move them.
    type Future = Either<Ready<Answer<A::Error>>, LocalBoxFuture<'static, Answer<A::Error>>>;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), A::Error>> {
        self.application.poll_ready(context)
    }

    fn call(&self, request: Request) -> Self::Future {
        // The server accepts no upgrades. It can't know in which protocol the client continues, so it closes the
        // connection (RFC 9112, 9.6).
        let closes = request.head().upgrade();
        match self.edge.fast_answer(&request, &self.worker_cache) {
            Some(response) if response.status() == StatusCode::TOO_MANY_REQUESTS => {
                let pause = self.edge.refusal_pause(request.peer_addr());
                Either::Right(Box::pin(async move {
                    tokio::time::sleep(pause).await;
                    Ok(finished(response, closes))
                }))
            }
            Some(response) => Either::Left(ready(Ok(finished(response, closes)))),
            None => {
                let answer = self.application.call(request);
                let answer = answer.map_ok(move |response| finished(response.into(), closes));
                Either::Right(Box::pin(answer))
            }
        }
    }
}

impl Edge {
    /// Answers a public read from memory, without waiting. `None` if the answer is not cached or rate limits are not
    /// counted in memory. A client without requests left gets a 429. The answer has the same headers as a handler's.
    /// Routing alone takes longer than all of this.
    pub(crate) fn fast_answer(
        &self,
        request: &Request,
        worker_cache: &WorkerCache,
    ) -> Option<Response<BoxBody>> {
        let head = request.head();
        if head.method != Method::GET || is_private(request) || !self.rates.are_simple() {
            return None;
        }
        limits::check(&head.uri, &head.headers, &self.limits).ok()?;
        let started = Instant::now();
        let (mut response, endpoint) =
            worker_cache.answer(request, &self.api.cache, &self.caching.0, started)?;
        let response_headers = self.response_headers(head);
        let agent = head.headers.get(header::USER_AGENT);
        let pending = self.pending_record(head, agent, Cow::Borrowed(endpoint), started);
        let _handling = Handling::begin(request.conn_data());
        let client = Client::at(pending.address);
        let agent = pending.agent_bytes();
        let decision = self.rates.try_spend_in_memory(client, agent, pending.at)?;
        response_headers.decision.set(Some(decision));
        match response_headers.refusal_of_excess() {
            Some(refusal) => response = refusal.into(),
            None => {
                if response.status() == StatusCode::NOT_MODIFIED {
                    self.rates.give_back_in_memory(client, agent, pending.at);
                    response_headers.give_back();
                }
                pending.detail.set(RequestDetail::Recorded);
                response_headers.put_on_new(response.status(), response.headers_mut());
            }
        }
        if let Some(recorder) = &self.api.recorder {
            pending.finish(response.status(), recorder.as_ref());
        }
        Some(response)
    }
}

fn finished(mut response: Response<BoxBody>, closes: bool) -> Response<BoxBody> {
    if closes {
        response
            .head_mut()
            .set_connection_type(ConnectionType::Close);
    }
    response
}
