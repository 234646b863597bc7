use actix_web::{HttpRequest, HttpResponse, web};

use super::body::WebhookBody;
use super::{id_of, not_found};
use crate::message::document::Document;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, WebhooksManage};
use crate::state::Api;

/// Read a webhook
///
/// Its secret is not shown.
#[utoipa::path(
    get,
    path = "/api/webhooks/{id}",
    tag = "webhooks",
    operation_id = "readWebhook",
    security(("admin" = ["webhooks:manage"])),
    params(("id" = String, Path, description = "The webhook's id")),
    responses(
        (status = 200, description = "The webhook", body = WebhookBody),
        (status = 404, description = "Unknown"),
    ),
)]
pub(crate) async fn read(
    _: Admin<WebhooksManage>,
    request: HttpRequest,
    path: web::Path<String>,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let webhook = api.webhooks.find(id_of(&path)?).await?;
    let webhook = webhook.ok_or_else(not_found)?;
    Document::json(&WebhookBody::of(&webhook))?
        .respond(&request)
        .await
}
