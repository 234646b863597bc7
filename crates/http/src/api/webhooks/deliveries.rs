use actix_web::{HttpRequest, HttpResponse, web};
use utoipa::IntoParams;

use super::body::{DeliveryBody, DeliveryPageBody};
use super::id_of;
use crate::api::products::{Pagination, read_limit};
use crate::message::cursor;
use crate::message::document::Document;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, WebhooksManage};
use crate::state::Api;

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `deliveries` reads")]
pub(crate) struct DeliveryParameters {
    /// How many a page has at most.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u32>,
    /// The `next_cursor` of a page.
    cursor: Option<String>,
}

/// List the deliveries of a webhook
///
/// The newest event first, each with its last attempt and the time of the next one. They are kept for 30 days.
#[utoipa::path(
    get,
    path = "/api/webhooks/{id}/deliveries",
    tag = "webhooks",
    operation_id = "listDeliveries",
    security(("admin" = ["webhooks:manage"])),
    params(("id" = String, Path, description = "The webhook's id"), DeliveryParameters),
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
    let mut query = Query::of(&request, &["limit", "cursor"])?;
    let id = id_of(&path)?;
    let name = format!("deliveries {id}");
    let limit = read_limit(&mut query);
    let before = query.read("cursor", |text| {
        let number = cursor::decode(text, &name).and_then(|number| number.parse().ok());
        number.ok_or("must be the next_cursor of a page of this webhook's deliveries")
    });
    query.finish()?;
    let page = api.webhooks.deliveries(id, before, limit).await?;
    let last = page.items.last().filter(|_| page.has_more);
    let next = last.map(|last| cursor::encode(&name, &last.number.to_string()));
    let body = DeliveryPageBody {
        data: page.items.iter().map(DeliveryBody::of).collect(),
        pagination: Pagination::new(page.total, limit, 0, next.clone()),
    };
    let document = Document::json(&body)?.followed_by(next);
    document.respond(&request).await
}
