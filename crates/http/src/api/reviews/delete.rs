use actix_web::{HttpRequest, HttpResponse, web};

use super::id_of;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, ReviewsModerate};
use crate::state::Api;

/// Remove a review
///
/// The product's rating follows at once.
#[utoipa::path(
    delete,
    path = "/api/reviews/{id}",
    tag = "reviews",
    operation_id = "deleteReview",
    security(("admin" = ["reviews:moderate"])),
    params(("id" = i32, Path, description = "The review's id")),
    responses(
        (status = 204, description = "It is gone"),
        (status = 404, description = "Unknown"),
    ),
)]
pub(crate) async fn delete(
    _: Admin<ReviewsModerate>,
    request: HttpRequest,
    path: web::Path<String>,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    api.reviews.remove(id_of(&path)?).await?;
    Ok(HttpResponse::NoContent()
        .insert_header(("Cache-Control", "no-store"))
        .finish())
}
