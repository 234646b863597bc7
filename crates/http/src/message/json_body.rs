use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::web::{Bytes, BytesMut, Data};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;

use crate::message::fields::Fields;
use crate::message::problem::Problem;
use crate::settings::HttpLimits;

/// A complete JSON body that is not parsed yet. Its maximum size is `MAX_BYTES` or the limit in [`HttpLimits`],
/// whichever is less.
#[derive(Debug)]
pub(crate) struct JsonBody<const MAX_BYTES: usize = { usize::MAX }>(Bytes);

impl<const MAX_BYTES: usize> JsonBody<MAX_BYTES> {
    /// Reads the JSON object of the body.
    ///
    /// # Errors
    /// 400 if the body is not JSON, 422 if it is not an object.
    pub(crate) fn fields(&self) -> Result<Fields<'_>, Problem> {
        Fields::of(&self.0)
    }

    /// The bytes of the body.
    pub(crate) fn into_bytes(self) -> Bytes {
        self.0
    }

    /// Reads the body as another protocol defines it, which has errors of its own.
    ///
    /// # Errors
    /// If the body is not JSON, or no `T`.
    pub(crate) fn parse<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        serde_json::from_slice(&self.0)
    }
}

/// A complete JSON body of several writes, of at most 5 MiB.
#[derive(Debug)]
pub(crate) struct LargeJsonBody(Bytes);

impl LargeJsonBody {
    /// The maximum size in bytes.
    const MAX_BYTES: usize = 5 * 1024 * 1024;

    /// Reads the JSON object of the body.
    ///
    /// # Errors
    /// 400 if the body is not JSON, 422 if it is not an object.
    pub(crate) fn fields(&self) -> Result<Fields<'_>, Problem> {
        Fields::of(&self.0)
    }
}

impl FromRequest for LargeJsonBody {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let limits = Limits::of(request);
        let body = read(
            request,
            payload,
            limits.bytes.max(Self::MAX_BYTES),
            limits.time,
        );
        Box::pin(async move { body.await.map(Self) })
    }
}

/// The limits of bodies.
struct Limits {
    bytes: usize,
    time: Duration,
}

impl Limits {
    fn of(request: &HttpRequest) -> Self {
        let limits = request.app_data::<Data<HttpLimits>>();
        let limits = limits.map_or_else(HttpLimits::default, |limits| HttpLimits::clone(limits));
        Self {
            bytes: limits.body_bytes,
            time: limits.body_time,
        }
    }
}

impl<const MAX_BYTES: usize> FromRequest for JsonBody<MAX_BYTES> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let limits = Limits::of(request);
        let body = read(request, payload, limits.bytes.min(MAX_BYTES), limits.time);
        Box::pin(async move { body.await.map(Self) })
    }
}

/// Reads a body of at most `most` bytes, within a time.
fn read(
    request: &HttpRequest,
    payload: &mut Payload,
    most: usize,
    timeout: Duration,
) -> impl Future<Output = Result<Bytes, Problem>> + use<> {
    let checked = check(request, most);
    let payload = payload.take();
    async move {
        checked?;
        let body = tokio::time::timeout(timeout, read_all(payload, most)).await;
        body.unwrap_or_else(|_| {
            let detail = format!("The body did not arrive within {timeout:?}.");
            Err(Problem::new(
                StatusCode::REQUEST_TIMEOUT,
                "body-too-slow",
                detail,
            ))
        })
    }
}

fn check(request: &HttpRequest, most: usize) -> Result<(), Problem> {
    let is_json = match request.content_type().trim().to_ascii_lowercase().as_str() {
        "application/json" => true,
        // The type of merge patches (RFC 7396).
        "application/merge-patch+json" => request.method() == "PATCH",
        _ => false,
    };
    if !is_json {
        let detail = "The body must be sent as Content-Type: application/json.";
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported-media-type",
            detail,
        ));
    }
    let length = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse().ok());
    if length.is_some_and(|length: usize| length > most) {
        Err(too_large(most))
    } else {
        Ok(())
    }
}

async fn read_all(mut payload: Payload, most: usize) -> Result<Bytes, Problem> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| {
            let detail = "The body ended before it was complete.";
            Problem::new(StatusCode::BAD_REQUEST, "incomplete-body", detail)
        })?;
        if body.len() + chunk.len() > most {
            return Err(too_large(most));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

fn too_large(most: usize) -> Problem {
    let detail = format!("The body is larger than {most} bytes.");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large", detail)
}
