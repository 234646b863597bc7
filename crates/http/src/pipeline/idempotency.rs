//! Idempotency keys (draft-ietf-httpapi-idempotency-key-header-07). A write runs in a unit of work, which is committed
//! together with its answer.

mod fingerprint;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::{BoxBody, to_bytes};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::{Error, HttpMessage, HttpResponse};
use eggypro_domain::idempotency::{
    CallerKey, CompletionError, IdempotencyKey, RecordedAnswer, RecordedRequest, UnitOfWork,
};
use sha2::{Digest, Sha256};

use self::fingerprint::Fingerprint;
use super::error_body::with_problem;
use super::rate_limits::{Kind, is_open_write};
use crate::message::problem::Problem;
use crate::pipeline::Credentials;
use crate::state::Api;

/// The name of the request header.
const HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// Marks a repeated answer.
pub(super) const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// The idempotency key of a write; `None` if it has none.
///
/// # Errors
/// 400 if the key is malformed or there are several.
pub(super) fn key_of(headers: &HeaderMap) -> Result<Option<IdempotencyKey>, Problem> {
    let mut keys = headers.get_all(HEADER);
    let Some(key) = keys.next() else {
        return Ok(None);
    };
    let is_one = keys.next().is_none();
    let key = key.to_str().ok().filter(|_| is_one);
    let key = key.and_then(|key| key.trim().parse().ok());
    key.map(Some).ok_or_else(|| {
        let detail = "Idempotency-Key is one key of 1 to 255 printable ASCII characters, bare or as a quoted string.";
        Problem::new(StatusCode::BAD_REQUEST, "malformed-header", detail)
    })
}

/// How long the rest of a body may take after the handler has answered. Its transaction is open meanwhile.
const REST_OF_BODY: Duration = Duration::from_secs(1);

/// A write with an idempotency key.
pub(super) struct IdempotentWrite<'a, Write> {
    api: &'a Api,
    key: CallerKey,
    has_credentials: bool,
    /// How long the body of a repetition may take.
    body_time: Duration,
    /// Writes the response of a problem.
    write: Write,
}

/// The state of a key.
enum Begun {
    New(Arc<dyn UnitOfWork>),
    Recorded(RecordedRequest),
}

impl<'a, Write: Fn(&Problem) -> HttpResponse> IdempotentWrite<'a, Write> {
    /// A write of this request. `None` if its caller's keys are not kept: they would cost strangers nothing.
    pub(super) fn of(
        api: &'a Api,
        request: &ServiceRequest,
        address: IpAddr,
        key: &IdempotencyKey,
        body_time: Duration,
        write: Write,
    ) -> Option<Self> {
        let extensions = request.extensions();
        let user = extensions.get().and_then(Credentials::user);
        let caller = match user {
            Some(user) if Kind::of(request.path()) == Kind::Standard => {
                format!("{}:{}", user.role(), user.original_id())
            }
            None if is_open_write(request) => format!("address:{address}"),
            _ => return None,
        };
        let digest = Sha256::new()
            .chain_update(caller)
            .chain_update([0])
            .chain_update(key.as_str());
        Some(Self {
            api,
            key: CallerKey(digest.finalize().into()),
            has_credentials: user.is_some(),
            body_time,
            write,
        })
    }

    /// Answers a request: with the first answer if it is a repetition, else by its handler.
    pub(super) async fn answer(
        &self,
        mut request: ServiceRequest,
        handle: impl AsyncFnOnce(ServiceRequest) -> Result<ServiceResponse, Error>,
    ) -> Result<ServiceResponse, Error> {
        // All repetitions get the same bytes, whatever encodings they accept.
        request.headers_mut().remove(header::ACCEPT_ENCODING);
        let fingerprint = Fingerprint::of(&mut request);
        let unit = match self.begin().await {
            Ok(Begun::New(unit)) => unit,
            Ok(Begun::Recorded(recorded)) => {
                let answered = self.replay_of(recorded, &fingerprint, self.body_time).await;
                let response = answered.unwrap_or_else(|problem| (self.write)(&problem));
                return Ok(request.into_response(response));
            }
            Err(problem) => return Ok(request.into_response((self.write)(&problem))),
        };
        let response = Arc::clone(&unit).scope(handle(request)).await?;
        // Its writes were refused, whatever the handler made of it.
        if unit.is_in_flight() {
            let (request, _) = response.into_parts();
            return Ok(ServiceResponse::new(request, (self.write)(&in_flight())));
        }
        let (request, response) = with_problem(response, &self.write).into_parts();
        let finished = self.finish(&unit, &fingerprint, response).await;
        let response = finished.unwrap_or_else(|problem| (self.write)(&problem));
        Ok(ServiceResponse::new(request, response))
    }

