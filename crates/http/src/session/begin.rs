use actix_web::{HttpRequest, HttpResponse, web};
use secrecy::ExposeSecret;
use time::OffsetDateTime;

use super::body::{SessionBody, UserBody};
use crate::admin;
use crate::api::Api;
use crate::document::Document;
use crate::problem::Problem;
use crate::query::Query;

/// Begin a session
///
/// Takes the admin secret itself; the token of a session begins no other one.
#[utoipa::path(
    post,
    path = "/api/auth/admin",
    tag = "auth",
    operation_id = "beginSession",
    security(("admin" = [])),
    responses((status = 200, description = "Who the caller is, and a token for fifteen minutes", body = SessionBody)),
)]
pub(crate) async fn begin(
    request: HttpRequest,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let user = admin::holder_of_the_secret(&request)?;
    let session = api.admin.begin_session(&user, OffsetDateTime::now_utc());
    let session = session.map_err(|error| Problem::unexpected(error.to_string()))?;
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
