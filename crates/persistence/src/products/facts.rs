//! The facts of a product that are stored as JSON or in several columns.

use diesel::prelude::*;
use eggypro_domain::products::{Food, NetContent, Product, ProductOption, Seo};
use eggypro_domain::{Decimal, Price};
use serde_json::Value;

/// The columns of a product's facts.
#[derive(Debug, Queryable)]
pub(super) struct FactsRow {
    title: Option<String>,
    sku: Option<String>,
    gtin: Option<String>,
    brand: Option<String>,
    list_price: Option<Decimal>,
    net_content_value: Option<Decimal>,
    net_content_unit: Option<String>,
    food: Option<String>,
    variant_group: Option<String>,
    options: Option<String>,
    alt_texts: Option<String>,
    seo_title: Option<String>,
    seo_description: Option<String>,
}

impl FactsRow {
    /// Adds the facts to their product. The database does not check all rules, so what a hand at it has written may break
    /// some. Such a fact counts as absent: one row must not stop the whole catalogue.
    pub(super) fn add_to(self, product: &mut Product) {
        product.title = self.title;
        product.sku = self.sku.and_then(|sku| valid("SKU", sku.parse().ok()));
        product.gtin = self.gtin.and_then(|gtin| valid("GTIN", gtin.parse().ok()));
        product.brand = self.brand;
        let list_price = self.list_price;
        product.list_price =
            list_price.and_then(|price| valid("list price", Price::try_from(price).ok()));
        product.net_content = read_net_content(self.net_content_value, self.net_content_unit);
        product.food = self.food.and_then(|json| valid("food", read_food(&json)));
        let group = self.variant_group;
        product.group = group.and_then(|group| valid("group", group.parse().ok()));
        let options = self.options;
        let options = options.and_then(|json| valid("options", read_options(&json)));
        product.options = options.unwrap_or_default();
        let texts = self.alt_texts;
        let texts =
            texts.and_then(|json| valid("alternative texts", serde_json::from_str(&json).ok()));
        product.alt_texts = texts.unwrap_or_default();
        product.seo = Seo {
            title: self.seo_title,
            description: self.seo_description,
        };
    }
}

/// Logs a fact that can't be read.
fn valid<T>(fact: &str, read: Option<T>) -> Option<T> {
    if read.is_none() {
        tracing::debug!(fact, "a fact of a product breaks its rules");
    }
    read
}

/// Reads the facts of a food.
fn read_food(json: &str) -> Option<Food> {
    let mut json = serde_json::from_str(json).ok()?;
    change_numbers(&mut json, |value| match value {
        Value::Number(number) => Some(Value::String(number.to_string())),
        _ => None,
    });
    serde_json::from_value(json).ok()
}

/// The facts of a food as JSON.
pub(super) fn food_json(food: &Food) -> Value {
    let mut json = serde_json::to_value(food).unwrap_or_default();
    change_numbers(&mut json, |value| {
        let number = value.as_str()?.parse().ok()?;
        Some(Value::Number(number))
    });
    json
}

/// Changes the numbers of nutrition: the domain writes them as texts, which the log of changes should not show.
fn change_numbers(food: &mut Value, change: impl Fn(&Value) -> Option<Value>) {
    let nutrition = food.get_mut("nutrition").and_then(Value::as_object_mut);
    for (name, value) in nutrition.into_iter().flatten() {
        if name != "basis"
            && let Some(changed) = change(value)
        {
            *value = changed;
        }
    }
}

/// Reads the content of one unit.
fn read_net_content(value: Option<Decimal>, unit: Option<String>) -> Option<NetContent> {
    let content = NetContent::new(value?, unit?.parse().ok()?);
    valid("net content", content.ok())
}

/// Reads options.
pub(super) fn read_options(json: &str) -> Option<Vec<ProductOption>> {
    let pairs: Vec<(String, String)> = serde_json::from_str(json).ok()?;
    let options = pairs.into_iter();
    let options = options.map(|(name, value)| ProductOption { name, value });
    Some(options.collect())
}

/// Options as JSON.
pub(super) fn options_json(options: &[ProductOption]) -> Value {
    let pairs = options.iter();
    let pairs = pairs.map(|option| vec![option.name.as_str(), option.value.as_str()]);
    pairs.collect()
}

/// Alternative texts as JSON, by the addresses of their images.
pub(super) fn alt_texts_json(images: &[String], texts: Vec<Option<String>>) -> Value {
    let texts = eggypro_domain::products::alt_texts(images, texts);
    texts
        .into_iter()
        .map(|(url, text)| (url, Value::from(text)))
        .collect()
}
