use std::fmt::Write;
use std::sync::{Arc, LazyLock};

use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_cache::{Key, Region};
use eggypro_domain::Permission;
use eggypro_domain::changes::Tag;
use eggypro_domain::products::{
    Page, PageSize, Product, ProductFilter, ProductQuery, ProductSort, Start,
};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::body::ProductBody;
use super::cursor;
use super::facets::{FacetsBody, read_facets, write_facets};
use super::filter::{FilterParameters, ListFilterParameters, read_list_filter};
use super::page::{PageParameters, Pagination, read_limit, read_start};
use super::selection::{Selected, Selection};
use crate::api::cached_answer::answer;
use crate::message::document::Document;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::require;
use crate::state::{Api, Storefront};

const PARAMETERS: [&str; 19] = [
    "category",
    "search",
    "sort",
    "inStock",
    "minPrice",
    "maxPrice",
    "minRating",
    "group",
    "allergenFree",
    "diet",
    "minProtein",
    "ids",
    "limit",
    "offset",
    "cursor",
    "facets",
    "fields",
    "status",
    "stock",
];

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `read_query` reads")]
pub(crate) struct ListParameters {
    /// `name-asc` (the default), `name-desc`, `price-asc`, `price-desc`, `newest`, `rating-desc`, `protein-desc`,
    /// `unit-price-asc` or `protein-price-asc` (the price of 100 g of protein). Titles compare without regard to case and
    /// accents, numbers by value; ties are broken by id in the same direction; products that lack what a sort goes by
    /// come last.
    sort: Option<String>,
}

/// One page of products.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProductPage<'a> {
    #[schema(value_type = Vec<ProductBody<'a>>)]
    data: Vec<Selected<'a, ProductBody<'a>>>,
    pagination: Pagination,
    /// If `facets` asked for some.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    facets: Option<FacetsBody<'a>>,
}

/// List products
///
/// Filtered, sorted, and page by page: by `offset`, or by the `next_cursor` of the page before, which neither repeats nor
/// skips a product while others come and go.
#[utoipa::path(
    get,
    path = "/api/products",
    tag = "products",
    operation_id = "listProducts",
    params(FilterParameters, ListFilterParameters, ListParameters, PageParameters),
    responses(
        (status = 200, description = "A page of products", body = ProductPage),
        (status = 304, description = "The caller has it already"),
        (status = 400, description = "A query parameter is unknown or broken"),
        (status = 401, description = "`status` and `stock` need credentials"),
        (status = 403, description = "`status` and `stock` need the permission products:read"),
    ),
)]
pub(crate) async fn list(
    request: HttpRequest,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    let ListRequest {
        query,
        selection,
        is_for_admins,
    } = read_query(request.query_string())?;
    if is_for_admins {
        require(&request, Permission::ProductsRead)?;
        let page = api.products.list(&query).await?;
        return document(&page, &query, &selection, &api.storefront)?
            .respond(&request)
            .await;
    }
    let key = key(&query, &selection);
    let (products, shop) = (api.products.clone(), Arc::clone(&api.storefront));
    let load = async move {
        let page = products.list(&query).await?;
        document(&page, &query, &selection, &shop)
    };
    answer(&request, &api, key, "page", load).await
}

/// Whether this is the first page. It is not derived from cached data, so that it may be stored in Redis.
fn is_first(query: &ProductQuery) -> bool {
    matches!(query.start, Start::Offset(0))
}

fn document(
    page: &Page<Product>,
    query: &ProductQuery,
    selection: &Selection,
    shop: &Storefront,
) -> Result<Document, Problem> {
    let product = |product| selection.of(ProductBody::listed(product, shop));
    let next = page
        .next
        .as_ref()
        .map(|next| cursor::encode(next, query.sort, &query.filter));
    let body = ProductPage {
        data: page.items.iter().map(product).collect(),
        pagination: Pagination::new(page.total, query.limit, query.start.offset(), next.clone()),
        facets: page.facets.as_ref().map(FacetsBody::of),
    };
    Ok(Document::json(&body)?.followed_by(next))
}

/// The cache key of the answer to a query string. `None` if the query is invalid or not public.
pub(crate) fn key_of(query: &str) -> Option<Key> {
    // By far the most frequent request.
    static FIRST_PAGE: LazyLock<Option<Key>> = LazyLock::new(|| key_read(""));
    if query.is_empty() {
        return FIRST_PAGE.clone();
    }
    key_read(query)
}

fn key_read(query: &str) -> Option<Key> {
    let request = read_query(query).ok()?;
    (!request.is_for_admins).then(|| key(&request.query, &request.selection))
}

/// The cache key of a query. Queries with the same answer have the same key.
fn key(query: &ProductQuery, selection: &Selection) -> Key {
    let mut name = String::with_capacity(96);
    let start = match &query.start {
        Start::Offset(offset) => write!(name, "products {} {offset}", query.limit.get()),
        Start::After(cursor) => write!(name, "products {} {cursor:?}", query.limit.get()),
    };
    let filter = start.and_then(|()| {
        write!(name, " {} {}", query.sort.as_str(), query.filter)?;
        write_facets(&mut name, query.facets)?;
        selection.write(&mut name)
    });
    // Writing to a `String` does not fail.
    let _ = filter;
    let key = Key::new(name, Tag::Products, region(query));
    if is_first(query) { key } else { key.derived() }
}

/// The region of a page. The first pages are in the region of their list. Clients can request any number of others.
fn region(query: &ProductQuery) -> Region {
    match query.start {
        Start::Offset(offset) if offset <= FIRST_PAGES => region_of(&query.filter),
        _ => Region::Searches,
    }
}

/// The region of a list. Filters such as texts and prices allow any number of lists, which must not evict common
/// lists.
fn region_of(filter: &ProductFilter) -> Region {
    let ProductFilter {
        contains,
        min_price,
        max_price,
        min_rating,
        group,
        allergen_free,
        diets,
        min_protein,
        categories,
        ids,
        ..
    } = filter;
    let is_bounded = min_price.is_some() || max_price.is_some() || min_rating.is_some();
    let has_facts =
        group.is_some() || !allergen_free.is_empty() || !diets.is_empty() || min_protein.is_some();
    if contains.is_some() || is_bounded || has_facts || categories.len() > 1 || !ids.is_empty() {
        Region::Searches
    } else {
        Region::Pages
    }
}

/// The maximum offset of the first pages.
const FIRST_PAGES: u32 = 200;

/// The parameters of a request.
struct ListRequest {
    query: ProductQuery,
    selection: Selection,
    /// Whether a parameter is given that needs a permission.
    is_for_admins: bool,
}

fn read_query(text: &str) -> Result<ListRequest, Problem> {
    let mut query = Query::parse(text, &PARAMETERS)?;
    let filter = read_list_filter(&mut query);
    let sort = query
        .one_of("sort", &ProductSort::ALL, ProductSort::as_str)
        .unwrap_or_default();
    let limit: PageSize = read_limit(&mut query);
    let start = read_start(&mut query, |text| cursor::decode(text, sort, &filter));
    let facets = read_facets(&mut query);
    let selection = Selection::read(&mut query);
    let is_for_admins = query.is_given("status") || query.is_given("stock");
    query.finish()?;
    let mut products = ProductQuery::default();
    products.filter = filter;
    products.sort = sort;
    products.start = start;
    products.limit = limit;
    products.facets = facets;
    Ok(ListRequest {
        query: products,
        selection,
        is_for_admins,
    })
}
