use std::fmt::Write;
use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_cache::{Key, Region};
use eggypro_domain::Permission;
use eggypro_domain::changes::Tag;
use eggypro_domain::products::{
    ProductFilter, ProductSearch, ProductSort, SearchCursor, SearchPage, SearchText, Start,
};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::body::HitBody;
use super::facets::{FacetsBody, read_facets, write_facets};
use super::filter::{FilterParameters, read_filter, read_status};
use super::page::{PageParameters, Pagination, read_limit, read_start};
use super::selection::{Selected, Selection};
use crate::api::cached_answer::answer;
use crate::message::cursor;
use crate::message::document::Document;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::require;
use crate::state::{Api, Storefront};

const PARAMETERS: [&str; 18] = [
    "q",
    "category",
    "inStock",
    "minPrice",
    "maxPrice",
    "minRating",
    "group",
    "allergenFree",
    "diet",
    "minProtein",
    "ids",
    "sort",
    "limit",
    "offset",
    "cursor",
    "facets",
    "fields",
    "status",
];

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `read_query` reads")]
pub(crate) struct SearchParameters {
    /// What to find; typing errors are forgiven. A SKU, a GTIN or a slug puts its product first.
    #[param(min_length = 1, max_length = 200)]
    q: String,
    /// `relevance` (the default) or an order of lists.
    sort: Option<String>,
    /// `active` (the default), `inactive` or `all`; for administrators.
    status: Option<String>,
}

/// One page of what a search found, best match first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SearchResults<'a> {
    #[schema(value_type = Vec<HitBody<'a>>)]
    data: Vec<Selected<'a, HitBody<'a>>>,
    pagination: Pagination,
    /// If `facets` asked for some.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    facets: Option<FacetsBody<'a>>,
}

/// Search products
///
/// In names, ingredients, categories, descriptions and details. The last word may be a beginning, and where few products
/// have the words as they were typed, those that may have been meant are found as well.
#[utoipa::path(
    get,
    path = "/api/products/search",
    tag = "products",
    operation_id = "searchProducts",
    params(SearchParameters, FilterParameters, PageParameters),
    responses(
        (status = 200, description = "A page of products, best match first", body = SearchResults),
        (status = 304, description = "The caller has it already"),
        (status = 400, description = "A query parameter is unknown, missing or broken"),
        (status = 401, description = "`status` needs credentials"),
        (status = 403, description = "`status` needs the permission products:read"),
    ),
)]
pub(crate) async fn search(
    request: HttpRequest,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    let SearchRequest {
        search,
        selection,
        is_for_admins,
    } = read_query(request.query_string())?;
    if is_for_admins {
        require(&request, Permission::ProductsRead)?;
        let page = api.products.search(&search).await?;
        return document(&page, &search, &selection, &api.storefront)?
            .respond(&request)
            .await;
    }
    let key = key(&search, &selection);
    let (products, shop) = (api.products.clone(), Arc::clone(&api.storefront));
    let load = async move {
        let page = products.search(&search).await?;
        document(&page, &search, &selection, &shop)
    };
    answer(&request, &api, key, "page", load).await
}

fn document(
    page: &SearchPage,
    search: &ProductSearch,
    selection: &Selection,
    shop: &Storefront,
) -> Result<Document, Problem> {
    let hit = |hit| selection.of(HitBody::of(hit, shop));
    let next = page.next.as_ref();
    let next = next.map(|SearchCursor(anchor)| cursor::encode(&list_of(search), anchor));
    let offset = search.start.offset();
    let body = SearchResults {
        data: page.hits.iter().map(hit).collect(),
        pagination: Pagination::new(page.total, search.limit, offset, next.clone()),
        facets: page.facets.as_ref().map(FacetsBody::of),
    };
    Ok(Document::json(&body)?.followed_by(next))
}

/// The cache key of the answer to a query string. `None` if the query is invalid or not public.
pub(crate) fn key_of(query: &str) -> Option<Key> {
    let request = read_query(query).ok()?;
    (!request.is_for_admins).then(|| key(&request.search, &request.selection))
}

/// The cache key of a search. Searches with the same answer have the same key.
fn key(search: &ProductSearch, selection: &Selection) -> Key {
    let mut name = format!("search {} ", search.limit.get());
    // Writing to a `String` does not fail.
    let _ = match &search.start {
        Start::Offset(offset) => write!(name, "{offset}"),
        Start::After(SearchCursor(anchor)) => write!(name, "{anchor:?}"),
    };
    let _ = write_facets(&mut name, search.facets);
    let _ = selection.write(&mut name);
    name.push_str(&list_of(search));
    Key::new(name, Tag::Products, Region::Searches)
}

/// The name of a search in cursors and cache keys. It is the same for all its pages.
fn list_of(search: &ProductSearch) -> String {
    list(&search.text, search.sort, &search.filter)
}

fn list(text: &SearchText, sort: Option<ProductSort>, filter: &ProductFilter) -> String {
    // The text is quoted, so that it can't be confused with the other parts.
    format!(" {} {filter} {:?}", sort_name(sort), text.as_str())
}

fn sort_name(sort: Option<ProductSort>) -> &'static str {
    sort.map_or("relevance", ProductSort::as_str)
}

/// The parameters of a request.
struct SearchRequest {
    search: ProductSearch,
    selection: Selection,
    /// Whether a parameter is given that needs a permission.
    is_for_admins: bool,
}

fn read_query(text: &str) -> Result<SearchRequest, Problem> {
    let mut query = Query::parse(text, &PARAMETERS)?;
    let text = query.search_text("q", true);
    let mut filter = read_filter(&mut query);
    filter.status = read_status(&mut query);
    let sorts = [[None].as_slice(), &ProductSort::ALL.map(Some)].concat();
    let sort = query.one_of("sort", &sorts, sort_name).flatten();
    let limit = read_limit(&mut query);
    let facets = read_facets(&mut query);
    let selection = Selection::read_for_hits(&mut query);
    let list = text.as_ref().map(|text| list(text, sort, &filter));
    let start = read_start(&mut query, |text| {
        cursor::decode(text, list.as_ref()?).map(SearchCursor)
    });
    let is_for_admins = query.is_given("status");
    query.finish()?;
    // `finish` has refused a missing text.
    let text = text.ok_or_else(|| Problem::unexpected("a search without a text"))?;
    let mut search = ProductSearch::new(text);
    search.filter = filter;
    search.sort = sort;
    search.start = start;
    search.limit = limit;
    search.facets = facets;
    Ok(SearchRequest {
        search,
        selection,
        is_for_admins,
    })
}
