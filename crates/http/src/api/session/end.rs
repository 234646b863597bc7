use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions;
use crate::state::Api;

/// End a session
///
/// Its tokens hold no more, on no server.
#[utoipa::path(
    delete,
    path = "/api/auth/admin",
    tag = "auth",
    operation_id = "endSession",
    security(("admin" = [])),
    responses(
        (status = 204, description = "It has ended"),
        (status = 409, description = "The caller brings the admin secret or a key, which is no session"),
    ),
)]
pub(crate) async fn end(
    request: HttpRequest,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let (_, session) = permissions::caller_and_session(&request)?;
    let named = session.and_then(|session| Some((session.id?, session.ends_at())));
    let Some((id, ends_at)) = named else {
        let detail = "This needs the token of a session: the secret and keys end otherwise.";
        return Err(Problem::new(StatusCode::CONFLICT, "no-session", detail));
    };
    api.sessions.end(id, ends_at).await?;
    Ok(HttpResponse::NoContent()
        .insert_header(("Cache-Control", "no-store"))
        .finish())
}
