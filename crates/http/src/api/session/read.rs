use actix_web::{HttpRequest, HttpResponse};

use super::body::{Caller, UserBody};
use crate::message::document::Document;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions;

/// Who the caller is
///
/// And what they may do.
#[utoipa::path(
    get,
    path = "/api/auth/admin",
    tag = "auth",
    operation_id = "readCaller",
    security(("admin" = [])),
    responses((status = 200, description = "Who the caller is", body = Caller)),
)]
pub(crate) async fn read(request: HttpRequest) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let user = permissions::caller(&request)?;
    let body = Caller {
        user: UserBody::of(&user),
    };
    Document::json(&body)?.respond(&request).await
}
