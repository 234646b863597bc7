use actix_web::{HttpRequest, HttpResponse, web};

use super::body::{ReviewBody, ReviewDecision};
use super::id_of;
use crate::message::document::Document;
use crate::message::json_body::JsonBody;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, ReviewsModerate};
use crate::state::Api;

/// Verify a review
///
/// Or take that back. The product's rating follows at once.
#[utoipa::path(
    patch,
    path = "/api/reviews/{id}",
    tag = "reviews",
    operation_id = "verifyReview",
    security(("admin" = ["reviews:moderate"])),
    params(("id" = i32, Path, description = "The review's id")),
    request_body = ReviewDecision,
    responses(
        (status = 200, description = "The review as it now stands", body = ReviewBody),
        (status = 404, description = "Unknown"),
    ),
)]
pub(crate) async fn verify(
    _: Admin<ReviewsModerate>,
    request: HttpRequest,
    path: web::Path<String>,
    body: JsonBody,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let id = id_of(&path)?;
    let mut fields = body.fields()?;
    let given = fields.boolean("is_verified");
    let is_verified = fields.require("is_verified", given).or(false);
    fields.finish()?;
    let review = api.reviews.set_verified(id, is_verified).await?;
    Document::json(&ReviewBody::of(&review))?
        .respond_to_write(HttpResponse::Ok().finish(), &request)
        .await
}
