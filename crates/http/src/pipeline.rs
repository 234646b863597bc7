//! The edge: everything that happens to a request before its handler and to the answer after it. It is one middleware
//! with a module for each concern.

mod admission;
mod client_address;
pub(crate) mod connection;
mod cors;
mod credentials;
mod error_body;
mod failure_log;
pub(crate) mod fast_path;
mod idempotency;
mod limits;
pub(crate) mod permissions;
mod rate_limits;
mod request_id;
mod request_log;
mod response_headers;
mod security_headers;
mod trailing_slash;
mod unlisted_proxies;
mod worker_cache;

use std::borrow::Cow;
use std::cell::Cell;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use actix_http::ConnectionType;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{RequestHead, ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse, ResponseError};
use eggypro_auth::AdminUser;
use eggypro_domain::StoreError;
use eggypro_domain::changes::{Actor, Origin};
use eggypro_domain::metrics::{RequestDetail, RequestRecorder};
use futures_util::FutureExt;
use tracing::Instrument;

pub(crate) use self::client_address::TrustedProxies;
use self::cors::Cors;
pub(crate) use self::credentials::Credentials;
use self::error_body::{panic_message, with_problem};
use self::failure_log::FailureLog;
use self::idempotency::IdempotentWrite;
use self::rate_limits::Kind;
pub use self::rate_limits::RateLimits;
pub(crate) use self::rate_limits::too_many;
pub(crate) use self::request_id::RequestId;
use self::request_log::PendingRecord;
pub(crate) use self::request_log::refused_head as record_refused_head;
use self::response_headers::ResponseHeaders;
use self::security_headers::SecurityHeaders;
use self::trailing_slash::without_slash;
use self::unlisted_proxies::UnlistedProxies;
use crate::long_calls;
use crate::message::document::PublicCaching;
use crate::message::problem::Problem;
use crate::pipeline::connection::Handling;
use crate::settings::{HttpLimits, HttpSettings};
use crate::state::{Api, UnexpectedFailure};

/// Delay of a 429. A client that repeats its requests without a pause would otherwise delay the requests of others.
const REFUSAL_PAUSE: Duration = Duration::from_millis(100);

/// The middleware around every handler. [`serve`](crate::serve) adds it. A server that mounts the API's
/// [`routes`](crate::routes) itself must add it too.
#[derive(Debug)]
pub struct Edge {
    api: Api,
    cors: Cors,
    security: SecurityHeaders,
    proxies: TrustedProxies,
    unlisted: UnlistedProxies,
    rates: RateLimits,
    limits: HttpLimits,
    caching: PublicCaching,
    outages: FailureLog,
    faults: FailureLog,
    floods: FailureLog,
}

impl Edge {
    /// Creates an edge that checks credentials by the API's services and applies these rate limits.
    pub fn new(api: Api, rates: RateLimits, settings: &HttpSettings) -> Self {
        Self {
            api,
            cors: Cors::new(&settings.cors_origins),
            security: SecurityHeaders {
                hsts: settings.hsts.clone(),
            },
            proxies: TrustedProxies::new(&settings.trusted_proxies),
            unlisted: UnlistedProxies::default(),
            rates,
            limits: settings.limits.clone(),
            caching: PublicCaching::of(settings),
            outages: FailureLog::default(),
            faults: FailureLog::default(),
            floods: FailureLog::default(),
        }
    }

    /// The recorder of requests; `None` if they are not recorded.
    pub(crate) fn recorder(&self) -> Option<Arc<dyn RequestRecorder>> {
        self.api.recorder.clone()
    }

    /// Handles a request: assigns its id, checks its size, credentials and rate limit, runs its handler, adds the
    /// response headers to the answer, also for errors and panics, and records the request.
    ///
    /// # Errors
    /// If a handler panicked or took too long. The error contains the response.
    pub async fn around(
        self: Arc<Self>,
        request: ServiceRequest,
        next: Next<impl MessageBody + 'static>,
    ) -> Result<ServiceResponse<BoxBody>, Error> {
        let agent = request.headers().get(header::USER_AGENT).cloned();
        let endpoint = request_log::pattern_of(request.match_pattern());
        let pending = self.pending_record(request.head(), agent.as_ref(), endpoint, Instant::now());
        let pause = self.refusal_pause(request.head().peer_addr);
        let result = self.respond(&pending, request, next).await;
        let status = match &result {
            Ok(response) => response.status(),
            Err(error) => error.as_response_error().status_code(),
        };
        if let Some(recorder) = &self.api.recorder {
            pending.finish(status, recorder.as_ref());
        }
        if status == StatusCode::TOO_MANY_REQUESTS {
            tokio::time::sleep(pause).await;
        }
        result
    }

