use actix_web::{HttpRequest, HttpResponse, web};

use super::body::ReservationBody;
use super::id_of;
use crate::message::document::Document;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, StockWrite};
use crate::state::Api;

/// Confirm a reservation
///
/// Its stock is sold for good.
#[utoipa::path(
    post,
    path = "/api/reservations/{id}/confirm",
    tag = "stock",
    operation_id = "confirmReservation",
    security(("admin" = ["stock:write"])),
    params(("id" = String, Path, description = "The reservation's id")),
    responses(
        (status = 200, description = "The reservation, confirmed", body = ReservationBody),
        (status = 404, description = "Unknown"),
        (status = 409, description = "It has ended or expired"),
    ),
)]
pub(crate) async fn confirm(
    _: Admin<StockWrite>,
    request: HttpRequest,
    path: web::Path<String>,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let reservation = api.stock.confirm(id_of(&path)?).await?;
    Document::json(&ReservationBody::of(&reservation))?
        .respond_to_write(HttpResponse::Ok().finish(), &request)
        .await
}

/// Release a reservation
///
/// Its stock can be sold again.
#[utoipa::path(
    post,
    path = "/api/reservations/{id}/release",
    tag = "stock",
    operation_id = "releaseReservation",
    security(("admin" = ["stock:write"])),
    params(("id" = String, Path, description = "The reservation's id")),
    responses(
        (status = 200, description = "The reservation, released", body = ReservationBody),
        (status = 404, description = "Unknown"),
        (status = 409, description = "It has ended"),
    ),
)]
pub(crate) async fn release(
    _: Admin<StockWrite>,
    request: HttpRequest,
    path: web::Path<String>,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let reservation = api.stock.release(id_of(&path)?).await?;
    Document::json(&ReservationBody::of(&reservation))?
        .respond_to_write(HttpResponse::Ok().finish(), &request)
        .await
}
