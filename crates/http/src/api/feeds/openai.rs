//! The product feed for OpenAI: JSON Lines, with a line for each product.
//!
//! Source: developers.openai.com/commerce/specs/file-upload/products, as read in October 2026. There, the country of the
//! shop is optional; other pages require it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::iter;

use eggypro_domain::images::StoredImage;
use eggypro_domain::products::{ContentUnit, Food, NetContent, Nutrition, Product, Rating};
use eggypro_domain::{Price, Slug};
use iso_currency::Currency;
use serde::Serialize;

use super::google::{MAX_BRAND, MAX_DESCRIPTION, MAX_TITLE, ascii, first, shortened};
use crate::api::products::jsonld::property_of;
use crate::state::Storefront;

/// Maximum length of the slug of a group, in characters. With `group-` before it, the id of a group has at most 70.
pub(super) const MAX_GROUP: usize = 64;

/// Endings of the addresses of pictures that are neither JPEG nor PNG.
const OTHER_FORMATS: [&str; 8] = ["avif", "bmp", "gif", "heic", "svg", "tif", "tiff", "webp"];

/// A product. An absent member is unknown; no member is empty.
#[derive(Debug, Serialize)]
struct Item<'a> {
    item_id: String,
    title: Cow<'a, str>,
    description: Cow<'a, str>,
    url: String,
    brand: &'a str,
    seller_name: &'a str,
    seller_url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_url: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    additional_image_urls: Vec<String>,
    availability: &'static str,
    price: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    sale_price: Option<String>,
    condition: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    gtin: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    product_category: Option<&'a str>,
    #[serde(flatten)]
    attributes: BTreeMap<&'static str, &'a str>,
    #[serde(flatten)]
    variant: Option<Variant<'a>>,
    #[serde(flatten)]
    weight: Option<Weight>,
    #[serde(flatten)]
    rating: Option<Stars>,
    #[serde(flatten)]
    market: Option<Market<'a>>,
    is_eligible_search: bool,
    is_eligible_checkout: bool,
}

/// The group of a product and its place in it.
#[derive(Debug, Serialize)]
struct Variant<'a> {
    group_id: String,
    listing_has_variations: bool,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    variant_dict: BTreeMap<&'a str, &'a str>,
}

/// The net weight.
#[derive(Debug, Serialize)]
struct Weight {
    weight: String,
    item_weight_unit: &'static str,
}

/// The rating by verified reviews, of which there is at least one.
#[derive(Debug, Serialize)]
struct Stars {
    review_count: u64,
    star_rating: String,
}

/// Where the shop is and sells.
#[derive(Debug, Serialize)]
struct Market<'a> {
    store_country: &'a str,
    target_countries: [&'a str; 1],
}

/// Appends the line of a product, which must be [listed](super::rules::is_listed).
pub(super) fn write_item(out: &mut String, product: &Product, shop: &Storefront) {
    // Such a struct can always be serialized.
    if let Ok(line) = serde_json::to_string(&item(product, shop)) {
        out.push_str(&line);
        out.push('\n');
    }
}

fn item<'a>(product: &'a Product, shop: &'a Storefront) -> Item<'a> {
    let mut pictures = pictures(product).map(|url| ascii(url).into_owned());
    let list_price = product.list_price.filter(|list| *list > product.price);
    let money = |price: Price| money(price, shop.currency);
    let brand = product.brand.as_deref().unwrap_or(&shop.brand);
    let category = product.categories.first();
    Item {
        // Not the SKU, which can change.
        item_id: product.id.to_string(),
        title: shortened(product.shown_title(), MAX_TITLE),
        description: description(product),
        url: shop.url_of(&product.slug),
        brand: first(brand, MAX_BRAND),
        seller_name: first(&shop.brand, MAX_BRAND),
        seller_url: &shop.url,
        image_url: pictures.next(),
        additional_image_urls: pictures.collect(),
        availability: if product.stock_quantity > 0 {
            "in_stock"
        } else {
            "out_of_stock"
        },
        price: money(list_price.unwrap_or(product.price)),
        sale_price: list_price.map(|_| money(product.price)),
        condition: "new",
        // Without an `mpn`: the SKU is the number of the shop, not of the manufacturer.
        gtin: product.gtin.as_ref().map(|gtin| gtin.as_str()),
        product_category: category.map(|category| category.name.as_str()),
        attributes: attributes(product),
        variant: variant(product),
        weight: product.net_content.and_then(weight),
        rating: stars(product.rating),
        market: shop
            .country
            .as_ref()
            .map(|country| market(country.as_str())),
        is_eligible_search: true,
        is_eligible_checkout: false,
    }
}

/// An amount with at most the decimals of its currency. One that [needs more](is_too_precise) is not rounded.
fn money(price: Price, currency: Currency) -> String {
    let is_whole = has_no_decimals(currency) && price.amount().is_integer();
    let decimals = if is_whole { 0 } else { 2 };
    format!("{:.decimals$} {}", price.amount(), currency.code())
}

/// Whether a price has decimals although its currency has none.
pub(super) fn is_too_precise(price: Price, currency: Currency) -> bool {
    has_no_decimals(currency) && !price.amount().is_integer()
}

fn has_no_decimals(currency: Currency) -> bool {
    currency.exponent().unwrap_or_default() == 0
}

