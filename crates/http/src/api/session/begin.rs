use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_auth::RenewalError;
use secrecy::ExposeSecret;
use time::OffsetDateTime;

use super::body::{SessionBody, UserBody};
use crate::message::document::Document;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{self, unauthorized};
use crate::state::Api;

/// Begin or renew a session
///
/// By the admin secret or an API key a session begins; that of a key ends with it. By a session's token in the last third of its time the same session goes on, for
/// at most twelve hours in all, so that a page need keep neither.
#[utoipa::path(
    post,
    path = "/api/auth/admin",
    tag = "auth",
    operation_id = "beginSession",
    security(("admin" = [])),
    responses(
        (status = 200, description = "Who the caller is, and a token for fifteen minutes", body = SessionBody),
        (status = 409, description = "The token holds for longer than it need be renewed for"),
    ),
)]
pub(crate) async fn begin(
    request: HttpRequest,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let (user, running) = permissions::caller_and_session(&request)?;
    let now = OffsetDateTime::now_utc();
    let session = match running {
        Some(running) => api.admin.renew_session(&running, now).map_err(problem)?,
        None => {
            let begun = api.admin.begin_session(&user, now);
            begun.map_err(|error| Problem::unexpected(error.to_string()))?
        }
    };
    let body = SessionBody {
        user: UserBody::of(&user),
        token: session
            .as_ref()
            .map(|session| session.token.expose_secret()),
        expires_at: session.as_ref().map(|session| session.expires_at),
    };
    Document::json(&body)?
        .respond_to_write(HttpResponse::Ok().finish(), &request)
        .await
}

fn problem(error: RenewalError) -> Problem {
    match error {
        RenewalError::TooEarly(wait) => {
            let detail = "A session is renewed in the last third of its token's time.";
            let seconds = wait.whole_seconds().max(0) + 1;
            Problem::new(StatusCode::CONFLICT, "renewed-too-early", detail)
                .with_header(header::RETRY_AFTER, seconds.into())
        }
        RenewalError::TooLong => {
            unauthorized("The session has lasted twelve hours. Begin another one.")
        }
        RenewalError::Token(error) => Problem::unexpected(error.to_string()),
    }
}
