use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_domain::stock::StockError;

use super::body::{MovementBody, MovementsBody, MovementsInput, read_movements, unknown_products};
use crate::message::document::Document;
use crate::message::json_body::JsonBody;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, StockWrite};
use crate::state::Api;

/// Move the stock of an order
///
/// All lines or none. If stock is missing, the answer names every product that lacks it.
#[utoipa::path(
    post,
    path = "/api/stock",
    tag = "stock",
    operation_id = "makeMovements",
    security(("admin" = ["stock:write"])),
    request_body = MovementsInput,
    responses(
        (status = 201, description = "The movements, one for each product", body = MovementsBody),
        (status = 409, description = "There is not enough stock"),
    ),
)]
pub(crate) async fn make_all(
    _: Admin<StockWrite>,
    request: HttpRequest,
    body: JsonBody,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let movements = read_movements(body.fields()?)?;
    let slugs: Vec<_> = movements
        .lines
        .iter()
        .map(|line| line.slug.clone())
        .collect();
    let made = api.stock.make_all(movements).await;
    let made = made.map_err(|error| match error {
        StockError::NotFound(unknown) => unknown_products(&unknown, slugs.iter()),
        error => error.into(),
    })?;
    let body = MovementsBody {
        movements: made.iter().map(MovementBody::of).collect(),
    };
    Document::json(&body)?
        .respond_to_write(HttpResponse::Created().finish(), &request)
        .await
}
