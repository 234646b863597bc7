//! What happens to every request before its handler and to every answer after it: one wrap, a module a concern.

mod at_hand;
mod client_address;
mod cors;
mod credentials;
mod error_body;
mod failure_log;
mod limits;
mod quick;
mod rates;
mod record;
mod request_id;
mod security;
mod stamp;
mod unlisted;

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
use actix_web::http::{Method, StatusCode, Uri};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse, ResponseError};
use eggypro_auth::AdminUser;
use eggypro_domain::changes::{Actor, Origin};
use eggypro_domain::keys::KeyId;
use eggypro_domain::metrics::{RequestDetail, RequestRecorder};
use eggypro_domain::{Permission, StoreError};
use eggypro_ratelimit::{Client, Decision};
use futures_util::FutureExt;
use tracing::Instrument;

pub(crate) use self::at_hand::AtHand;
pub(crate) use self::client_address::TrustedProxies;
use self::cors::Cors;
pub(crate) use self::credentials::Credentials;
pub(crate) use self::error_body::Finished;
use self::error_body::{with_problem, words_of};
use self::failure_log::FailureLog;
pub use self::rates::RateLimits;
pub(crate) use self::rates::too_many;
use self::rates::{Kind, Spent};
use self::record::Beginning;
pub(crate) use self::record::refused_head as record_refused_head;
pub(crate) use self::request_id::RequestId;
use self::security::SecurityHeaders;
use self::stamp::Stamp;
use self::unlisted::UnlistedProxies;
use crate::api::{Api, UnexpectedFailure};
use crate::changes::events;
use crate::connection::Handling;
use crate::document::PublicCaching;
use crate::index_check;
use crate::problem::Problem;
use crate::settings::{HttpLimits, HttpSettings};

/// How long a client waits for being told that it calls too often. One that goes on asking as fast as it is answered
/// would keep others waiting behind its requests.
const REFUSAL_PAUSE: Duration = Duration::from_millis(100);

