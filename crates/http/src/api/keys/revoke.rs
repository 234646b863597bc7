use actix_web::{HttpRequest, HttpResponse, web};

use super::id_of;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, KeysManage};
use crate::state::Api;

/// Revoke an API key
///
/// It is refused everywhere at once, and so are its sessions.
#[utoipa::path(
    delete,
    path = "/api/keys/{id}",
    tag = "keys",
    operation_id = "revokeKey",
    security(("admin" = ["keys:manage"])),
    params(("id" = String, Path, description = "The key's id")),
    responses(
        (status = 204, description = "It has ended"),
        (status = 404, description = "No key of this id"),
    ),
)]
pub(crate) async fn revoke(
    _: Admin<KeysManage>,
    request: HttpRequest,
    path: web::Path<String>,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    api.keys.revoke(&id_of(&path)?).await?;
    Ok(HttpResponse::NoContent()
        .insert_header(("Cache-Control", "no-store"))
        .finish())
}
