//! `/ucp/mcp`: the catalog over the Model Context Protocol (MCP), by streamable HTTP without sessions.
//!
//! Source: <https://ucp.dev/2026-04-08/specification/catalog/mcp>
//!
//! The SDK of MCP reads and writes the messages, [`Catalog`] answers them. Every request is answered by one JSON
//! document, since no tool sends progress, so that any server can answer it.

mod arguments;
mod catalog;
mod outcome;

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use http_body_util::{BodyExt, Full};
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService};

use self::catalog::Catalog;
use self::outcome::Outcome;
use super::request::Body;
use crate::message::document::{Document, JSON};
use crate::message::problem::Problem;
use crate::state::Api;

/// Answers a message of a client.
pub(crate) async fn serve(
    request: HttpRequest,
    api: web::Data<Api>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let outcome = Outcome::default();
    let catalog = Catalog::new(api.into_inner(), outcome.clone());
    let service = StreamableHttpService::new(
        move || Ok(catalog.clone()),
        Arc::new(NeverSessionManager::default()),
        settings(),
    );
    let answer = service.handle(message(&request, body)?).await;
    let (head, body) = answer.into_parts();
    let Ok(body) = body.collect().await;
    let (status, body) = (head.status.as_u16(), body.to_bytes());
    let status = StatusCode::from_u16(status)
        .map_err(|_| Problem::unexpected("the SDK answers with an invalid status"))?;
    if let Some(failure) = outcome.take() {
        return Ok(failure.respond(body));
    }
    let is_json = head
        .headers
        .get("content-type")
        .is_some_and(|of| of == JSON);
    if !is_json && !status.is_success() {
        return Err(refused(status, &body));
    }
    let response = HttpResponse::build(status).finish();
    if body.is_empty() {
        return Ok(response);
    }
    let response = Document::new(body, JSON).respond_to_write(response, &request);
    Ok(outcome::finished(response.await?))
}

/// Anyone may call from anywhere, since the catalog is public and a call changes nothing. So the origin and the host
/// need no check here.
fn settings() -> StreamableHttpServerConfig {
    StreamableHttpServerConfig::default()
        .disable_allowed_hosts()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_max_request_body_bytes(usize::MAX)
}

/// The request in the types of the SDK.
fn message(request: &HttpRequest, body: Body) -> Result<http::Request<Full<Bytes>>, Problem> {
    let mut message = http::Request::post("/");
    for (name, value) in request.headers() {
        // Credentials are of no use to the catalog.
        if name != "authorization" && name != "cookie" {
            message = message.header(name.as_str(), value.as_bytes());
        }
    }
    let message = message.body(Full::new(body.into_bytes()));
    message.map_err(|error| Problem::unexpected(error.to_string()))
}

/// A request that is no message of the protocol.
fn refused(status: StatusCode, reason: &[u8]) -> Problem {
    // The SDK's status for a body that it can't parse. The type of the body has been checked before.
    if status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
        let detail = "The body must be a message of JSON-RPC 2.0 that MCP knows.";
        return Problem::new(StatusCode::BAD_REQUEST, "malformed-message", detail);
    }
    let detail = String::from_utf8_lossy(reason).into_owned();
    Problem::new(status, "refused-message", detail)
}
