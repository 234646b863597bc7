use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_domain::webhooks::WebhookSecret;

use super::body::FreshWebhookBody;
use super::input::{WebhookInput, read_input};
use crate::message::document::Document;
use crate::message::json_body::JsonBody;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, WebhooksManage};
use crate::state::Api;

/// Make a webhook
///
/// It receives the events of all changes that are made from now on, as `/api/events` shows them, by requests that follow
/// Standard Webhooks 1.0. The answer has the secret that signs them, which is shown this once. A URL must begin with
/// `https://` and lead to a public address.
#[utoipa::path(
    post,
    path = "/api/webhooks",
    tag = "webhooks",
    operation_id = "createWebhook",
    security(("admin" = ["webhooks:manage"])),
    request_body = WebhookInput,
    responses(
        (status = 201, description = "The webhook with its secret", body = FreshWebhookBody),
        (status = 409, description = "There are 100 webhooks already"),
    ),
)]
pub(crate) async fn create(
    _: Admin<WebhooksManage>,
    request: HttpRequest,
    body: JsonBody,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let new = read_input(body.fields()?, api.receivers.as_ref())?;
    let secret = WebhookSecret::random();
    let webhook = api.webhooks.create(new, &secret).await?;
    let address = format!("/api/webhooks/{}", webhook.id);
    let mut response = HttpResponse::Created();
    response.insert_header((header::LOCATION, address));
    Document::json(&FreshWebhookBody::of(&webhook, &secret))?
        .respond_to_write(response.finish(), &request)
        .await
}
