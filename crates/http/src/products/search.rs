use std::fmt::Write;

use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_cache::{Key, Room};
use eggypro_domain::changes::Tag;
use eggypro_domain::products::ProductSearch;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::body::HitBody;
use super::facets::{FacetsBody, read_facets, write_facets};
use super::page::{Pagination, read_filter, read_limit, read_offset, write_filter};
use crate::answers::answer;
use crate::api::Api;
use crate::document::Document;
use crate::problem::Problem;
use crate::query::Query;

const PARAMETERS: [&str; 8] = [
    "q", "category", "inStock", "minPrice", "maxPrice", "limit", "offset", "facets",
];

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `read_query` reads")]
pub(crate) struct SearchParameters {
    /// What to find; typing errors are forgiven.
    #[param(min_length = 1, max_length = 200)]
    q: String,
    /// Only products in the category of this slug.
    category: Option<String>,
    /// `true`: only products with a stock of 1 or more.
    #[param(rename = "inStock")]
    in_stock: Option<bool>,
    /// Only products that cost at least this.
    #[param(rename = "minPrice", minimum = 0)]
    min_price: Option<f64>,
    /// Only products that cost at most this.
    #[param(rename = "maxPrice", minimum = 0)]
    max_price: Option<f64>,
    /// How many a page has at most.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u32>,
    /// How many to skip.
    #[param(minimum = 0, maximum = 10_000, default = 0)]
    offset: Option<u32>,
    /// What all hits are counted by: some of `category`, `price`, `rating` and `stock`, comma-separated.
    facets: Option<String>,
}

/// One page of what a search found, best match first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SearchResults<'a> {
    data: Vec<HitBody<'a>>,
    pagination: Pagination,
    /// If `facets` asked for some.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    facets: Option<FacetsBody<'a>>,
}

/// Search products
#[utoipa::path(
    get,
    path = "/api/products/search",
    tag = "products",
    operation_id = "searchProducts",
    params(SearchParameters),
    responses(
        (status = 200, description = "A page of products, best match first", body = SearchResults),
        (status = 304, description = "The caller has it already"),
        (status = 400, description = "A query parameter is unknown, missing or broken"),
    ),
)]
pub(crate) async fn search(
    request: HttpRequest,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    let search = read_query(request.query_string())?;
    let key = key(&search);
    let products = api.products.clone();
    let load = async move {
        let page = products.search(&search).await?;
        Document::json(&SearchResults {
            data: page.hits.iter().map(HitBody::of).collect(),
            pagination: Pagination::new(page.total, search.limit, search.offset, None),
            facets: page.facets.as_ref().map(FacetsBody::of),
        })
    };
    answer(&request, &api, key, "page", load).await
}

/// The key of the answer to a query string, if there is one.
pub(crate) fn key_of(query: &str) -> Option<Key> {
    read_query(query).ok().map(|search| key(&search))
}

/// The same for every search that has the same answer.
fn key(search: &ProductSearch) -> Key {
    let mut name = format!("search {} {} ", search.limit.get(), search.offset);
    // Writing to a text does not fail.
    let _ = write_filter(&mut name, &search.filter);
    let _ = write_facets(&mut name, search.facets);
    // Quoted, lest a text pass for what stands before it.
    let _ = write!(name, " {:?}", search.text.as_str());
    Key::new(name, Tag::Products, Room::Searches)
}

fn read_query(text: &str) -> Result<ProductSearch, Problem> {
    let mut query = Query::parse(text, &PARAMETERS)?;
    let text = query.search_text("q", true);
    let filter = read_filter(&mut query);
    let limit = read_limit(&mut query);
    let offset = read_offset(&mut query, "narrow the search instead");
    let facets = read_facets(&mut query);
    query.finish()?;
    // A text that is missing has been refused.
    let text = text.ok_or_else(|| Problem::unexpected("a search without a text"))?;
    Ok(ProductSearch {
        text,
        filter,
        offset,
        limit,
        facets,
    })
}
