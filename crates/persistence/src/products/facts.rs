//! The facts of a product that are stored as JSON or in several columns.

use std::collections::BTreeMap;

use diesel::prelude::*;
use eggypro_domain::products::{Food, Gtin, NetContent, Product, ProductOption, Seo, Sku};
use eggypro_domain::{Decimal, Price, Slug};
use serde_json::Value;

use super::row::CorruptRow;

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
    /// Adds the facts to their product.
    pub(super) fn add_to(self, product: &mut Product) -> Result<(), CorruptRow> {
        product.title = self.title;
        product.sku = self.sku.map(Sku::try_from).transpose()?;
        product.gtin = self.gtin.map(Gtin::try_from).transpose()?;
        product.brand = self.brand;
        product.list_price = self.list_price.map(Price::try_from).transpose()?;
        product.net_content = read_net_content(self.net_content_value, self.net_content_unit)?;
        product.food = self.food.as_deref().map(read_food).transpose()?;
        product.group = self.variant_group.map(Slug::try_from).transpose()?;
        product.options = read_options(self.options.as_deref())?;
        product.alt_texts = read_alt_texts(self.alt_texts.as_deref())?;
        product.seo = Seo {
            title: self.seo_title,
            description: self.seo_description,
        };
        Ok(())
    }
}

/// Reads the facts of a food.
fn read_food(json: &str) -> Result<Food, CorruptRow> {
    let food = serde_json::from_str(json).and_then(|mut json| {
        change_numbers(&mut json, |value| match value {
            Value::Number(number) => Some(Value::String(number.to_string())),
            _ => None,
        });
        serde_json::from_value(json)
    });
    food.map_err(|_| CorruptRow::Fact("food"))
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
fn read_net_content(
    value: Option<Decimal>,
    unit: Option<String>,
) -> Result<Option<NetContent>, CorruptRow> {
    let (Some(value), Some(unit)) = (value, unit) else {
        return Ok(None);
    };
    let unit = unit.parse().map_err(|_| CorruptRow::Fact("net content"))?;
    let content = NetContent::new(value, unit).map_err(|_| CorruptRow::Fact("net content"))?;
    Ok(Some(content))
}

/// Reads options.
pub(super) fn read_options(json: Option<&str>) -> Result<Vec<ProductOption>, CorruptRow> {
    let pairs: Vec<(String, String)> = json
        .map_or(Ok(vec![]), serde_json::from_str)
        .map_err(|_| CorruptRow::Fact("options"))?;
    let options = pairs.into_iter();
    let options = options.map(|(name, value)| ProductOption { name, value });
    Ok(options.collect())
}

/// Options as JSON.
pub(super) fn options_json(options: &[ProductOption]) -> Value {
    let pairs = options.iter();
    let pairs = pairs.map(|option| vec![option.name.as_str(), option.value.as_str()]);
    pairs.collect()
}

/// Reads alternative texts.
fn read_alt_texts(json: Option<&str>) -> Result<BTreeMap<String, String>, CorruptRow> {
    json.map_or(Ok(BTreeMap::new()), serde_json::from_str)
        .map_err(|_| CorruptRow::Fact("alternative texts"))
}

/// Alternative texts as JSON, by the addresses of their images.
pub(super) fn alt_texts_json(images: &[String], texts: Vec<Option<String>>) -> Value {
    let texts = eggypro_domain::products::alt_texts(images, texts);
    texts
        .into_iter()
        .map(|(url, text)| (url, Value::from(text)))
        .collect()
}
