//! `/ucp/catalog/search`.

use std::collections::HashSet;

use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_domain::StoreError;
use eggypro_domain::products::{
    Product, ProductFilter, ProductQuery, ProductSearch, ProductService, ProductSort, SearchCursor,
    SearchText, Start,
};
use serde::Serialize;
use serde_json::value::RawValue;

use super::answer::{Failure, Refusal, respond, to_json};
use super::catalog_product::{CatalogProduct, Groups};
use super::envelope::{Capability, Envelope, Message};
use super::filters::Narrowing;
use super::ids::CatalogId;
use super::request::{Body, PageRequest, SearchRequest, accept};
use super::shape::CatalogProductBody;
use crate::api::products;
use crate::message::cursor;
use crate::message::problem::Problem;
use crate::state::Api;

/// The order without a text.
const SORT: ProductSort = ProductSort::NameAsc;

#[derive(Debug, Serialize)]
struct SearchBody<'a> {
    ucp: Envelope,
    products: Vec<CatalogProductBody<'a>>,
    pagination: PaginationBody<'a>,
    #[serde(skip_serializing_if = "<[Message]>::is_empty")]
    messages: &'a [Message],
}

/// Where the next page begins. There is no total: the shop counts variants, not products.
#[derive(Debug, Serialize)]
struct PaginationBody<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<&'a str>,
    has_next_page: bool,
}

/// The hits of a page, each of them a variant, and the cursor of the next page.
#[derive(Debug, Default)]
struct Hits {
    products: Vec<Product>,
    next: Option<String>,
}

/// Searches products by a text, filters, or both. A product of several variants that match stands once on a page.
pub(crate) async fn search(
    request: HttpRequest,
    api: web::Data<Api>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let answer = match accept(&request, &body) {
        Ok(asked) => find(&api, &asked).await,
        Err(refusal) => Err(refusal.into()),
    };
    respond(&request, &api.storefront, answer).await
}

/// The answer to a search.
///
/// # Errors
/// If the request has neither a text nor a filter that is known here, or something of it is invalid. Also if the index
/// or the store is unavailable or fails.
pub(super) async fn find(api: &Api, asked: &SearchRequest) -> Result<Box<RawValue>, Failure> {
    let shop = &api.storefront;
    let text = text_of(asked)?;
    let narrowing = Narrowing::of(asked.filters.as_ref(), asked.context.as_ref(), shop)?;
    if text.is_none() && !narrowing.is_given {
        let content = "A search needs a query or a filter: categories or price.";
        return Err(Refusal::invalid(content).into());
    }
    let first_page = PageRequest::default();
    let page = asked.pagination.as_ref().unwrap_or(&first_page);
    let hits = match text {
        _ if narrowing.selects_nothing => Hits::default(),
        Some(text) => searched(&api.products, text, &narrowing.filter, page).await?,
        None => listed(&api.products, &narrowing.filter, page).await?,
    };
    let products = in_catalog(&api.products, hits.products).await?;
    let bodies = products
        .iter()
        .filter_map(|product| CatalogProductBody::of(product, &narrowing.allowed(product), shop));
    to_json(&SearchBody {
        ucp: Envelope::of(Capability::Search),
        products: bodies.collect(),
        pagination: PaginationBody {
            cursor: hits.next.as_deref(),
            has_next_page: hits.next.is_some(),
        },
        messages: &narrowing.messages,
    })
}

/// The text to search for; `None` if it is absent or blank.
fn text_of(asked: &SearchRequest) -> Result<Option<SearchText>, Refusal> {
    let query = asked.query.as_deref().unwrap_or_default();
    if query.trim().is_empty() {
        return Ok(None);
    }
    match query.parse::<SearchText>() {
        Ok(text) => Ok(Some(text)),
        Err(rule) => Err(Refusal::invalid(format!("The query {rule}."))),
    }
}

async fn searched(
    service: &ProductService,
    text: SearchText,
    filter: &ProductFilter,
    page: &PageRequest,
) -> Result<Hits, Failure> {
    let list = format!("ucp {filter} {:?}", text.as_str());
    let mut search = ProductSearch::new(text);
    search.filter = filter.clone();
    search.limit = page.size();
    search.start = start(page, |text| cursor::decode(text, &list).map(SearchCursor))?;
    let found = service.search(&search).await?;
    Ok(Hits {
        products: found.hits.into_iter().map(|hit| hit.product).collect(),
        next: found
            .next
            .map(|SearchCursor(anchor)| cursor::encode(&list, &anchor)),
    })
}

async fn listed(
    service: &ProductService,
    filter: &ProductFilter,
    page: &PageRequest,
) -> Result<Hits, Failure> {
    let mut query = ProductQuery::default();
    query.filter = filter.clone();
    query.sort = SORT;
    query.limit = page.size();
    query.start = start(page, |text| products::cursor::decode(text, SORT, filter))?;
    let found = service.list(&query).await?;
    Ok(Hits {
        products: found.items,
        next: found
            .next
            .map(|next| products::cursor::encode(&next, SORT, filter)),
    })
}

/// Where the page begins.
fn start<C>(
    page: &PageRequest,
    decode: impl FnOnce(&str) -> Option<C>,
) -> Result<Start<C>, Refusal> {
    match page.cursor.as_deref() {
        None => Ok(Start::Offset(0)),
        Some(text) => decode(text)
            .map(Start::After)
            .ok_or_else(Refusal::invalid_cursor),
    }
}

/// The products that these variants belong to, each of them once and with its first variant here as the featured one.
async fn in_catalog(
    service: &ProductService,
    hits: Vec<Product>,
) -> Result<Vec<CatalogProduct>, StoreError> {
    let mut groups = Groups::read(service, &hits).await?;
    let mut seen = HashSet::new();
    let first = hits
        .into_iter()
        .filter(|hit| seen.insert(CatalogId::of(hit)));
    Ok(first.map(|hit| groups.take(hit)).collect())
}
