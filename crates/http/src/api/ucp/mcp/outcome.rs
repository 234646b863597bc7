//! Failures: errors of JSON-RPC with the status that HTTP has for them.

use std::sync::{Arc, Mutex, PoisonError};

use actix_web::http::StatusCode;
use actix_web::web::Bytes;
use actix_web::{HttpResponse, ResponseError};
use rmcp::ErrorData;
use rmcp::model::ErrorCode;
use serde_json::json;

use crate::api::ucp::answer::{Failure, Refusal};
use crate::message::document::{ErrorBody, Finished, JSON};
use crate::message::problem::Problem;
use crate::state::Storefront;

/// The request can't be answered now, or not for this client.
const NOT_NOW: ErrorCode = ErrorCode(-32000);
/// The agent and this shop have no version in common.
const NO_COMMON_VERSION: ErrorCode = ErrorCode(-32001);

/// Why a call failed, for the answer over HTTP.
#[derive(Debug, Clone, Default)]
pub(super) struct Outcome(Arc<Mutex<Option<Failed>>>);

/// A call that failed.
#[derive(Debug)]
pub(super) enum Failed {
    /// The client made a mistake.
    Refused(StatusCode),
    /// The server has a problem.
    Problem(Problem),
}

impl Outcome {
    /// Notes a failure, and returns it as an error of JSON-RPC.
    pub(super) fn failed(&self, failure: Failure, shop: &Storefront) -> ErrorData {
        let (failed, error) = match failure {
            Failure::Refused(refusal) => {
                let error = of_refusal(&refusal, shop);
                (Failed::Refused(refusal.status), error)
            }
            Failure::Problem(problem) => {
                let error = of_problem(&problem);
                (Failed::Problem(problem), error)
            }
        };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(failed);
        error
    }

    /// Takes the failure.
    pub(super) fn take(&self) -> Option<Failed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Failed {
    /// Answers with the message of JSON-RPC.
    pub(super) fn respond(self, message: Bytes) -> HttpResponse {
        match self {
            Self::Refused(status) => {
                finished(HttpResponse::build(status).content_type(JSON).body(message))
            }
            Self::Problem(problem) => {
                let mut response = HttpResponse::from_error(problem);
                response.extensions_mut().insert(ErrorBody(message));
                response
            }
        }
    }
}

/// The response, whose body stays as it is.
pub(super) fn finished(mut response: HttpResponse) -> HttpResponse {
    response.extensions_mut().insert(Finished);
    response
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
    let data = problem
        .retry_after()
        .map(|seconds| json!({ "retry_after": seconds }));
    ErrorData::new(code, problem.detail().to_owned(), data)
}
