use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_cache::{Key, Room};
use eggypro_domain::changes::Tag;
use eggypro_domain::reviews::{ReviewQuery, ReviewSort, Stars, VerifiedFilter};
use eggypro_domain::{Permission, Slug};
use utoipa::IntoParams;

use super::body::ReviewPageBody;
use crate::admin::require;
use crate::answers::answer;
use crate::api::Api;
use crate::document::Document;
use crate::problem::Problem;
use crate::products::{read_limit, read_offset, slug_of};
use crate::query::Query;

const PARAMETERS: [&str; 5] = ["rating", "sort", "limit", "offset", "verified"];

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
    /// How many to skip.
    #[param(minimum = 0, maximum = 10_000, default = 0)]
    offset: Option<u32>,
    /// `true` (the default), `false` or `all`; for moderators.
    verified: Option<String>,
}

/// List reviews of a product
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
    let (query, is_for_moderators) = read_query(request.query_string())?;
    let slug = slug_of(path)?;
    if is_for_moderators {
        require(&request, Permission::ReviewsModerate)?;
    }
    let key = key(&slug, &query);
    let reviews = api.reviews.clone();
    let load = async move {
        let query = ReviewQuery {
            product: Some(slug),
            ..query
        };
        Document::json(&ReviewPageBody::of(&reviews.list(&query).await?, &query))
    };
    answer(&request, &api, key, "product", load).await
}

/// The key of the answer to a slug and a query string, if that is one that anybody may ask.
pub(crate) fn key_of(slug: &str, query: &str) -> Option<Key> {
    let (query, is_for_moderators) = read_query(query).ok()?;
    let slug = slug.parse().ok()?;
    (!is_for_moderators).then(|| key(&slug, &query))
}

/// The same for every query that has the same answer.
fn key(slug: &Slug, query: &ReviewQuery) -> Key {
    let rating = query.rating.map_or(0, Stars::get);
    let (limit, offset, sort) = (query.limit.get(), query.offset, query.sort.as_str());
    let name = format!("reviews {slug} {limit} {offset} {sort} {rating}");
    // What strangers make up has no end.
    let room = if query.offset <= FIRST_PAGES {
        Room::Pages
    } else {
        Room::Searches
    };
    Key::new(name, Tag::Reviews(slug.clone()), room)
}

/// How far the first pages go.
const FIRST_PAGES: u32 = 100;

/// The query but for its product, and whether it holds what only moderators may ask for.
fn read_query(text: &str) -> Result<(ReviewQuery, bool), Problem> {
    let mut query = Query::parse(text, &PARAMETERS)?;
    let rating = query.read("rating", |text| {
        let stars = text.parse().ok().and_then(|stars| Stars::new(stars).ok());
        stars.ok_or("must be a whole number from 1 to 5")
    });
    let sort = query.one_of("sort", &ReviewSort::ALL, ReviewSort::as_str);
    let read = read_page(&mut query, VerifiedFilter::Verified);
    let is_for_moderators = query.is_given("verified");
    query.finish()?;
    let query = ReviewQuery {
        rating,
        sort: sort.unwrap_or_default(),
        ..read
    };
    Ok((query, is_for_moderators))
}

/// What all lists of reviews read.
pub(super) fn read_page(query: &mut Query<'_>, verified: VerifiedFilter) -> ReviewQuery {
    let given = query.one_of("verified", &VerifiedFilter::ALL, VerifiedFilter::as_str);
    ReviewQuery {
        product: None,
        verified: given.unwrap_or(verified),
        rating: None,
        sort: ReviewSort::default(),
        offset: read_offset(query, "narrow the list instead"),
        limit: read_limit(query),
    }
}
