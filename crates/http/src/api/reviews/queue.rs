use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_domain::reviews::{ReviewQuery, ReviewSort, VerifiedFilter};
use utoipa::IntoParams;

use super::body::ModerationPageBody;
use super::cursor;
use crate::api::products::{read_limit, read_start, slug};
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, ReviewsModerate};
use crate::state::Api;

const PARAMETERS: [&str; 5] = ["verified", "product", "limit", "offset", "cursor"];

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `read_query` reads")]
pub(crate) struct QueueParameters {
    /// `false` (the default: those that wait), `true` or `all`.
    verified: Option<String>,
    /// Only reviews of the product of this slug, active or not.
    product: Option<String>,
    /// How many a page has at most.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u32>,
    /// How many to skip; beyond 10 000 use `cursor`.
    #[param(minimum = 0, maximum = 10_000, default = 0)]
    offset: Option<u32>,
    /// The `next_cursor` of a page with the same filters; not together with `offset`.
    cursor: Option<String>,
}

/// List reviews across products
///
/// The oldest first, each with its product: by default those that wait for a moderator.
#[utoipa::path(
    get,
    path = "/api/reviews",
    tag = "reviews",
    operation_id = "listAllReviews",
    security(("admin" = ["reviews:moderate"])),
    params(QueueParameters),
    responses(
        (status = 200, description = "A page of reviews", body = ModerationPageBody),
        (status = 404, description = "No product of this slug"),
    ),
)]
pub(crate) async fn queue(
    _: Admin<ReviewsModerate>,
    request: HttpRequest,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    let query = read_query(&request)?;
    let page = api.reviews.list(&query).await?;
    ModerationPageBody::document(&page, &query)?
        .respond(&request)
        .await
}

fn read_query(request: &HttpRequest) -> Result<ReviewQuery, Problem> {
    let mut query = Query::of(request, &PARAMETERS)?;
    let verified = query.one_of("verified", &VerifiedFilter::ALL, VerifiedFilter::as_str);
    let mut read = ReviewQuery::default();
    read.product = query.read("product", slug);
    read.of_inactive = true;
    read.verified = verified.unwrap_or(VerifiedFilter::Unverified);
    read.sort = ReviewSort::Oldest;
    read.limit = read_limit(&mut query);
    read.start = read_start(&mut query, |text| cursor::decode(text, &read));
    query.finish()?;
    Ok(read)
}