    /// The delay of a 429 to this peer. Zero for a trusted proxy: the delay would block its connections, which other
    /// clients need.
    pub(crate) fn refusal_pause(&self, peer: Option<SocketAddr>) -> Duration {
        match peer {
            Some(peer) if self.proxies.contains(peer.ip().to_canonical()) => Duration::ZERO,
            _ => REFUSAL_PAUSE,
        }
    }

    /// Begins the record of a request.
    fn pending_record<'a>(
        &self,
        head: &RequestHead,
        agent: Option<&'a HeaderValue>,
        endpoint: Cow<'static, str>,
        started: Instant,
    ) -> PendingRecord<'a> {
        PendingRecord {
            at: SystemTime::now(),
            started,
            endpoint,
            method: request_log::name_of(&head.method),
            agent,
            address: self.address(head.peer_addr, &head.headers),
            detail: Cell::new(RequestDetail::Counted),
        }
    }

    /// Answers a request. [`around`](Self::around) then records it and delays a 429.
    async fn respond(
        &self,
        pending: &PendingRecord<'_>,
        request: ServiceRequest,
        next: Next<impl MessageBody + 'static>,
    ) -> Result<ServiceResponse<BoxBody>, Error> {
        let _handling = Handling::begin(request.conn_data());
        let response_headers = self.response_headers(request.head());
        if response_headers.cors.is_preflight() {
            let mut response = HttpResponse::NoContent().finish();
            response_headers.put_on(response.status(), response.headers_mut());
            return Ok(request.into_response(response));
        }
        if *request.method() == Method::OPTIONS && request.uri().path() == "*" {
            let mut response = HttpResponse::NoContent();
            let mut response = response.insert_header((header::ALLOW, METHODS)).finish();
            response_headers.put_on(response.status(), response.headers_mut());
            return Ok(request.into_response(response));
        }
        let span = tracing::info_span!("request", id = response_headers.id.as_str(), method = %request.method(), path = request.path());
        let time = self.time_for(&request);
        let answer = self.answer(&response_headers, pending, request, next);
        let answer = AssertUnwindSafe(answer.instrument(span));
        // The request is dropped together with the future, so the answer has to be an error that contains its response.
        let given_up = |problem: Problem| {
            self.report(&problem, &response_headers.id, pending);
            let mut response = response_headers.refusal(&problem);
            // The rest of the request stays unread, and the server accepts no upgrades.
            response
                .head_mut()
                .set_connection_type(ConnectionType::Close);
            Err(InternalError::from_response("the request was given up", response).into())
        };
        match tokio::time::timeout(time, answer.catch_unwind()).await {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => given_up(Problem::unexpected(panic_message(panic.as_ref()))),
            Err(_) => given_up(StoreError::Unavailable("a handler took too long".into()).into()),
        }
    }

    /// The time limit of a request. An upload waits for memory, arrives, is stored and may have to be removed again. A
    /// request for events waits for them. Checks read all products. The file of an import may be large. The receiver of
    /// a webhook may be slow.
    fn time_for(&self, request: &ServiceRequest) -> Duration {
        if request.path() == long_calls::EVENTS {
            return self.limits.request_time + long_calls::LONGEST_WAIT;
        }
        if [long_calls::CHECK, long_calls::FEED_REPORT].contains(&request.path()) {
            return long_calls::LONGEST_CHECK;
        }
        if request.path() == long_calls::IMPORTS && request.method() == Method::POST {
            return self.limits.request_time + long_calls::LONGEST_UPLOAD;
        }
        if long_calls::is_webhook_test(request.path()) {
            return self.limits.request_time + long_calls::LONGEST_WEBHOOK_TEST;
        }
        let content_type = request.content_type().to_ascii_lowercase();
        if content_type.starts_with("multipart/") {
            self.limits.request_time * 3 + self.limits.upload_time
        } else {
            self.limits.request_time
        }
    }

    fn response_headers(&self, head: &RequestHead) -> ResponseHeaders<'_> {
        ResponseHeaders {
            id: RequestId::of(&head.headers),
            cors: self.cors.judge(&head.method, &head.headers),
            security: &self.security,
            policy: SecurityHeaders::policy(head.uri.path()),
            decision: Cell::default(),
        }
    }

    /// The client's address, as far as trusted proxies report it.
    fn address(&self, peer: Option<SocketAddr>, headers: &HeaderMap) -> IpAddr {
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
        let client = self.proxies.client(peer, headers);
        if client == peer.to_canonical() && !self.proxies.contains(client) {
            self.unlisted.notice(client, headers);
        }
        client
    }

    /// Logs a server error, and reports a 500 to the error tracker.
    fn report(&self, problem: &Problem, id: &RequestId, pending: &PendingRecord<'_>) {
        let status = problem.status_code();
        // A stopping server is not ready, which is not a failure.
        let is_stopping = self.api.stopping.has_begun() && pending.endpoint == "/api/health/ready";
        if !status.is_server_error() || is_stopping {
            return;
        }
        let cause = problem.cause().unwrap_or("unknown");
        let route = &pending.endpoint;
        let count = match status {
            StatusCode::SERVICE_UNAVAILABLE => self.outages.count("", Instant::now()),
            // Counted for each route, since each has its own faults.
            _ => self.faults.count(route, Instant::now()),
        };
        if let Some(count) = count {
            tracing::error!(request_id = id.as_str(), %route, %problem, cause, count, "requests fail");
        }
        if status == StatusCode::INTERNAL_SERVER_ERROR
            && let Some(tracker) = &self.api.tracker
        {
            tracker.track(UnexpectedFailure {
                endpoint: &pending.endpoint,
                method: pending.method,
                request_id: id.as_str(),
                user_agent: pending.user_agent().as_deref(),
                address: pending.address,
                cause,
            });
        }
    }

    /// Checks a request, counts it and runs its handler.
    async fn answer(
        &self,
        response_headers: &ResponseHeaders<'_>,
        pending: &PendingRecord<'_>,
        request: ServiceRequest,
        next: Next<impl MessageBody + 'static>,
    ) -> Result<ServiceResponse<BoxBody>, Error> {
        if let Err(problem) = limits::check(request.uri(), request.headers(), &self.limits) {
            return Ok(request.into_response(response_headers.refusal(&problem)));
        }
        let (spent, decision) = self.count(&request, pending).await;
        response_headers.decision.set(decision);
        if let Some(refusal) = response_headers.refusal_of_excess() {
            return Ok(request.into_response(refusal));
        }
        if let Some(mut response) = without_slash(request.uri()) {
            response_headers.put_on(response.status(), response.headers_mut());
            return Ok(request.into_response(response));
        }
        let write = if spent.is_some() && rate_limits::is_open_write(&request) {
            match self.rates.spend_global().await {
                Ok(write) => Some(write),
                Err(problem) => {
                    if let Some(count) = self.floods.count("", Instant::now()) {
                        tracing::warn!(
                            count,
                            "clients without credentials exceed their shared limit of writes"
                        );
                    }
                    return Ok(request.into_response(response_headers.refusal(&problem)));
                }
            }
        } else {
            None
        };
        // Without a decision, the caller is an administrator or the path has no rate limit.
        if decision.is_some() || Kind::of(request.path()) == Kind::Standard {
            pending.detail.set(RequestDetail::Recorded);
        }
        let mut response = self
            .handle(response_headers, pending, request, next)
            .await?;
        if response.status() == StatusCode::NOT_MODIFIED && spent.is_some() {
            response_headers.give_back();
        }
        response_headers.put_on(response.status(), response.headers_mut());
        if let Some(spent) = spent {
            self.rates.settle(spent, response.status()).await;
        }
        if let Some(write) = write
            && (response.status() != StatusCode::CREATED
                || response.headers().contains_key(idempotency::REPLAYED))
        {
            self.rates.give_back_global(write).await;
        }
        Ok(response)
    }

    /// Runs the handler of a request, at most once for an idempotency key.
    async fn handle(
        &self,
        response_headers: &ResponseHeaders<'_>,
        pending: &PendingRecord<'_>,
        request: ServiceRequest,
        next: Next<impl MessageBody + 'static>,
    ) -> Result<ServiceResponse, Error> {
        let write_problem = |problem: &Problem| {
            self.report(problem, &response_headers.id, pending);
            problem.to_response(response_headers.id.as_str())
        };
        let handle = async |request: ServiceRequest| {
            let response = next.call(request).await?;
            Ok(response.map_into_boxed_body())
        };
        if request.method().is_safe() {
            return Ok(with_problem(handle(request).await?, write_problem));
        }
        let origin = origin_of(&request, &response_headers.id);
        let key = match idempotency::key_of(request.headers()) {
            Ok(key) => key,
            Err(problem) => return Ok(request.into_response(write_problem(&problem))),
        };
        let write = key.and_then(|key| {
            let (address, time) = (pending.address, self.time_for(&request));
            IdempotentWrite::of(&self.api, &request, address, &key, time, write_problem)
        });
        match write {
            Some(write) => origin.scope(write.answer(request, handle)).await,
            None => Ok(with_problem(
                origin.scope(handle(request)).await?,
                write_problem,
            )),
        }
    }
}

/// The origin of a request's writes, for the log of changes.
fn origin_of(request: &ServiceRequest, id: &RequestId) -> Arc<Origin> {
    let extensions = request.extensions();
    let user = extensions.get().and_then(Credentials::user);
    let mut origin = Origin::of(user.map_or_else(Actor::customer, AdminUser::actor));
    origin.request_id = Some(id.as_str().to_owned());
    Arc::new(origin)
}

/// The methods of the whole server, for `OPTIONS *` (RFC 9110, 9.3.7).
const METHODS: HeaderValue =
    HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");

#[cfg(test)]
mod tests;
