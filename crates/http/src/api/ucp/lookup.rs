//! `/ucp/catalog/lookup`.

use std::collections::HashSet;

use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_domain::products::{Product, ProductId};
use serde::Serialize;
use serde_json::value::RawValue;

use super::answer::{Failure, Refusal, respond, to_json};
use super::envelope::{Capability, Envelope, Message};
use super::filters::Narrowing;
use super::request::{Body, LookupRequest, accept};
use super::resolve::{Found, resolve};
use super::shape::{CatalogProductBody, InputBody};
use crate::message::problem::Problem;
use crate::state::{Api, Storefront};

/// Maximum number of different ids in a request.
const MAX_IDS: usize = 100;

#[derive(Debug, Serialize)]
struct LookupBody<'a> {
    ucp: Envelope,
    products: Vec<CatalogProductBody<'a>>,
    #[serde(skip_serializing_if = "<[Message]>::is_empty")]
    messages: &'a [Message],
}

/// Reads products by ids of products and variants, SKUs, barcodes and handles.
pub(crate) async fn lookup(
    request: HttpRequest,
    api: web::Data<Api>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let answer = match accept(&request, &body) {
        Ok(asked) => read(&api, &asked).await,
        Err(refusal) => Err(refusal.into()),
    };
    respond(&request, &api.storefront, answer).await
}

/// The answer to a lookup.
///
/// # Errors
/// If the request has no id, or too many, or a filter is invalid. Also if the index or the store is unavailable or
/// fails.
pub(super) async fn read(api: &Api, asked: &LookupRequest) -> Result<Box<RawValue>, Failure> {
    let shop = &api.storefront;
    let ids = distinct(&asked.ids)?;
    let narrowing = Narrowing::of(asked.filters.as_ref(), asked.context.as_ref(), shop)?;
    let mut resolution = resolve(&api.products, &ids).await?;
    for found in &mut resolution.found {
        found.narrow(&narrowing);
    }
    let found = resolution.found.iter();
    let products = found.filter_map(|found| body_of(found, &narrowing, shop));
    let unknown = resolution.unknown.iter().map(|id| Message::Info {
        code: "not_found",
        content: id.clone(),
    });
    let messages: Vec<Message> = narrowing.messages.iter().cloned().chain(unknown).collect();
    to_json(&LookupBody {
        ucp: Envelope::of(Capability::Lookup),
        products: products.collect(),
        messages: &messages,
    })
}

/// The ids, each of them once.
fn distinct(ids: &[String]) -> Result<Vec<String>, Refusal> {
    let mut seen = HashSet::new();
    let distinct: Vec<String> = ids.iter().filter(|id| seen.insert(*id)).cloned().collect();
    if distinct.is_empty() {
        return Err(Refusal::invalid("A lookup needs at least one of ids."));
    }
    if distinct.len() > MAX_IDS {
        let content = format!("A lookup takes at most {MAX_IDS} ids.");
        return Err(Refusal::too_large(content));
    }
    Ok(distinct)
}

/// A product with the variants that ids were resolved to. `None` if the filters allow none of them.
fn body_of<'a>(
    found: &'a Found,
    narrowing: &Narrowing,
    shop: &'a Storefront,
) -> Option<CatalogProductBody<'a>> {
    let mut shown: Vec<&Product> = narrowing.allowed(&found.product);
    shown.retain(|variant| found.matches.iter().any(|of| of.variant == variant.id));
    let inputs = shown.iter().map(|variant| inputs_of(found, variant.id));
    let inputs: Vec<Vec<InputBody<'_>>> = inputs.collect();
    Some(CatalogProductBody::of(&found.product, &shown, shop)?.with_inputs(inputs))
}

/// The ids that were resolved to a variant.
fn inputs_of(found: &Found, variant: ProductId) -> Vec<InputBody<'_>> {
    let matches = found.matches.iter();
    let matches = matches.filter(|of| of.variant == variant);
    matches.map(|of| InputBody::new(&of.id, of.level)).collect()
}
