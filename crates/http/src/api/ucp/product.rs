//! `/ucp/catalog/product`.

use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_domain::products::{Product, ProductOption};
use serde::Serialize;
use serde_json::value::RawValue;

use super::answer::{Failure, Refusal, respond, to_json};
use super::catalog_product::is_available;
use super::envelope::{Capability, Envelope, Message, Severity};
use super::filters::Narrowing;
use super::options::{effective, has_all};
use super::request::{Body, ProductRequest, accept};
use super::resolve::{Found, Level, resolve};
use super::shape::CatalogProductBody;
use crate::message::problem::Problem;
use crate::state::Api;

#[derive(Debug, Serialize)]
struct DetailBody<'a> {
    ucp: Envelope,
    product: CatalogProductBody<'a>,
    #[serde(skip_serializing_if = "<[Message]>::is_empty")]
    messages: &'a [Message],
}

#[derive(Debug, Serialize)]
struct NotFoundBody {
    ucp: Envelope,
    messages: [Message; 1],
}

/// Reads one product, with the variants that match what the buyer has selected.
pub(crate) async fn product(
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

/// The answer to a request for a product. If there is no such product, the answer says so.
///
/// # Errors
/// If the request has no id, or something of it is invalid. Also if the index or the store is unavailable or fails.
pub(super) async fn read(api: &Api, asked: &ProductRequest) -> Result<Box<RawValue>, Failure> {
    let shop = &api.storefront;
    if asked.id.is_empty() {
        return Err(Refusal::invalid("The id of a product is required.").into());
    }
    let ids = [asked.id.clone()];
    let selected = selections(asked)?;
    let narrowing = Narrowing::of(asked.filters.as_ref(), asked.context.as_ref(), shop)?;
    let resolution = resolve(&api.products, &ids).await?;
    let Some(mut found) = resolution.found.into_iter().next() else {
        return not_found(&ids[0]);
    };
    found.narrow(&narrowing);
    let preferences = asked.preferences.as_deref().unwrap_or_default();
    let selected = held(&found, &selected, preferences);
    let mut shown = matching(&found, &selected);
    shown.retain(|variant| narrowing.allows(variant));
    let Some(body) = CatalogProductBody::of(&found.product, &shown, shop) else {
        return not_found(&ids[0]);
    };
    to_json(&DetailBody {
        ucp: Envelope::of(Capability::Lookup),
        product: body.with_selection(&found.product, &selected),
        messages: &narrowing.messages,
    })
}

/// What the request selects.
fn selections(asked: &ProductRequest) -> Result<Vec<ProductOption>, Refusal> {
    let mut selected: Vec<ProductOption> = vec![];
    for option in asked.selected.iter().flatten() {
        let is_known = |other: &ProductOption| other.name.eq_ignore_ascii_case(&option.name);
        if selected.iter().any(is_known) {
            let content = format!("The option {} is selected twice.", option.name);
            return Err(Refusal::invalid(content));
        }
        selected.push(ProductOption {
            name: option.name.clone(),
            value: option.label.clone(),
        });
    }
    Ok(selected)
}

/// The selections that hold: those of the variant that the id names, or those of the request as far as a variant has
/// them, or else those of the featured variant.
fn held(found: &Found, asked: &[ProductOption], preferences: &[String]) -> Vec<ProductOption> {
    let is_variant = found.matches.iter().any(|of| of.level == Level::Exact);
    if is_variant || asked.is_empty() {
        found.product.featured().options.clone()
    } else {
        effective(found.product.variants(), asked, preferences)
    }
}

/// The variants that have all selections: the featured one first, then those in stock.
fn matching<'a>(found: &'a Found, selected: &[ProductOption]) -> Vec<&'a Product> {
    let mut variants = found.product.featured_first();
    variants.retain(|variant| has_all(variant, selected));
    let featured = found.product.featured().id;
    variants.sort_by_key(|variant| (variant.id != featured, !is_available(variant)));
    variants
}

fn not_found(id: &str) -> Result<Box<RawValue>, Failure> {
    to_json(&NotFoundBody {
        ucp: Envelope::of_error(Capability::Lookup),
        messages: [Message::Error {
            code: "not_found",
            content: format!("Product not found: {id}"),
            severity: Severity::Unrecoverable,
        }],
    })
}
