//! Failures: errors of JSON-RPC, and their status over HTTP. A mistake of the client has the status 200, as MCP expects:
//! clients take others for failures of the connection. A problem of the server has its own status.

use actix_web::http::StatusCode;
use actix_web::web::Bytes;
use actix_web::{HttpResponse, ResponseError};
use rmcp::ErrorData;
use rmcp::model::ErrorCode;
use serde_json::json;

use crate::api::ucp::answer::{Failure, Refusal};
use crate::message::document::{ErrorBody, Finished};
use crate::message::problem::Problem;
use crate::state::Storefront;

/// The request can't be answered now, or not for this client.
const NOT_NOW: ErrorCode = ErrorCode(-32000);
/// The agent and this shop have no version in common.
const NO_COMMON_VERSION: ErrorCode = ErrorCode(-32001);

/// A failure as an error of JSON-RPC.
pub(super) fn to_json_rpc(failure: &Failure, shop: &Storefront) -> ErrorData {
    match failure {
        Failure::Refused(refusal) => of_refusal(refusal, shop),
        Failure::Problem(problem) => of_problem(problem),
    }
}

fn of_refusal(refusal: &Refusal, shop: &Storefront) -> ErrorData {
    let code = match refusal.code {
        "version_unsupported" => NO_COMMON_VERSION,
        _ => ErrorCode::INVALID_PARAMS,
    };
    let data = json!({
        "code": refusal.code,
        "content": refusal.content,
        "continue_url": shop.url,
    });
    ErrorData::new(code, refusal.content.clone(), Some(data))
}

fn of_problem(problem: &Problem) -> ErrorData {
    let code = match problem.status_code() {
        StatusCode::INTERNAL_SERVER_ERROR => ErrorCode::INTERNAL_ERROR,
        _ => NOT_NOW,
    };
    let wait = problem.retry_after();
    let data = wait.map(|seconds| json!({ "retry_after": seconds }));
    ErrorData::new(code, problem.detail().to_owned(), data)
}

/// Answers with a problem whose body is this message of JSON-RPC.
pub(super) fn respond(problem: Problem, message: Bytes) -> HttpResponse {
    let mut response = HttpResponse::from_error(problem);
    response.extensions_mut().insert(ErrorBody(message));
    response
}

/// Answers a request in which the SDK finds no message that it can answer.
pub(super) fn of_message(status: StatusCode, reason: &[u8]) -> Result<HttpResponse, Problem> {
    let detail = String::from_utf8_lossy(reason).into_owned();
    if status.is_server_error() {
        return Err(Problem::unexpected(detail));
    }
    // The SDK's status for a body that it can't parse. The type of the body has been checked before.
    if status != StatusCode::UNSUPPORTED_MEDIA_TYPE {
        return Err(Problem::new(status, "refused-message", detail));
    }
    let detail = "The body must be a message of JSON-RPC 2.0 that MCP knows.";
    let error = json!({ "code": ErrorCode::PARSE_ERROR, "message": detail });
    let message = json!({ "jsonrpc": "2.0", "id": null, "error": error });
    let problem = Problem::new(StatusCode::BAD_REQUEST, "malformed-message", detail);
    Ok(respond(problem, message.to_string().into()))
}

/// The response, whose body stays as it is.
pub(super) fn finished(mut response: HttpResponse) -> HttpResponse {
    response.extensions_mut().insert(Finished);
    response
}
