use actix_web::{HttpRequest, HttpResponse, web};

use super::body::{ReviewBody, ReviewInput, read_input};
use crate::api::products::slug_of;
use crate::message::document::Document;
use crate::message::json_body::JsonBody;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::state::Api;

/// The maximum size of a body, in bytes: the longest texts of a review with every character escaped as twelve bytes of
/// JSON, and a reserve. The limit is low because no credentials are needed and each connection can hold one body.
const MAX_BYTES: usize = 72 * 1024;

/// Review a product
///
/// Anybody may, ten times in fifteen minutes from an address. The public sees a review when a moderator has let it
/// through.
#[utoipa::path(
    post,
    path = "/api/products/{slug}/reviews",
    tag = "reviews",
    operation_id = "createReview",
    params(("slug" = String, Path, description = "The product's slug")),
    request_body = ReviewInput,
    responses(
        (status = 201, description = "The review, which is not verified", body = ReviewBody),
        (status = 404, description = "No active product of this slug"),
        (status = 413, description = "More than 72 KiB, which no review has"),
        (status = 409, description = "The same name said the same of this product within a day"),
    ),
)]
pub(crate) async fn create(
    request: HttpRequest,
    path: web::Path<String>,
    body: JsonBody<MAX_BYTES>,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let slug = slug_of(path)?;
    let mut fields = body.fields()?;
    let review = read_input(&mut fields);
    let review = api.reviews.create(&slug, fields.validate(review)?).await?;
    Document::json(&ReviewBody::of(&review))?
        .respond_to_write(HttpResponse::Created().finish(), &request)
        .await
}
