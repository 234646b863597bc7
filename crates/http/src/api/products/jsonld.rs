//! `/api/products/{slug}/jsonld`: products in the vocabulary of schema.org, for search engines.
//!
//! Source: Google Search Central, "Merchant listing structured data" and "Product variant structured data".

mod nutrition;
mod offer;
mod properties;

use std::iter;
use std::sync::Arc;

use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_cache::{Key, Region};
use eggypro_domain::Slug;
use eggypro_domain::changes::Tag;
use eggypro_domain::products::{Product, ProductOption, ProductService, Rating};
use serde_json::{Value, json};

use self::nutrition::nutrition;
use self::offer::offer;
use self::properties::properties;
use super::slug_of;
use crate::api::cached_answer::answer;
use crate::message::document::Document;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::state::{Api, Storefront};

const JSON_LD: &str = "application/ld+json";

/// Read a product as JSON-LD
///
/// In the vocabulary of schema.org, for a `script` element of the product's page. A product of a group is described
/// together with its variants.
#[utoipa::path(
    get,
    path = "/api/products/{slug}/jsonld",
    tag = "products",
    operation_id = "readProductJsonld",
    params(("slug" = String, Path, description = "The product's slug")),
    responses(
        (status = 200, description = "A `Product`, or the `ProductGroup` of its variants", body = Value, content_type = "application/ld+json"),
        (status = 304, description = "The caller has it already"),
        (status = 404, description = "Unknown or inactive"),
    ),
)]
pub(crate) async fn jsonld(
    request: HttpRequest,
    path: web::Path<String>,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    let slug = slug_of(path)?;
    let key = key(&slug);
    let load = load(slug, api.products.clone(), Arc::clone(&api.storefront));
    let mut response = answer(&request, &api, key, "product", load).await?;
    // A cached answer does not keep its content type. A 304 has none.
    if let Some(content_type) = response.headers_mut().get_mut(header::CONTENT_TYPE) {
        *content_type = HeaderValue::from_static(JSON_LD);
    }
    Ok(response)
}

/// Any change of a product can affect the answer, because it also describes the variants.
fn key(slug: &Slug) -> Key {
    Key::new(format!("jsonld {slug}"), Tag::Products, Region::Pages)
}

async fn load(
    slug: Slug,
    products: ProductService,
    shop: Arc<Storefront>,
) -> Result<Document, Problem> {
    let product = products.read(&slug).await?;
    let description = match &product.group {
        Some(group) => of_group(&product, &products.variants(group).await?, &shop),
        None => of_product(&product, &shop),
    };
    Ok(Document::new(Bytes::from(script(&description)), JSON_LD))
}

/// A description as the content of a `script` element. No text in it can end the element, because `<` is escaped.
fn script(description: &Value) -> String {
    // `<` occurs only inside of JSON strings.
    description.to_string().replace('<', "\\u003c")
}

/// The `Product` of a product.
pub(super) fn of_product(product: &Product, shop: &Storefront) -> Value {
    let mut described = node(product, shop);
    described["@context"] = json!("https://schema.org");
    described
}

/// The `ProductGroup` of a product and its variants. `variants` are the active products of its group, with or without
/// the product itself.
pub(super) fn of_group(product: &Product, variants: &[Product], shop: &Storefront) -> Value {
    let group = product.group.as_ref().map(Slug::as_str);
    let group_id = group.map(|group| format!("{}/#group-{group}", shop.url));
    let others = variants.iter().filter(|other| other.id != product.id);
    let described = iter::once(product).chain(others).map(|variant| {
        let mut described = node(variant, shop);
        described["inProductGroupWithID"] = json!(group);
        described
    });
    let described: Vec<Value> = described.collect();
    object([
        ("@context", json!("https://schema.org")),
        ("@type", json!("ProductGroup")),
        // Not the URL of a product, which identifies that product.
        ("@id", json!(group_id)),
        ("productGroupID", json!(group)),
        ("name", json!(product.shown_title())),
        ("description", json!(product.description)),
        ("brand", brand(product, shop)),
        ("url", json!(shop.url_of(&product.slug))),
        ("variesBy", json!(varied(product, variants))),
        ("hasVariant", json!(described)),
    ])
}

/// The properties in which the variants differ, of those that Google supports.
fn varied(product: &Product, variants: &[Product]) -> Vec<String> {
    let options = product.options.iter();
    let varied = options.filter(|option| is_varied(option, variants));
    varied
        .filter_map(property_of)
        .map(|property| format!("https://schema.org/{property}"))
        .collect()
}

fn is_varied(option: &ProductOption, variants: &[Product]) -> bool {
    let mut all = variants.iter().flat_map(|variant| &variant.options);
    all.any(|other| other.name == option.name && other.value != option.value)
}

/// The property of schema.org that stands for an option. There is none for flavours.
pub(crate) fn property_of(option: &ProductOption) -> Option<&'static str> {
    match option.name.to_lowercase().as_str() {
        "size" => Some("size"),
        "color" | "colour" => Some("color"),
        "material" => Some("material"),
        "pattern" => Some("pattern"),
        _ => None,
    }
}

/// A `Product` without the context, which its document has once.
fn node(product: &Product, shop: &Storefront) -> Value {
    let url = shop.url_of(&product.slug);
    let categories = product.categories.iter().map(|category| &category.name);
    let categories: Vec<&String> = categories.collect();
    let (sku, gtin) = (product.sku.as_ref(), product.gtin.as_ref());
    let mut node = object([
        ("@type", json!("Product")),
        ("@id", json!(url)),
        ("url", json!(url)),
        ("name", json!(product.shown_title())),
        ("description", json!(product.description)),
        ("image", json!(product.images)),
        ("sku", json!(sku.map(|sku| sku.as_str()))),
        ("gtin", json!(gtin.map(|gtin| gtin.as_str()))),
        ("brand", brand(product, shop)),
        ("category", json!(categories)),
        ("aggregateRating", rating(product.rating)),
        ("countryOfOrigin", origin(product)),
        ("nutrition", nutrition(product)),
        ("additionalProperty", json!(properties(product))),
        ("offers", offer(product, shop)),
    ]);
    if let Some(content) = product.net_content {
        let (member, quantity) = offer::net_content(content);
        node[member] = quantity;
    }
    // After the net content: a variant needs the size that distinguishes it.
    for option in &product.options {
        if let Some(property) = property_of(option) {
            node[property] = json!(option.value);
        }
    }
    node
}

/// An object of these members. Leaves out empty values.
fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    let is_empty = |value: &Value| value.is_null() || *value == json!("") || *value == json!([]);
    let members = members.into_iter();
    members.filter(|(_, value)| !is_empty(value)).collect()
}

fn brand(product: &Product, shop: &Storefront) -> Value {
    let name = product.brand.as_deref().unwrap_or(&shop.brand);
    json!({ "@type": "Brand", "name": name })
}

fn origin(product: &Product) -> Value {
    let food = product.food.as_ref();
    match food.and_then(|food| food.origin_country.as_ref()) {
        Some(country) => json!({ "@type": "Country", "name": country.as_str() }),
        None => Value::Null,
    }
}

fn rating(rating: Rating) -> Value {
    let Some(average) = rating.average() else {
        return Value::Null;
    };
    json!({
        "@type": "AggregateRating",
        "ratingValue": average,
        "reviewCount": rating.count(),
        "bestRating": 5,
    })
}

#[cfg(test)]
mod tests;
