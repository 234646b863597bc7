use actix_web::{HttpRequest, HttpResponse, web};

use super::body::{DeliveryBody, DeliveryPageBody};
use super::id_of;
use crate::api::newest_first::{PageParameters, PageRequest};
use crate::message::problem::Problem;
use crate::pipeline::permissions::{Admin, WebhooksManage};
use crate::state::Api;

/// List the deliveries of a webhook
///
/// The newest event first, each with its last attempt and the time of the next one. They are kept for 30 days.
#[utoipa::path(
    get,
    path = "/api/webhooks/{id}/deliveries",
    tag = "webhooks",
    operation_id = "listDeliveries",
    security(("admin" = ["webhooks:manage"])),
    params(("id" = String, Path, description = "The webhook's id"), PageParameters),
    responses(
        (status = 200, description = "A page of deliveries", body = DeliveryPageBody),
        (status = 404, description = "Unknown"),
    ),
)]
pub(crate) async fn deliveries(
    _: Admin<WebhooksManage>,
    request: HttpRequest,
    path: web::Path<String>,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    let list = format!("deliveries {path}");
    let asked = PageRequest::read(&request, list, |number| number.parse().ok())?;
    let id = id_of(&path)?;
    let page = api.webhooks.deliveries(id, asked.before, asked.limit);
    let page = page.await?;
    let last = page.items.last().filter(|_| page.has_more);
    let last = last.map(|last| last.number);
    let body = |pagination| DeliveryPageBody {
        data: page.items.iter().map(DeliveryBody::of).collect(),
        pagination,
    };
    asked.respond(&request, page.total, last, body).await
}
