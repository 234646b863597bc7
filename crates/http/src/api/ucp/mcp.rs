//! `/ucp/mcp`: the catalog over the Model Context Protocol (MCP), by streamable HTTP without sessions.
//!
//! Source: <https://ucp.dev/2026-04-08/specification/catalog/mcp>
//!
//! The SDK of MCP reads and writes the messages in tasks of its own, and [`Catalog`] passes the calls of tools back to the
//! request's handler. There, a call ends with its request, and a panic is reported. Every request is answered by one JSON
//! document, since no tool sends progress, so that any server can answer it.

mod arguments;
mod catalog;
mod failure;

use std::pin::pin;
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use http_body_util::{BodyExt, Full};
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService};
use tokio::sync::mpsc;

use self::catalog::{Call, Catalog};
use super::answer::Failure;
use crate::message::document::{Document, JSON};
use crate::message::json_body::JsonBody;
use crate::message::problem::Problem;
use crate::state::Api;

/// The body of a request, of at most 32 KiB: the SDK takes longer to parse a body than other calls.
type Body = JsonBody<{ 32 * 1024 }>;

/// Answers a message of a client.
pub(crate) async fn serve(
    request: HttpRequest,
    api: web::Data<Api>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let (calls, called) = mpsc::channel(1);
    let catalog = Catalog::new(&api.storefront.brand, calls);
    let service = StreamableHttpService::new(
        move || Ok(catalog.clone()),
        Arc::new(NeverSessionManager::default()),
        settings(),
    );
    let (answer, problem) = answer(&service, message(&request, body)?, called, &api).await;
    let (head, body) = answer.into_parts();
    let Ok(body) = body.collect().await;
    let body = body.to_bytes();
    if let Some(problem) = problem {
        return Ok(failure::respond(problem, body));
    }
    let status = StatusCode::from_u16(head.status.as_u16())
        .map_err(|_| Problem::unexpected("the SDK answers with an invalid status"))?;
    let is_json = head
        .headers
        .get("content-type")
        .is_some_and(|of| of == JSON);
    if !is_json && !status.is_success() {
        return failure::of_message(status, &body);
    }
    let response = HttpResponse::build(status).finish();
    if body.is_empty() {
        return Ok(response);
    }
    let response = Document::new(body, JSON).respond_to_write(response, &request);
    Ok(failure::finished(response.await?))
}

/// Has the SDK answer a message, and makes the call of a tool that the message asks for. Also returns the problem with
/// which the call failed.
async fn answer(
    service: &StreamableHttpService<Catalog, NeverSessionManager>,
    message: http::Request<Full<Bytes>>,
    mut called: mpsc::Receiver<Call>,
    api: &Api,
) -> (Answer, Option<Problem>) {
    let mut answer = pin!(service.handle(message));
    let mut problem = None;
    loop {
        tokio::select! {
            answer = &mut answer => return (answer, problem),
            Some(call) = called.recv() => {
                let answer = catalog::call(api, call.request).await;
                let answer = answer.map_err(|failure| {
                    let error = failure::to_json_rpc(&failure, &api.storefront);
                    if let Failure::Problem(found) = failure {
                        problem = Some(found);
                    }
                    error
                });
                // Without a receiver, the SDK has given the call up.
                let _ = call.answer.send(answer);
            }
        }
    }
}

type Answer = http::Response<http_body_util::combinators::BoxBody<Bytes, std::convert::Infallible>>;

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
