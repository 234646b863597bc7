use actix_web::{HttpRequest, HttpResponse, web};

use super::body::{MovementBody, MovementInput, read_movement};
use crate::api::products::slug_of;
use crate::message::document::Document;
use crate::message::json_body::JsonBody;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, StockWrite};
use crate::state::Api;

/// Move the stock of a product
///
/// By a number of pieces, or to what was counted. Send an `Idempotency-Key`, so that a repetition moves nothing.
#[utoipa::path(
    post,
    path = "/api/products/{slug}/stock",
    tag = "stock",
    operation_id = "makeMovement",
    security(("admin" = ["stock:write"])),
    params(("slug" = String, Path, description = "The product's slug")),
    request_body = MovementInput,
    responses(
        (status = 201, description = "The movement", body = MovementBody),
        (status = 404, description = "Unknown"),
        (status = 409, description = "There is not enough stock, or it is not the expected one"),
    ),
)]
pub(crate) async fn make(
    _: Admin<StockWrite>,
    request: HttpRequest,
    path: web::Path<String>,
    body: JsonBody,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let slug = slug_of(path)?;
    let movement = read_movement(body.fields()?)?;
    let movement = api.stock.make(&slug, movement).await?;
    Document::json(&MovementBody::of(&movement))?
        .respond_to_write(HttpResponse::Created().finish(), &request)
        .await
}
