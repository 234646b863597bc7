use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_domain::webhooks::{DeliveryState, EventId, WebhookError};

use super::body::RetriedDelivery;
use super::id_of;
use crate::message::document::Document;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, WebhooksManage};
use crate::state::Api;

/// Send an event again
///
/// With all attempts, whether it was delivered or given up. An event that waits for its next attempt is sent now. Events
/// about the same thing that wait are sent after it.
#[utoipa::path(
    post,
    path = "/api/webhooks/{id}/deliveries/{event}/retry",
    tag = "webhooks",
    operation_id = "retryDelivery",
    security(("admin" = ["webhooks:manage"])),
    params(
        ("id" = String, Path, description = "The webhook's id"),
        ("event" = String, Path, description = "The event's id"),
    ),
    responses(
        (status = 202, description = "It is sent soon", body = RetriedDelivery),
        (status = 404, description = "No webhook of this id, or it has no delivery of this event"),
        (status = 409, description = "The webhook is switched off"),
    ),
)]
pub(crate) async fn retry(
    _: Admin<WebhooksManage>,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let (id, event) = path.into_inner();
    let id = id_of(&id)?;
    let event: EventId = event.parse().map_err(|_| WebhookError::DeliveryNotFound)?;
    api.webhooks.retry(id, event).await?;
    let retried = RetriedDelivery {
        event: event.to_string(),
        state: DeliveryState::Pending.as_str(),
    };
    Document::json(&retried)?
        .respond_to_write(HttpResponse::Accepted().finish(), &request)
        .await
}
