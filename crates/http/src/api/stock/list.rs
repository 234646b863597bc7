use actix_web::{HttpRequest, HttpResponse, web};
use utoipa::IntoParams;

use super::body::{MovementBody, MovementPageBody};
use crate::api::products::{Pagination, read_limit, slug_of};
use crate::message::cursor;
use crate::message::document::Document;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, StockWrite};
use crate::state::Api;

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `list` reads")]
pub(crate) struct MovementParameters {
    /// How many a page has at most.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u32>,
    /// The `next_cursor` of a page.
    cursor: Option<String>,
}

/// List the movements of a product's stock
///
/// The newest first. Their changes add up to its stock.
#[utoipa::path(
    get,
    path = "/api/products/{slug}/stock",
    tag = "stock",
    operation_id = "listMovements",
    security(("admin" = ["stock:write"])),
    params(("slug" = String, Path, description = "The product's slug"), MovementParameters),
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
    let name = format!("movements {slug}");
    let mut query = Query::of(&request, &["limit", "cursor"])?;
    let limit = read_limit(&mut query);
    let before = query.read("cursor", |text| {
        let id = cursor::decode(text, &name).and_then(|id| id.parse().ok());
        id.ok_or("must be the next_cursor of a page of this product's movements")
    });
    query.finish()?;
    let page = api.stock.list(&slug, before, limit).await?;
    let last = page.items.last().filter(|_| page.has_more);
    let next = last.map(|last| cursor::encode(&name, &last.id.to_string()));
    let body = MovementPageBody {
        data: page.items.iter().map(MovementBody::of).collect(),
        pagination: Pagination::new(page.total, limit, 0, next.clone()),
    };
    let document = Document::json(&body)?.followed_by(next);
    document.respond(&request).await
}
