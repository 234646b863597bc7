use actix_web::{HttpRequest, HttpResponse, web};

use super::body::WebhookBody;
use super::id_of;
use super::input::{WebhookPatch, read_changes};
use crate::message::document::Document;
use crate::message::json_body::JsonBody;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, WebhooksManage};
use crate::state::Api;

/// Change some fields of a webhook
///
/// A merge patch (RFC 7396): absent fields stay. A webhook that is switched off receives no events, and those that wait for
/// it are dropped. Once it is active again, it receives the events of changes from then on, and `disabled_reason` is null.
#[utoipa::path(
    patch,
    path = "/api/webhooks/{id}",
    tag = "webhooks",
    operation_id = "patchWebhook",
    security(("admin" = ["webhooks:manage"])),
    params(("id" = String, Path, description = "The webhook's id")),
    request_body(
        content((WebhookPatch = "application/merge-patch+json"), (WebhookPatch = "application/json")),
        description = "A merge patch, RFC 7396",
    ),
    responses(
        (status = 200, description = "The webhook as it now stands", body = WebhookBody),
        (status = 404, description = "Unknown"),
    ),
)]
pub(crate) async fn patch(
    _: Admin<WebhooksManage>,
    request: HttpRequest,
    path: web::Path<String>,
    body: JsonBody,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let changes = read_changes(body.fields()?, api.receivers.as_ref())?;
    let webhook = api.webhooks.update(id_of(&path)?, changes).await?;
    Document::json(&WebhookBody::of(&webhook))?
        .respond_to_write(HttpResponse::Ok().finish(), &request)
        .await
}
