//! Prices and quantities in the vocabulary of schema.org.

use eggypro_domain::products::{ContentUnit, NetContent, Product, UnitMeasure};
use eggypro_domain::{Decimal, Price};
use serde_json::{Value, json};

use crate::state::Storefront;

/// The `Offer` of a product.
pub(super) fn offer(product: &Product, shop: &Storefront) -> Value {
    let availability = if product.stock_quantity > 0 {
        "https://schema.org/InStock"
    } else {
        "https://schema.org/OutOfStock"
    };
    let mut offer = json!({
        "@type": "Offer",
        "url": shop.url_of(&product.slug),
        "availability": availability,
        "itemCondition": "https://schema.org/NewCondition",
    });
    let mut specifications = vec![];
    if let Some(content) = product.net_content {
        // The price is only here: if the offer has a price too, Google ignores this one and its quantity.
        let mut active = specification(product.price, shop);
        active["referenceQuantity"] = reference(content);
        specifications.push(active);
    } else {
        offer["price"] = amount(product.price);
        offer["priceCurrency"] = json!(shop.currency.code());
    }
    if let Some(list_price) = product.list_price {
        let mut before = specification(list_price, shop);
        before["priceType"] = json!("https://schema.org/StrikethroughPrice");
        specifications.push(before);
    }
    if !specifications.is_empty() {
        offer["priceSpecification"] = json!(specifications);
    }
    offer
}

fn specification(price: Price, shop: &Storefront) -> Value {
    json!({
        "@type": "UnitPriceSpecification",
        "price": amount(price),
        "priceCurrency": shop.currency.code(),
    })
}

/// A price as a text with two decimals. A number in JSON could lose the last zero.
fn amount(price: Price) -> Value {
    json!(price.to_string())
}

/// The net content that a price is for, with the quantity that its unit price is for.
fn reference(content: NetContent) -> Value {
    let (value, measure) = content.in_priced_unit();
    let code = match measure {
        UnitMeasure::Kilogram => "KGM",
        UnitMeasure::Litre => "LTR",
        UnitMeasure::Piece => "C62",
    };
    let mut reference = quantity(value, code);
    reference["valueReference"] = quantity(Decimal::ONE, code);
    reference
}

/// The member of a `Product` that shows its net content: the weight of a mass, the size of a volume or a number of
/// pieces.
pub(super) fn net_content(content: NetContent) -> (&'static str, Value) {
    let (member, code) = match content.unit() {
        ContentUnit::Gram => ("weight", "GRM"),
        ContentUnit::Kilogram => ("weight", "KGM"),
        ContentUnit::Millilitre => ("size", "MLT"),
        ContentUnit::Litre => ("size", "LTR"),
        ContentUnit::Piece => ("size", "C62"),
    };
    (member, quantity(content.value(), code))
}

/// A quantity in a unit of UN/CEFACT.
fn quantity(value: Decimal, code: &str) -> Value {
    json!({
        "@type": "QuantitativeValue",
        "value": value.to_string(),
        "unitCode": code,
    })
}

#[cfg(test)]
mod tests;
