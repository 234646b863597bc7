//! Idempotency keys (draft-ietf-httpapi-idempotency-key-header-07). A write runs in a unit of work, which is committed
//! together with its answer.

mod fingerprint;

use std::net::IpAddr;
use std::sync::Arc;

use actix_web::body::{BoxBody, to_bytes};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse};
use eggypro_domain::idempotency::{
    CallerKey, CompletionError, IdempotencyKey, RecordedAnswer, RecordedRequest, UnitOfWork,
};
use sha2::{Digest, Sha256};

use self::fingerprint::Fingerprint;
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

/// A write with an idempotency key.
pub(super) struct IdempotentWrite<'a, Write> {
    api: &'a Api,
    key: CallerKey,
    /// Writes the response of a problem.
    write: Write,
    /// Maximum size of a body that the handler has not read, in bytes.
    max_body: usize,
}

/// What is known of a key.
enum Begun {
    New(Arc<dyn UnitOfWork>),
    Recorded(RecordedRequest),
}

impl<'a, Write: Fn(&Problem) -> HttpResponse> IdempotentWrite<'a, Write> {
    pub(super) fn new(
        api: &'a Api,
        request: &ServiceRequest,
        address: IpAddr,
        key: &IdempotencyKey,
        max_body: usize,
        write: Write,
    ) -> Self {
        let extensions = request.extensions();
        let user = extensions.get().and_then(Credentials::user);
        let caller = match user {
            Some(user) => format!("{}:{}", user.role(), user.id()),
            None => format!("address:{address}"),
        };
        let digest = Sha256::new()
            .chain_update(caller)
            .chain_update([0])
            .chain_update(key.as_str());
        Self {
            api,
            key: CallerKey(digest.finalize().into()),
            write,
            max_body,
        }
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
                let answered = self.replay_of(recorded, &fingerprint).await;
                let response = answered.unwrap_or_else(|problem| (self.write)(&problem));
                return Ok(request.into_response(response));
            }
            Err(problem) => return Ok(request.into_response((self.write)(&problem))),
        };
        let response = Arc::clone(&unit).scope(handle(request)).await?;
        let (request, response) = response.into_parts();
        Ok(self.finish(&unit, &fingerprint, request, response).await)
    }

    async fn begin(&self) -> Result<Begun, Problem> {
        if let Some(recorded) = self.api.idempotency.find(&self.key).await? {
            return Ok(Begun::Recorded(recorded));
        }
        let unit = self.api.idempotency.begin(self.key);
        unit.map(Begun::New).ok_or_else(in_flight)
    }

    /// Commits the writes of a handler with its answer, or undoes them.
    async fn finish(
        &self,
        unit: &Arc<dyn UnitOfWork>,
        fingerprint: &Fingerprint,
        request: HttpRequest,
        response: HttpResponse,
    ) -> ServiceResponse {
        if !is_recorded(response.status()) {
            let response = match unit.abandon().await {
                true => (self.write)(&in_flight()),
                false => response,
            };
            return ServiceResponse::new(request, response);
        }
        let committed = self.commit(unit, fingerprint, response).await;
        let response = committed.unwrap_or_else(|problem| (self.write)(&problem));
        ServiceResponse::new(request, response)
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
            fingerprint: fingerprint.finish(self.max_body).await?,
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
                self.replay_of(recorded.ok_or_else(in_flight)?, fingerprint)
                    .await
            }
            Err(CompletionError::Store(error)) => Err(error.into()),
        }
    }

    /// The recorded answer, if the request is a repetition.
    async fn replay_of(
        &self,
        recorded: RecordedRequest,
        fingerprint: &Fingerprint,
    ) -> Result<HttpResponse, Problem> {
        if recorded.fingerprint != fingerprint.finish(self.max_body).await? {
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
            let detail = "The first answer was kept under an admin secret that is not valid any more. Nothing was \
                          written again. Read what you wrote.";
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

/// Whether an answer is kept. A request that was refused before it began, or that failed here, can be sent again with
/// the same key.
fn is_recorded(status: StatusCode) -> bool {
    status.is_success()
        || [
            StatusCode::NOT_FOUND,
            StatusCode::CONFLICT,
            StatusCode::GONE,
            StatusCode::PRECONDITION_FAILED,
        ]
        .contains(&status)
}

/// The header fields that are text, which all are that handlers write.
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
