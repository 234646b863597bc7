use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_cache::{Key, Region};
use eggypro_domain::changes::Tag;
use eggypro_domain::products::Start;
use eggypro_domain::reviews::{ReviewQuery, ReviewSort, Stars, VerifiedFilter};
use eggypro_domain::{Permission, Slug};
use utoipa::IntoParams;

use super::body::ReviewPageBody;
use super::cursor;
use crate::api::cached_answer::{answer, or_unpublished};
use crate::api::products::{read_limit, read_start, slug_of};
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::require;
use crate::state::Api;

const PARAMETERS: [&str; 6] = ["rating", "sort", "limit", "offset", "cursor", "verified"];

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `read_query` reads")]
pub(crate) struct ReviewParameters {
    /// Only reviews of so many stars.
    #[param(minimum = 1, maximum = 5)]
    rating: Option<u8>,
    /// `newest` (the default), `oldest`, `rating-desc` or `rating-asc`.
    sort: Option<String>,
    /// How many a page has at most.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u32>,
    /// How many to skip; beyond 10 000 use `cursor`.
    #[param(minimum = 0, maximum = 10_000, default = 0)]
    offset: Option<u32>,
    /// The `next_cursor` of a page with the same sort and filters; not together with `offset`.
    cursor: Option<String>,
    /// `true` (the default), `false` or `all`; for moderators.
    verified: Option<String>,
}

/// List reviews of a product
///
/// Those that moderators have let through.
#[utoipa::path(
    get,
    path = "/api/products/{slug}/reviews",
    tag = "reviews",
    operation_id = "listReviews",
    params(("slug" = String, Path, description = "The product's slug"), ReviewParameters),
    responses(
        (status = 200, description = "A page of reviews", body = ReviewPageBody),
        (status = 304, description = "The caller has it already"),
        (status = 401, description = "`verified` needs credentials"),
        (status = 403, description = "`verified` needs the permission reviews:moderate"),
        (status = 404, description = "No active product of this slug"),
    ),
)]
pub(crate) async fn list(
    request: HttpRequest,
    path: web::Path<String>,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    let slug = slug_of(path)?;
    let (query, is_for_moderators) = read_query(slug, request.query_string())?;
    let mut of_any = query.clone();
    of_any.of_inactive = true;
    let any = async { ReviewPageBody::document(&api.reviews.list(&of_any).await?, &of_any) };
    if is_for_moderators {
        require(&request, Permission::ReviewsModerate)?;
        return any.await?.respond(&request).await;
    }
    let key = key(&query);
    let reviews = api.reviews.clone();
    let load = async move { ReviewPageBody::document(&reviews.list(&query).await?, &query) };
    let answer = answer(&request, &api, key, "product", load).await;
    or_unpublished(&request, answer, any).await
}

/// The cache key of the answer to a slug and a query string. `None` if they are invalid or not public.
pub(crate) fn key_of(slug: &str, query: &str) -> Option<Key> {
    let (query, is_for_moderators) = read_query(slug.parse().ok()?, query).ok()?;
    (!is_for_moderators).then(|| key(&query))
}

/// The cache key of a query. Queries with the same answer have the same key.
fn key(query: &ReviewQuery) -> Key {
    let (start, region) = match &query.start {
        Start::Offset(offset) if *offset <= FIRST_PAGES => (offset.to_string(), Region::Pages),
        // Clients can make up any number of offsets.
        Start::Offset(offset) => (offset.to_string(), Region::Searches),
        Start::After(cursor) => (format!("{cursor:?}"), Region::Searches),
    };
    let name = format!("{} {} {start}", query.list_name(), query.limit.get());
    let tag = query.product.clone().map_or(Tag::Products, Tag::Reviews);
    Key::new(name, tag, region)
}

/// The maximum offset of the first pages.
const FIRST_PAGES: u32 = 100;

/// Reads the query, and whether only moderators may send it.
fn read_query(slug: Slug, text: &str) -> Result<(ReviewQuery, bool), Problem> {
    let mut query = Query::parse(text, &PARAMETERS)?;
    let rating = query.read("rating", |text| {
        let stars = text.parse::<i64>().ok();
        let stars = stars.and_then(|stars| Stars::try_from(stars).ok());
        stars.ok_or("must be a whole number from 1 to 5")
    });
    let sort = query.one_of("sort", &ReviewSort::ALL, ReviewSort::as_str);
    let verified = query.one_of("verified", &VerifiedFilter::ALL, VerifiedFilter::as_str);
    let is_for_moderators = query.is_given("verified");
    let mut read = ReviewQuery::default();
    read.product = Some(slug);
    read.verified = verified.unwrap_or_default();
    read.rating = rating;
    read.sort = sort.unwrap_or_default();
    read.limit = read_limit(&mut query);
    read.start = read_start(&mut query, |text| cursor::decode(text, &read));
    query.finish()?;
    Ok((read, is_for_moderators))
}
