//! Answers, and requests that the protocol refuses.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use eggypro_domain::StoreError;
use eggypro_domain::products::SearchError;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use super::envelope::{Envelope, Message, Severity};
use crate::message::document::{Document, Finished};
use crate::message::problem::Problem;
use crate::state::Storefront;

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Failure {
    /// The client made a mistake.
    Refused(Refusal),
    /// The server has a problem.
    Problem(Problem),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Problem(error.into())
    }
}

impl From<SearchError> for Failure {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::UnknownCursor => Refusal::invalid_cursor().into(),
            SearchError::Store(error) => error.into(),
        }
    }
}

/// An error of the protocol.
#[derive(Debug)]
pub(super) struct Refusal {
    /// The status over HTTP.
    pub(super) status: StatusCode,
    /// For programs.
    pub(super) code: &'static str,
    /// For people.
    pub(super) content: String,
    /// What the agent can do about it.
    pub(super) severity: Severity,
}

impl Refusal {
    /// The request can't be read, or lacks something.
    pub(super) fn invalid(content: impl Into<String>) -> Self {
        Self::bad_request("invalid_request", content)
    }

    /// The request asks for more than one answer holds.
    pub(super) fn too_large(content: impl Into<String>) -> Self {
        Self::bad_request("request_too_large", content)
    }

    pub(super) fn invalid_cursor() -> Self {
        let content = "The cursor must be one of a page with the same query and filters.";
        Self::bad_request("invalid_cursor", content)
    }

    /// The agent asks for a version that this server does not have.
    pub(super) fn unsupported_version(content: String) -> Self {
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            code: "version_unsupported",
            content,
            severity: Severity::Unrecoverable,
        }
    }

    fn bad_request(code: &'static str, content: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            code,
            content: content.into(),
            severity: Severity::Recoverable,
        }
    }
}

/// The body of a refusal. The specification shows two forms of it: a code with its content, and an envelope with
/// messages. The body has the members of both.
#[derive(Debug, Serialize)]
struct RefusalBody<'a> {
    ucp: Envelope,
    code: &'static str,
    content: &'a str,
    messages: [Message; 1],
    /// Where the buyer can go on.
    continue_url: &'a str,
}

impl<'a> RefusalBody<'a> {
    fn of(refusal: &'a Refusal, shop: &'a Storefront) -> Self {
        Self {
            ucp: Envelope::of_refusal(),
            code: refusal.code,
            content: &refusal.content,
            messages: [Message::Error {
                code: refusal.code,
                content: refusal.content.clone(),
                severity: refusal.severity,
            }],
            continue_url: &shop.url,
        }
    }
}

/// The JSON of an answer.
///
/// # Errors
/// If it can't be serialized.
pub(super) fn to_json(body: &impl Serialize) -> Result<Box<RawValue>, Failure> {
    to_raw_value(body).map_err(|error| Problem::unexpected(error.to_string()).into())
}

/// Answers over HTTP.
///
/// # Errors
/// The problem of the server, if that is why there is no answer.
pub(super) async fn respond(
    request: &HttpRequest,
    shop: &Storefront,
    answer: Result<Box<RawValue>, Failure>,
) -> Result<HttpResponse, Problem> {
    let refusal = match answer {
        Ok(body) => {
            let response = HttpResponse::Ok().finish();
            return Document::json(&body)?
                .respond_to_write(response, request)
                .await;
        }
        Err(Failure::Problem(problem)) => return Err(problem),
        Err(Failure::Refused(refusal)) => refusal,
    };
    let response = HttpResponse::build(refusal.status).finish();
    let mut response = Document::json(&RefusalBody::of(&refusal, shop))?
        .respond_to_write(response, request)
        .await?;
    response.extensions_mut().insert(Finished);
    Ok(response)
}
