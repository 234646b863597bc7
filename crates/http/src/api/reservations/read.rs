use actix_web::{HttpRequest, HttpResponse, web};

use super::body::ReservationBody;
use super::id_of;
use crate::message::document::Document;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, StockWrite};
use crate::state::Api;

/// Read a reservation
#[utoipa::path(
    get,
    path = "/api/reservations/{id}",
    tag = "stock",
    operation_id = "readReservation",
    security(("admin" = ["stock:write"])),
    params(("id" = String, Path, description = "The reservation's id")),
    responses(
        (status = 200, description = "The reservation", body = ReservationBody),
        (status = 404, description = "Unknown"),
    ),
)]
pub(crate) async fn read(
    _: Admin<StockWrite>,
    request: HttpRequest,
    path: web::Path<String>,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let reservation = api.stock.find(id_of(&path)?).await?;
    Document::json(&ReservationBody::of(&reservation))?
        .respond(&request)
        .await
}
