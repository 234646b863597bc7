//! The product feed for Google Merchant Center: RSS 2.0, with an item for each product.
//!
//! Source: Google Merchant Center Help, "Product data specification".

use std::borrow::Cow;

use eggypro_domain::products::{Product, UnitMeasure};
use eggypro_domain::{Price, Slug};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::push_element;
use crate::api::products::jsonld::property_of;
use crate::state::Storefront;

/// Maximum length of a title, in characters.
pub(super) const MAX_TITLE: usize = 150;
/// Maximum length of a description, in characters.
pub(super) const MAX_DESCRIPTION: usize = 5_000;
/// Maximum length of a brand, in characters.
pub(super) const MAX_BRAND: usize = 70;
/// Maximum length of the id of a group, in characters.
pub(super) const MAX_GROUP: usize = 50;
/// Maximum number of images besides the main image.
const MAX_ADDITIONAL_IMAGES: usize = 10;

/// The end of the feed.
pub(super) const TAIL: &str = "</channel></rss>\n";

/// Appends the beginning of the feed.
pub(super) fn write_head(out: &mut String, shop: &Storefront) {
    out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.push_str("<rss version=\"2.0\" xmlns:g=\"http://base.google.com/ns/1.0\"><channel>");
    push_element(out, "title", &shop.brand);
    push_element(out, "link", &shop.url);
    push_element(out, "description", &format!("Products of {}", shop.brand));
    out.push('\n');
}

/// Appends the item of a product, which must be [listed](super::rules::is_listed).
pub(super) fn write_item(out: &mut String, product: &Product, shop: &Storefront) {
    out.push_str("<item>");
    // Not the SKU, which can change and can have more than the 50 characters that Google allows.
    push_element(out, "g:id", &product.id.to_string());
    write_page(out, product, shop);
    write_images(out, product);
    write_offer(out, product, shop);
    write_identifiers(out, product, shop);
    write_variant(out, product);
    write_unit_pricing(out, product);
    for category in &product.categories {
        push_element(out, "g:product_type", &category.name);
    }
    out.push_str("</item>\n");
}

fn write_page(out: &mut String, product: &Product, shop: &Storefront) {
    push_element(out, "g:title", &shortened(product.shown_title(), MAX_TITLE));
    let description = shortened(&product.description, MAX_DESCRIPTION);
    push_element(out, "g:description", &description);
    push_element(out, "g:link", &shop.url_of(&product.slug));
}

fn write_images(out: &mut String, product: &Product) {
    let mut images = product.images.iter().map(|url| ascii(url));
    if let Some(main) = images.next() {
        push_element(out, "g:image_link", &main);
    }
    for url in images.take(MAX_ADDITIONAL_IMAGES) {
        push_element(out, "g:additional_image_link", &url);
    }
}

fn write_offer(out: &mut String, product: &Product, shop: &Storefront) {
    let availability = if product.stock_quantity > 0 {
        "in_stock"
    } else {
        "out_of_stock"
    };
    push_element(out, "g:availability", availability);
    let amount = |price: Price| format!("{price} {}", shop.currency.code());
    let regular = product.list_price.unwrap_or(product.price);
    push_element(out, "g:price", &amount(regular));
    if product.list_price.is_some() {
        push_element(out, "g:sale_price", &amount(product.price));
    }
    push_element(out, "g:condition", "new");
}

/// A GTIN, or else a number of the manufacturer with the brand. A shop that has neither must say so.
fn write_identifiers(out: &mut String, product: &Product, shop: &Storefront) {
    let brand = product.brand.as_deref().unwrap_or(&shop.brand);
    push_element(out, "g:brand", first(brand, MAX_BRAND));
    if let Some(gtin) = &product.gtin {
        push_element(out, "g:gtin", gtin.as_str());
    } else if let Some(sku) = &product.sku {
        push_element(out, "g:mpn", sku.as_str());
    } else {
        push_element(out, "g:identifier_exists", "no");
    }
}

fn write_variant(out: &mut String, product: &Product) {
    if let Some(group) = &product.group {
        push_element(out, "g:item_group_id", group_id(group));
        for option in &product.options {
            out.push_str("<g:variant_option>");
            push_element(out, "g:name", &option.name);
            push_element(out, "g:value", &option.value);
            out.push_str("</g:variant_option>");
        }
    }
    for option in &product.options {
        if let Some(property) = property_of(option) {
            push_element(out, &format!("g:{property}"), &option.value);
        }
    }
}

/// The quantities from which Google computes the unit price. Both must have the same unit.
fn write_unit_pricing(out: &mut String, product: &Product) {
    let Some(content) = product.net_content else {
        return;
    };
    let (value, measure) = content.in_priced_unit();
    let unit = match measure {
        UnitMeasure::Kilogram => "kg",
        UnitMeasure::Litre => "l",
        UnitMeasure::Piece => "ct",
    };
    push_element(out, "g:unit_pricing_measure", &format!("{value}{unit}"));
    push_element(out, "g:unit_pricing_base_measure", &format!("1{unit}"));
}

/// The id of a group. Groups whose slugs have the same first 50 characters share it.
fn group_id(group: &Slug) -> &str {
    first(group.as_str(), MAX_GROUP)
}

/// The first `max` characters of a text.
pub(super) fn first(text: &str, max: usize) -> &str {
    let end = text.char_indices().nth(max);
    end.map_or(text, |(end, _)| &text[..end])
}

/// A text of at most `max` characters. A text that is cut ends with `…`.
pub(super) fn shortened(text: &str, max: usize) -> Cow<'_, str> {
    if first(text, max).len() == text.len() {
        return Cow::Borrowed(text);
    }
    let beginning = first(text, max.saturating_sub(1));
    Cow::Owned([beginning.trim_end(), "…"].concat())
}

/// A URL with only the characters that Google accepts in the URL of an image: ASCII as in RFC 3986, without commas.
/// Existing percent-encoding stays.
pub(super) fn ascii(url: &str) -> Cow<'_, str> {
    const ENCODED: &AsciiSet = &CONTROLS
        .add(b' ')
        .add(b'"')
        .add(b',')
        .add(b'<')
        .add(b'>')
        .add(b'\\')
        .add(b'^')
        .add(b'`')
        .add(b'{')
        .add(b'|')
        .add(b'}');
    utf8_percent_encode(url, ENCODED).into()
}

#[cfg(test)]
mod tests;