/// The addresses of the images, the main image first. An image that is neither JPEG nor PNG is replaced by its
/// rendition if there is one.
pub(super) fn pictures(product: &Product) -> impl Iterator<Item = &str> {
    let stored = product.media.iter().map(Option::as_ref);
    let images = product.images.iter().zip(stored.chain(iter::repeat(None)));
    images.map(|(url, stored)| readable(url, stored))
}

/// The rendition of the folder is a JPEG or PNG. That of Cloudinary has no ending, and is a format that its reader
/// accepts.
fn readable<'a>(url: &'a str, stored: Option<&'a StoredImage>) -> &'a str {
    let renditions = stored.and_then(|stored| stored.renditions.as_ref());
    let rendition = renditions.map(|renditions| renditions.optimized.as_str());
    let rendition = rendition.filter(|rendition| !is_other_format(rendition));
    match rendition {
        Some(rendition) if is_other_format(url) => rendition,
        _ => url,
    }
}

/// Whether the address of a picture ends like that of a picture that is neither JPEG nor PNG. An address without an
/// ending tells nothing.
pub(super) fn is_other_format(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    let mut formats = OTHER_FORMATS.iter();
    formats.any(|format| ending.eq_ignore_ascii_case(format))
}

/// The options for which the feed has a field: `color`, `material` and `size`.
fn attributes(product: &Product) -> BTreeMap<&'static str, &str> {
    let options = product.options.iter();
    let known = options.filter_map(|option| Some((property_of(option)?, option.value.as_str())));
    known.filter(|(name, _)| *name != "pattern").collect()
}

fn variant(product: &Product) -> Option<Variant<'_>> {
    let options = product.options.iter();
    let options = options.map(|option| (option.name.as_str(), option.value.as_str()));
    Some(Variant {
        group_id: group_id(product.group.as_ref()?),
        listing_has_variations: true,
        variant_dict: options.collect(),
    })
}

/// The id of a group, never that of a product. Groups whose slugs have the same first 64 characters share it.
fn group_id(group: &Slug) -> String {
    format!("group-{}", first(group.as_str(), MAX_GROUP))
}

fn weight(content: NetContent) -> Option<Weight> {
    let unit = content.unit();
    let is_mass = matches!(unit, ContentUnit::Gram | ContentUnit::Kilogram);
    is_mass.then(|| Weight {
        weight: content.value().to_string(),
        item_weight_unit: unit.as_str(),
    })
}

fn stars(rating: Rating) -> Option<Stars> {
    let average = rating.average()?;
    Some(Stars {
        review_count: rating.count(),
        star_rating: format!("{average:.2}"),
    })
}

fn market(country: &str) -> Market<'_> {
    Market {
        store_country: country,
        target_countries: [country],
    }
}

/// The description with the facts of the food, for which the feed has no fields. The facts are there as a whole or not
/// at all, so that no allergen is missing among others.
fn description(product: &Product) -> Cow<'_, str> {
    let cut = || shortened(&product.description, MAX_DESCRIPTION);
    with_facts(product).map_or_else(cut, Cow::Owned)
}

/// Whether the facts of the food are left out because the description would be too long with them.
pub(super) fn lacks_room_for_facts(product: &Product) -> bool {
    !facts(product).is_empty() && with_facts(product).is_none()
}

/// `None` without facts, or if it would be too long.
fn with_facts(product: &Product) -> Option<String> {
    let facts = facts(product);
    let text = [product.description.trim_end(), facts.as_str()].join("\n\n");
    let fits = first(&text, MAX_DESCRIPTION).len() == text.len();
    (fits && !facts.is_empty()).then_some(text)
}

fn facts(product: &Product) -> String {
    product.food.as_ref().map(of_food).unwrap_or_default()
}

/// The facts of a food, each in a line.
fn of_food(food: &Food) -> String {
    let allergens = food.allergens.iter().flatten().map(|one| one.as_str());
    let traces = food.may_contain.iter().map(|one| one.as_str());
    let diets = food.diets.iter().map(|one| one.as_str());
    let mut lines = vec![
        ("Allergens".to_owned(), joined(allergens)),
        ("May contain".to_owned(), joined(traces)),
        ("Diets".to_owned(), joined(diets)),
    ];
    lines.extend(food.nutrition.as_ref().map(of_nutrition));
    let lines = lines.iter().filter(|(_, facts)| !facts.is_empty());
    let lines: Vec<String> = lines
        .map(|(name, facts)| format!("{name}: {facts}"))
        .collect();
    lines.join("\n")
}

fn joined<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    names.join(", ")
}

fn of_nutrition(nutrition: &Nutrition) -> (String, String) {
    let contents = [
        ("energy", nutrition.energy_kj, "kJ"),
        ("energy", nutrition.energy_kcal, "kcal"),
        ("fat", nutrition.fat, "g"),
        ("saturates", nutrition.saturates, "g"),
        ("carbohydrate", nutrition.carbohydrate, "g"),
        ("sugars", nutrition.sugars, "g"),
        ("fibre", nutrition.fibre, "g"),
        ("protein", nutrition.protein, "g"),
        ("salt", nutrition.salt, "g"),
    ];
    let contents = contents
        .into_iter()
        .filter_map(|(name, value, unit)| Some(format!("{name} {} {unit}", value?.normalize())));
    let contents: Vec<String> = contents.collect();
    let name = format!("Nutrition per {}", nutrition.basis.as_str());
    (name, contents.join(", "))
}

#[cfg(test)]
mod tests;
