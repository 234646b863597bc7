//! What products and variants have in common.

use eggypro_domain::Price;
use eggypro_domain::products::{CategoryRef, Product, ProductOption, Rating};
use serde::Serialize;
use serde_json::{Map, Value};

use super::super::minor_units::minor_units;
use super::super::resolve::Level;
use crate::api::products::ProductBody;
use crate::state::Storefront;

#[derive(Debug, Serialize)]
pub(super) struct DescriptionBody<'a> {
    plain: &'a str,
}

impl<'a> DescriptionBody<'a> {
    pub(super) fn of(product: &'a Product) -> Self {
        let description = product.description.as_str();
        let is_blank = description.trim().is_empty();
        Self {
            plain: if is_blank {
                product.shown_title()
            } else {
                description
            },
        }
    }
}

/// An amount in minor units.
#[derive(Debug, Serialize)]
pub(super) struct PriceBody {
    amount: u64,
    currency: &'static str,
}

impl PriceBody {
    pub(super) fn of(price: Price, shop: &Storefront) -> Self {
        Self {
            amount: minor_units(price.amount(), shop.currency),
            currency: shop.currency.code(),
        }
    }
}

#[derive(Debug, Serialize)]
pub(super) struct PriceRangeBody {
    min: PriceBody,
    max: PriceBody,
}

impl PriceRangeBody {
    /// The range of these prices. `None` without any.
    pub(super) fn of(
        prices: impl Iterator<Item = Price> + Clone,
        shop: &Storefront,
    ) -> Option<Self> {
        Some(Self {
            min: PriceBody::of(prices.clone().min()?, shop),
            max: PriceBody::of(prices.max()?, shop),
        })
    }
}

/// A category, which filters name by its slug.
#[derive(Debug, Serialize)]
pub(super) struct CategoryBody<'a> {
    value: &'a str,
    taxonomy: &'static str,
}

impl<'a> CategoryBody<'a> {
    /// The categories of these products, each of them once.
    pub(super) fn all(products: impl IntoIterator<Item = &'a Product>) -> Vec<Self> {
        let mut slugs: Vec<&str> = vec![];
        for product in products {
            for CategoryRef { slug, .. } in &product.categories {
                if !slugs.contains(&slug.as_str()) {
                    slugs.push(slug.as_str());
                }
            }
        }
        let bodies = slugs.into_iter().map(|value| Self {
            value,
            taxonomy: "merchant",
        });
        bodies.collect()
    }
}

#[derive(Debug, Serialize)]
pub(super) struct MediaBody<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    alt_text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<u32>,
}

impl<'a> MediaBody<'a> {
    /// The images of a product, the main image first.
    pub(super) fn all(product: &'a Product) -> Vec<Self> {
        let stored = product.media.iter().map(Option::as_ref);
        let stored = stored.chain(std::iter::repeat(None));
        let images = product.images.iter().zip(stored);
        let bodies = images.map(|(url, stored)| Self {
            kind: "image",
            url,
            alt_text: product.alt_texts.get(url).map(String::as_str),
            width: stored.map(|image| image.width),
            height: stored.map(|image| image.height),
        });
        bodies.collect()
    }
}

#[derive(Debug, Serialize)]
pub(super) struct RatingBody {
    value: f64,
    scale_min: u8,
    scale_max: u8,
    count: u64,
}

impl RatingBody {
    /// `None` without reviews.
    pub(super) fn of(rating: Rating) -> Option<Self> {
        Some(Self {
            value: rating.average()?,
            scale_min: 1,
            scale_max: 5,
            count: rating.count(),
        })
    }
}

/// The value of an option.
#[derive(Debug, Serialize)]
pub(super) struct SelectedBody<'a> {
    name: &'a str,
    label: &'a str,
}

impl<'a> SelectedBody<'a> {
    pub(super) fn all(options: &'a [ProductOption]) -> Vec<Self> {
        let bodies = options.iter().map(|option| Self {
            name: &option.name,
            label: &option.value,
        });
        bodies.collect()
    }
}

/// An id of a request by which a variant was found.
#[derive(Debug, Serialize)]
pub(in crate::api::ucp) struct InputBody<'a> {
    id: &'a str,
    #[serde(rename = "match")]
    level: Level,
}

impl<'a> InputBody<'a> {
    pub(in crate::api::ucp) fn new(id: &'a str, level: Level) -> Self {
        Self { id, level }
    }
}

/// Facts for which the protocol has no member, as `/api/products` shows them.
pub(super) fn metadata(product: &Product, shop: &Storefront) -> Map<String, Value> {
    const FACTS: [&str; 4] = ["brand", "food", "ingredients", "net_content"];
    let body = serde_json::to_value(ProductBody::listed(product, shop));
    let Ok(Value::Object(members)) = body else {
        return Map::new();
    };
    let is_fact = |name: &str, value: &Value| {
        let is_empty = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
        FACTS.contains(&name) && !is_empty
    };
    let members = members.into_iter();
    members
        .filter(|(name, value)| is_fact(name, value))
        .collect()
}
