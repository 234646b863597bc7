use actix_web::{HttpRequest, HttpResponse};

use super::body::{Caller, UserBody};
use crate::admin;
use crate::document::Document;
use crate::problem::Problem;
use crate::query::Query;

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
    let user = admin::caller(&request)?;
    let body = Caller {
        user: UserBody::of(&user),
    };
    Document::json(&body)?.respond(&request).await
}
