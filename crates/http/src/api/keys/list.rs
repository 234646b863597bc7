use actix_web::{HttpRequest, HttpResponse, web};

use super::body::{KeyBody, KeyListBody};
use crate::message::document::Document;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, KeysManage};
use crate::state::Api;

/// List API keys
///
/// The newest first, those that have ended included. None shows its secret.
#[utoipa::path(
    get,
    path = "/api/keys",
    tag = "keys",
    operation_id = "listKeys",
    security(("admin" = ["keys:manage"])),
    responses((status = 200, description = "All keys", body = KeyListBody)),
)]
pub(crate) async fn list(
    _: Admin<KeysManage>,
    request: HttpRequest,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let keys = api.keys.list().await?;
    let body = KeyListBody {
        data: keys.iter().map(KeyBody::of).collect(),
    };
    Document::json(&body)?.respond(&request).await
}
