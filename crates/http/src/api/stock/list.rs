use actix_web::{HttpRequest, HttpResponse, web};

use super::body::{MovementBody, MovementPageBody};
use crate::api::newest_first::{PageParameters, PageRequest};
use crate::api::products::slug_of;
use crate::message::problem::Problem;
use crate::pipeline::permissions::{Admin, StockWrite};
use crate::state::Api;

/// List the movements of a product's stock
///
/// The newest first. Their changes add up to its stock.
#[utoipa::path(
    get,
    path = "/api/products/{slug}/stock",
    tag = "stock",
    operation_id = "listMovements",
    security(("admin" = ["stock:write"])),
    params(("slug" = String, Path, description = "The product's slug"), PageParameters),
    responses(
        (status = 200, description = "A page of movements", body = MovementPageBody),
        (status = 404, description = "Unknown"),
    ),
)]
pub(crate) async fn list(
    _: Admin<StockWrite>,
    request: HttpRequest,
    path: web::Path<String>,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    let slug = slug_of(path)?;
    let list = format!("movements {slug}");
    let asked = PageRequest::read(&request, list, |id| id.parse().ok())?;
    let page = api.stock.list(&slug, asked.before, asked.limit).await?;
    let last = page.items.last().filter(|_| page.has_more);
    let last = last.map(|last| last.id);
    let body = |pagination| MovementPageBody {
        data: page.items.iter().map(MovementBody::of).collect(),
        pagination,
    };
    asked.respond(&request, page.total, last, body).await
}
