use actix_web::{HttpRequest, HttpResponse, web};

use super::body::{WebhookBody, WebhookListBody};
use crate::message::document::Document;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, WebhooksManage};
use crate::state::Api;

/// List webhooks
///
/// The newest first, also those that are switched off. None shows its secret.
#[utoipa::path(
    get,
    path = "/api/webhooks",
    tag = "webhooks",
    operation_id = "listWebhooks",
    security(("admin" = ["webhooks:manage"])),
    responses((status = 200, description = "All webhooks", body = WebhookListBody)),
)]
pub(crate) async fn list(
    _: Admin<WebhooksManage>,
    request: HttpRequest,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let webhooks = api.webhooks.list().await?;
    let body = WebhookListBody {
        data: webhooks.iter().map(WebhookBody::of).collect(),
    };
    Document::json(&body)?.respond(&request).await
}