/// What stands around every handler. [`serve`](crate::serve) puts it there; so can a server that has the API's
/// [`routes`](crate::routes) among its own.
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
    /// An edge that knows administrators as the API does, and limits clients like this.
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

    /// Where requests are recorded, if they are.
    pub(crate) fn recorder(&self) -> Option<Arc<dyn RequestRecorder>> {
        self.api.recorder.clone()
    }

    /// Names the request, checks its size, its caller and its rate, runs its handler, gives every answer, errors and
    /// panics included, its headers, and takes a note of it.
    ///
    /// # Errors
    /// With the answer to be sent, where a handler panicked or took too long.
    pub async fn around(
        self: Arc<Self>,
        request: ServiceRequest,
        next: Next<impl MessageBody + 'static>,
    ) -> Result<ServiceResponse<BoxBody>, Error> {
        let agent = request.headers().get(header::USER_AGENT).cloned();
        let endpoint = record::pattern_of(request.match_pattern());
        let beginning = self.beginning(request.head(), agent.as_ref(), endpoint, Instant::now());
        let pause = self.refusal_pause(request.head().peer_addr);
        let result = self.answered(&beginning, request, next).await;
        let status = match &result {
            Ok(response) => response.status(),
            Err(error) => error.as_response_error().status_code(),
        };
        if let Some(recorder) = &self.api.recorder {
            beginning.end(status, recorder.as_ref());
        }
        if status == StatusCode::TOO_MANY_REQUESTS {
            tokio::time::sleep(pause).await;
        }
        result
    }

    /// How long who calls from there waits for being told that it calls too often. A proxy does not: it holds room for
    /// each request, of which its other clients have need.
    pub(crate) fn refusal_pause(&self, peer: Option<SocketAddr>) -> Duration {
        match peer {
            Some(peer) if self.proxies.contains(peer.ip().to_canonical()) => Duration::ZERO,
            _ => REFUSAL_PAUSE,
        }
    }

    /// What is noted of a request before its answer.
    fn beginning<'a>(
        &self,
        head: &RequestHead,
        agent: Option<&'a HeaderValue>,
        endpoint: Cow<'static, str>,
        started: Instant,
    ) -> Beginning<'a> {
        Beginning {
            at: SystemTime::now(),
            started,
            endpoint,
            method: record::name_of(&head.method),
            agent,
            address: self.address(head.peer_addr, &head.headers),
            detail: Cell::new(RequestDetail::Counted),
        }
    }

    /// What [`around`](Self::around) does but for the note.
    async fn answered(
        &self,
        beginning: &Beginning<'_>,
        request: ServiceRequest,
        next: Next<impl MessageBody + 'static>,
    ) -> Result<ServiceResponse<BoxBody>, Error> {
        let _handling = Handling::begin(request.conn_data());
        let stamp = self.stamp(request.head());
        if stamp.cors.is_preflight() {
            let mut response = HttpResponse::NoContent().finish();
            stamp.put_on(response.status(), response.headers_mut());
            return Ok(request.into_response(response));
        }
        if *request.method() == Method::OPTIONS && request.uri().path() == "*" {
            let mut response = HttpResponse::NoContent();
            let mut response = response.insert_header((header::ALLOW, METHODS)).finish();
            stamp.put_on(response.status(), response.headers_mut());
            return Ok(request.into_response(response));
        }
        let span = tracing::info_span!("request", id = stamp.id.as_str(), method = %request.method(), path = request.path());
        let time = self.time_for(&request);
        let answer = self.answer(&stamp, beginning, request, next);
        let answer = AssertUnwindSafe(answer.instrument(span));
        // Where this is given up, the request goes with it, so the answer travels as an error that brings its own
        // response.
        let given_up = |problem: Problem| {
            self.report(&problem, &stamp.id, beginning);
            let mut response = stamp.refusal(&problem);
            // Nobody reads the rest of the request, and an upgrade would not be taken up.
            response
                .head_mut()
                .set_connection_type(ConnectionType::Close);
            Err(InternalError::from_response("the request was given up", response).into())
        };
        match tokio::time::timeout(time, answer.catch_unwind()).await {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => given_up(Problem::unexpected(words_of(panic.as_ref()))),
            Err(_) => given_up(StoreError::Unavailable("a handler took too long".into()).into()),
        }
    }

    /// How long a request may take. One with files waits for room, arrives, is stored, and is taken back perhaps; one for
    /// events waits for them, and a check of the index reads all products.
    fn time_for(&self, request: &ServiceRequest) -> Duration {
        if request.path() == events::PATH {
            return self.limits.request_time + events::LONGEST_WAIT;
        }
        if request.path() == index_check::PATH {
            return index_check::TIME;
        }
        let content_type = request.content_type().to_ascii_lowercase();
        if content_type.starts_with("multipart/") {
            self.limits.request_time * 3 + self.limits.upload_time
        } else {
            self.limits.request_time
        }
    }

    fn stamp(&self, head: &RequestHead) -> Stamp<'_> {
        Stamp {
            id: RequestId::of(&head.headers),
            cors: self.cors.judge(&head.method, &head.headers),
            security: &self.security,
            is_page: SecurityHeaders::is_page(head.uri.path()),
            decision: Cell::default(),
        }
    }

    /// Where who calls is, whatever they say of themselves.
    fn address(&self, peer: Option<SocketAddr>, headers: &HeaderMap) -> IpAddr {
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
        let client = self.proxies.client(peer, headers);
        if client == peer.to_canonical() && !self.proxies.contains(client) {
            self.unlisted.notice(client, headers);
        }
        client
    }

    /// Gives a failure its line in the log if it is ours to mend, and tells who tracks what nobody expected.
    fn report(&self, problem: &Problem, id: &RequestId, beginning: &Beginning<'_>) {
        let status = problem.status_code();
        // That a server which stops is not ready is no failure.
        let is_leaving = self.api.stopping.has_begun() && beginning.endpoint == "/api/health/ready";
        if !status.is_server_error() || is_leaving {
            return;
        }
        let cause = problem.cause().unwrap_or("unknown");
        let route = &beginning.endpoint;
        let count = match status {
            StatusCode::SERVICE_UNAVAILABLE => self.outages.count("", Instant::now()),
            // Of each route, since those are faults of their own.
            _ => self.faults.count(route, Instant::now()),
        };
        if let Some(count) = count {
            tracing::error!(request_id = id.as_str(), %route, %problem, cause, count, "requests fail");
        }
        if status == StatusCode::INTERNAL_SERVER_ERROR
            && let Some(tracker) = &self.api.tracker
        {
            tracker.track(UnexpectedFailure {
                endpoint: &beginning.endpoint,
                method: beginning.method,
                request_id: id.as_str(),
                user_agent: beginning.user_agent().as_deref(),
                address: beginning.address,
                cause,
            });
        }
    }

    /// Checks a request, counts it and runs its handler.
    async fn answer(
        &self,
        stamp: &Stamp<'_>,
        beginning: &Beginning<'_>,
        request: ServiceRequest,
        next: Next<impl MessageBody + 'static>,
    ) -> Result<ServiceResponse<BoxBody>, Error> {
        if let Err(problem) = limits::check(request.uri(), request.headers(), &self.limits) {
            return Ok(request.into_response(stamp.refusal(&problem)));
        }
        let (spent, decision) = self.count(&request, beginning).await;
        stamp.decision.set(decision);
        if let Some(refusal) = stamp.refusal_of_excess() {
            return Ok(request.into_response(refusal));
        }
        if let Some(mut response) = without_slash(request.uri()) {
            stamp.put_on(response.status(), response.headers_mut());
            return Ok(request.into_response(response));
        }
        let write = if spent.is_some() && rates::is_open_write(&request) {
            match self.rates.spend_global().await {
                Ok(write) => Some(write),
                Err(problem) => {
                    if let Some(count) = self.floods.count("", Instant::now()) {
                        tracing::warn!(count, "clients without credentials write too much");
                    }
                    return Ok(request.into_response(stamp.refusal(&problem)));
                }
            }
        } else {
            None
        };
        // Without a decision it came from an administrator, or it is of those that nothing limits.
        if decision.is_some() || Kind::of(request.path()) == Kind::Standard {
            beginning.detail.set(RequestDetail::Recorded);
        }
        let response = if request.method().is_safe() {
            next.call(request).await
        } else {
            let origin = origin_of(&request, &stamp.id);
            origin.scope(next.call(request)).await
        };
        let response = response?.map_into_boxed_body();
        let mut response = with_problem(response, |problem| {
            self.report(problem, &stamp.id, beginning);
            problem.to_response(stamp.id.as_str())
        });
        if response.status() == StatusCode::NOT_MODIFIED && spent.is_some() {
            stamp.give_back();
        }
        stamp.put_on(response.status(), response.headers_mut());
        if let Some(spent) = spent {
            self.rates.settle(spent, response.status()).await;
        }
        if let Some(write) = write
            && response.status() != StatusCode::CREATED
        {
            self.rates.give_back_global(write).await;
        }
        Ok(response)
    }

    /// Counts a request by the policies of its kind: what it has spent of the standard one, and what is decided.
    async fn count<'a>(
        &self,
        request: &ServiceRequest,
        beginning: &Beginning<'a>,
    ) -> (Option<Spent<'a>>, Option<Decision>) {
        let client = Client::at(beginning.address);
        match Kind::of(request.path()) {
            Kind::Free => (None, None),
            Kind::Document => (None, Some(self.rates.spend_document(client).await)),
            Kind::Open => (None, Some(self.rates.spend_open(client).await)),
            Kind::Standard => {
                let caller = self.admit(request, beginning).await;
                let mut decision = match &caller {
                    Caller::Stranger(spent) => Some(spent.decision),
                    Caller::Key { decision, .. } => Some(*decision),
                    Caller::Admin => None,
                };
                let writes = rates::is_open_write(request);
                if writes && decision.is_some_and(|decision| decision.is_allowed) {
                    match &caller {
                        Caller::Key {
                            front_end: Some(id),
                            ..
                        } => {
                            let shopper = self.shopper(request, beginning, id);
                            decision = Some(self.rates.spend_strict(shopper).await);
                        }
                        Caller::Stranger(_) => {
                            decision = Some(self.rates.spend_strict(client).await);
                        }
                        _ => {}
                    }
                }
                match caller {
                    Caller::Stranger(spent) => (Some(spent), decision),
                    _ => (None, decision),
                }
            }
        }
    }

    /// For whom a front end calls: whom it names, if it is trusted to name anybody, else itself.
    fn shopper<'a>(
        &self,
        request: &ServiceRequest,
        beginning: &Beginning<'_>,
        key: &'a KeyId,
    ) -> Client<'a> {
        let peer = request
            .head()
            .peer_addr
            .map(|peer| peer.ip().to_canonical());
        if peer == Some(beginning.address) {
            Client::all().with_agent(key.as_str().as_bytes())
        } else {
            Client::at(beginning.address)
        }
    }

    /// Finds out who calls, for the handlers, and counts the call; holders of the secret are not counted, keys each for
    /// itself.
    async fn admit<'a>(&self, request: &ServiceRequest, beginning: &Beginning<'a>) -> Caller<'a> {
        let client = Client::at(beginning.address);
        let credentials = Credentials::of(request, &self.api, &self.rates, client).await;
        let caller = match credentials.user() {
            Some(user) => match user.key() {
                Some(key) => Caller::Key {
                    decision: self.rates.spend_key(key, beginning.at).await,
                    front_end: (!user.may(Permission::ReviewsModerate)).then(|| key.clone()),
                },
                None => Caller::Admin,
            },
            None => {
                let agent = beginning.agent_bytes();
                Caller::Stranger(self.rates.spend(client, agent, beginning.at).await)
            }
        };
        if !matches!(credentials, Credentials::None) {
            request.extensions_mut().insert(credentials);
        }
        caller
    }
}

