use actix_web::{HttpRequest, HttpResponse, web};

use super::id_of;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, WebhooksManage};
use crate::state::Api;

/// Delete a webhook
///
/// Nothing is sent to it any more, apart from requests that are under way. Its deliveries go with it.
#[utoipa::path(
    delete,
    path = "/api/webhooks/{id}",
    tag = "webhooks",
    operation_id = "deleteWebhook",
    security(("admin" = ["webhooks:manage"])),
    params(("id" = String, Path, description = "The webhook's id")),
    responses(
        (status = 204, description = "It is gone"),
        (status = 404, description = "Unknown"),
    ),
)]
pub(crate) async fn delete(
    _: Admin<WebhooksManage>,
    request: HttpRequest,
    path: web::Path<String>,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    api.webhooks.delete(id_of(&path)?).await?;
    Ok(HttpResponse::NoContent()
        .insert_header(("Cache-Control", "no-store"))
        .finish())
}
