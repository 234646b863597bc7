use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_domain::webhooks::WebhookSecret;

use super::body::FreshWebhookBody;
use super::id_of;
use crate::message::document::Document;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, WebhooksManage};
use crate::state::Api;

/// Rotate the secret of a webhook
///
/// The answer has the new secret, which is shown this once. For 24 hours the old one signs along, so that each request has a
/// signature by either.
#[utoipa::path(
    post,
    path = "/api/webhooks/{id}/secret",
    tag = "webhooks",
    operation_id = "rotateWebhookSecret",
    security(("admin" = ["webhooks:manage"])),
    params(("id" = String, Path, description = "The webhook's id")),
    responses(
        (status = 201, description = "The webhook with its new secret", body = FreshWebhookBody),
        (status = 404, description = "Unknown"),
    ),
)]
pub(crate) async fn rotate_secret(
    _: Admin<WebhooksManage>,
    request: HttpRequest,
    path: web::Path<String>,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let secret = WebhookSecret::random();
    let rotated = api.webhooks.rotate_secret(id_of(&path)?, &secret).await;
    let webhook = rotated?;
    Document::json(&FreshWebhookBody::of(&webhook, &secret))?
        .respond_to_write(HttpResponse::Created().finish(), &request)
        .await
}
