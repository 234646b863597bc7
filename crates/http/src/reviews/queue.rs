use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_domain::reviews::{ReviewQuery, ReviewSort, VerifiedFilter};
use utoipa::IntoParams;

use super::body::ReviewPageBody;
use super::list::read_page;
use crate::admin::{Admin, ReviewsModerate};
use crate::api::Api;
use crate::document::Document;
use crate::problem::Problem;
use crate::query::Query;

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `queue` reads")]
pub(crate) struct QueueParameters {
    /// `false` (the default: those that wait), `true` or `all`.
    verified: Option<String>,
    /// How many a page has at most.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u32>,
    /// How many to skip.
    #[param(minimum = 0, maximum = 10_000, default = 0)]
    offset: Option<u32>,
}

/// List reviews across products
///
/// The oldest first: by default those that wait for a moderator.
#[utoipa::path(
    get,
    path = "/api/reviews",
    tag = "reviews",
    operation_id = "listAllReviews",
    security(("admin" = ["reviews:moderate"])),
    params(QueueParameters),
    responses((status = 200, description = "A page of reviews", body = ReviewPageBody)),
)]
pub(crate) async fn queue(
    _: Admin<ReviewsModerate>,
    request: HttpRequest,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request, &["verified", "limit", "offset"])?;
    let read = read_page(&mut query, VerifiedFilter::Unverified);
    query.finish()?;
    let query = ReviewQuery {
        sort: ReviewSort::Oldest,
        ..read
    };
    let page = api.reviews.list(&query).await?;
    Document::json(&ReviewPageBody::of(&page, &query))?
        .respond(&request)
        .await
}