/// Who calls, as far as it is counted.
enum Caller<'a> {
    /// Nobody that is known.
    Stranger(Spent<'a>),
    /// Who holds an API key.
    Key {
        decision: Decision,
        /// Which, where it writes reviews for others.
        front_end: Option<KeyId>,
    },
    /// Who holds the admin secret.
    Admin,
}

/// Where what a request writes comes from.
fn origin_of(request: &ServiceRequest, id: &RequestId) -> Arc<Origin> {
    let extensions = request.extensions();
    let user = extensions.get().and_then(Credentials::user);
    let mut origin = Origin::of(user.map_or_else(Actor::customer, AdminUser::actor));
    origin.request_id = Some(id.as_str().to_owned());
    Arc::new(origin)
}

/// The address without the slash at its end, of one that has one. Not of what a browser would take for another host.
fn without_slash(address: &Uri) -> Option<HttpResponse> {
    let path = address.path().strip_suffix('/')?.trim_end_matches('/');
    let first = path.strip_prefix('/')?.chars().next()?;
    if !first.is_ascii_alphanumeric() {
        return None;
    }
    let query = address.query();
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    let response = HttpResponse::PermanentRedirect()
        .insert_header((header::LOCATION, format!("{path}{query}")))
        .finish();
    Some(response)
}

/// What the server as a whole can do, which `OPTIONS *` asks (RFC 9110, 9.3.7).
const METHODS: HeaderValue =
    HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");

#[cfg(test)]
mod tests;
