use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_domain::stock::StockError;

use super::body::{ReservationBody, ReservationInput, read_input};
use crate::api::stock::body::unknown_products;
use crate::message::document::Document;
use crate::message::json_body::JsonBody;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, StockWrite};
use crate::state::Api;

/// Reserve stock
///
/// Takes the stock now, all lines or none. It comes back when the reservation is released or expires.
#[utoipa::path(
    post,
    path = "/api/reservations",
    tag = "stock",
    operation_id = "createReservation",
    security(("admin" = ["stock:write"])),
    request_body = ReservationInput,
    responses(
        (status = 201, description = "The reservation", body = ReservationBody, headers(("Location" = String, description = "Where it is"))),
        (status = 409, description = "There is not enough stock"),
    ),
)]
pub(crate) async fn create(
    _: Admin<StockWrite>,
    request: HttpRequest,
    body: JsonBody,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let new = read_input(body.fields()?)?;
    let slugs: Vec<_> = new.lines.iter().map(|line| line.slug.clone()).collect();
    let reserved = api.stock.reserve(new).await;
    let reservation = reserved.map_err(|error| match error {
        StockError::NotFound(unknown) => unknown_products(&unknown, slugs.iter()),
        error => error.into(),
    })?;
    let mut response = HttpResponse::Created();
    response.insert_header((
        header::LOCATION,
        format!("/api/reservations/{}", reservation.id),
    ));
    Document::json(&ReservationBody::of(&reservation))?
        .respond_to_write(response.finish(), &request)
        .await
}
