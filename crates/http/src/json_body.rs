use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::web::{Bytes, BytesMut};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;

use crate::fields::Fields;
use crate::problem::Problem;

/// The largest JSON body, in bytes.
const MAX_BODY: usize = 1024 * 1024;

/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(10);

/// A body of JSON that has arrived whole, but was not read yet.
#[derive(Debug)]
pub(crate) struct JsonBody(Bytes);

impl JsonBody {
    /// The members of the object that the body is.
    ///
    /// # Errors
    /// 400 when it is no JSON, 422 when it is no object.
    pub(crate) fn fields(&self) -> Result<Fields<'_>, Problem> {
        Fields::of(&self.0)
    }
}

impl FromRequest for JsonBody {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let checked = check_type(request);
        let payload = payload.take();
        Box::pin(async move {
            checked?;
            let body = tokio::time::timeout(PATIENCE, whole(payload)).await;
            body.unwrap_or_else(|_| {
                let detail = format!(
                    "The body did not arrive within {} seconds.",
                    PATIENCE.as_secs()
                );
                Err(Problem::new(
                    StatusCode::REQUEST_TIMEOUT,
                    "body-too-slow",
                    detail,
                ))
            })
        })
    }
}

fn check_type(request: &HttpRequest) -> Result<(), Problem> {
    let is_json = match request.content_type().trim().to_ascii_lowercase().as_str() {
        "application/json" => true,
        // RFC 7396 names its own type.
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
    if length.is_some_and(|length: usize| length > MAX_BODY) {
        Err(too_large())
    } else {
        Ok(())
    }
}

async fn whole(mut payload: Payload) -> Result<JsonBody, Problem> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| {
            let detail = "The body ended before it was complete.";
            Problem::new(StatusCode::BAD_REQUEST, "incomplete-body", detail)
        })?;
        if body.len() + chunk.len() > MAX_BODY {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(JsonBody(body.freeze()))
}

fn too_large() -> Problem {
    let detail = format!("The body is larger than {MAX_BODY} bytes.");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large", detail)
}