    async fn begin(&self) -> Result<Begun, Problem> {
        let unit = self.api.idempotency.begin(self.key);
        let unit = unit.ok_or_else(in_flight)?;
        Ok(match self.api.idempotency.find(&self.key).await? {
            Some(recorded) => Begun::Recorded(recorded),
            None => Begun::New(unit),
        })
    }

    /// Commits the writes of a handler with its answer, or undoes them.
    async fn finish(
        &self,
        unit: &Arc<dyn UnitOfWork>,
        fingerprint: &Fingerprint,
        response: HttpResponse,
    ) -> Result<HttpResponse, Problem> {
        if self.is_recorded(response.status()) {
            return self.commit(unit, fingerprint, response).await;
        }
        unit.abandon().await;
        // The first request may have been answered meanwhile by another server.
        match self.api.idempotency.find(&self.key).await {
            Ok(Some(recorded)) => self.replay_of(recorded, fingerprint, REST_OF_BODY).await,
            _ => Ok(response),
        }
    }

    /// Whether an answer is kept. A request that was refused before it began, or that failed here, can be sent again with
    /// the same key. Of callers without credentials only what they wrote is kept.
    fn is_recorded(&self, status: StatusCode) -> bool {
        let refused_by_data = [
            StatusCode::NOT_FOUND,
            StatusCode::CONFLICT,
            StatusCode::GONE,
            StatusCode::PRECONDITION_FAILED,
        ];
        status.is_success() || self.has_credentials && refused_by_data.contains(&status)
    }

    async fn commit(
        &self,
        unit: &Arc<dyn UnitOfWork>,
        fingerprint: &Fingerprint,
        response: HttpResponse,
    ) -> Result<HttpResponse, Problem> {
        let (response, body) = response.into_parts();
        let body = to_bytes(body)
            .await
            .map_err(|error| Problem::unexpected(error.to_string()))?;
        let sealed = self.api.admin.seal(&self.key.0, &body);
        let sealed = sealed.map_err(|error| Problem::unexpected(error.to_string()))?;
        let recorded = RecordedRequest {
            fingerprint: fingerprint.finish(REST_OF_BODY).await?,
            answer: RecordedAnswer {
                status: response.status().as_u16(),
                headers: texts(response.headers()),
                body: sealed,
            },
        };
        match unit.complete(recorded).await {
            Ok(()) => {
                unit.take_deferred().into_iter().for_each(|task| {
                    actix_web::rt::spawn(task);
                });
                Ok(response.set_body(BoxBody::new(body)))
            }
            Err(CompletionError::InFlight) => Err(in_flight()),
            Err(CompletionError::Recorded) => {
                let recorded = self.api.idempotency.find(&self.key).await?;
                let recorded = recorded.ok_or_else(in_flight)?;
                self.replay_of(recorded, fingerprint, REST_OF_BODY).await
            }
            Err(CompletionError::Store(error)) => Err(error.into()),
        }
    }

    /// The recorded answer, if the request is a repetition.
    async fn replay_of(
        &self,
        recorded: RecordedRequest,
        fingerprint: &Fingerprint,
        time: Duration,
    ) -> Result<HttpResponse, Problem> {
        if recorded.fingerprint != fingerprint.finish(time).await? {
            let detail = "The Idempotency-Key was used for another request: its method, address or body differs.";
            return Err(Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "idempotency-key-reused",
                detail,
            ));
        }
        let RecordedAnswer {
            status,
            headers,
            body,
        } = recorded.answer;
        let body = self.api.admin.open(&self.key.0, &body).map_err(|_| {
            let detail = "The request was made, but its answer was kept under an admin secret that is not valid any more. \
                          Nothing was written again.";
            Problem::new(StatusCode::CONFLICT, "idempotent-answer-lost", detail)
        })?;
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
        let mut response = HttpResponse::build(status);
        for (name, value) in headers {
            response.append_header((name, value));
        }
        response.insert_header((REPLAYED, HeaderValue::from_static("true")));
        Ok(response.body(body))
    }
}

/// The header fields as text. Handlers write no others.
fn texts(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
        .collect()
}

fn in_flight() -> Problem {
    let detail = "A request with this Idempotency-Key is being processed.";
    Problem::new(StatusCode::CONFLICT, "idempotency-in-flight", detail)
        .with_header(header::RETRY_AFTER, HeaderValue::from_static("1"))
}
