use actix_web::{HttpRequest, HttpResponse, web};
use time::OffsetDateTime;

use super::body::TestBody;
use super::{id_of, not_found};
use crate::message::document::Document;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, WebhooksManage};
use crate::receivers::TestEvent;
use crate::state::Api;

/// Test a webhook
///
/// Sends an event of the type `webhook.test` about the webhook, once, also if it is switched off, and answers with the
/// result. That takes up to 15 seconds. The deliveries do not show it.
#[utoipa::path(
    post,
    path = "/api/webhooks/{id}/test",
    tag = "webhooks",
    operation_id = "testWebhook",
    security(("admin" = ["webhooks:manage"])),
    params(("id" = String, Path, description = "The webhook's id")),
    responses(
        (status = 200, description = "What the receiver answered, or why there is no answer", body = TestBody),
        (status = 404, description = "Unknown"),
    ),
)]
pub(crate) async fn send_test(
    _: Admin<WebhooksManage>,
    request: HttpRequest,
    path: web::Path<String>,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let id = id_of(&path)?;
    let webhook = api.webhooks.find(id).await?.ok_or_else(not_found)?;
    let target = api.webhooks.target(id).await?;
    let event = TestEvent::about(&webhook, OffsetDateTime::now_utc());
    let event = event.map_err(|error| Problem::unexpected(error.to_string()))?;
    let tested = api.receivers.test(&target, event).await?;
    Document::json(&TestBody::of(&tested))?
        .respond_to_write(HttpResponse::Ok().finish(), &request)
        .await
}
