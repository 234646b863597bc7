use std::collections::BTreeSet;

use eggypro_domain::Decimal;
use eggypro_domain::products::{
    Allergen, Food, NetContent, Nutrition, Product, ProductOption, Seo,
};
use eggypro_domain::time::OffsetDateTime;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::cells;

/// Writes a product on a line.
///
/// # Errors
/// If a value has no JSON.
pub(crate) fn write(product: &Product, file: &mut String) -> serde_json::Result<()> {
    let line = serde_json::to_string(&Line::of(product))?;
    file.push_str(&line);
    file.push('\n');
    Ok(())
}

/// The members that a write takes, in the order of the CSV.
#[derive(Serialize)]
struct Line<'a> {
    sku: Option<&'a str>,
    gtin: Option<&'a str>,
    slug: &'a str,
    name: &'a str,
    title: Option<&'a str>,
    description: &'a str,
    details: &'a str,
    brand: Option<&'a str>,
    price: Amount,
    list_price: Option<Amount>,
    stock_quantity: i32,
    low_stock_at: Option<i32>,
    is_active: bool,
    publish_at: Option<String>,
    unpublish_at: Option<String>,
    categories: Vec<&'a str>,
    ingredients: &'a [String],
    images: &'a [String],
    media: Vec<Media<'a>>,
    group: Option<&'a str>,
    options: Options<'a>,
    net_content: Option<Content>,
    food: Option<FoodLine<'a>>,
    seo: &'a Seo,
}

impl<'a> Line<'a> {
    fn of(product: &'a Product) -> Self {
        let media = product.images.iter().map(|url| Media {
            alt_text: product.alt_texts.get(url).map(String::as_str),
        });
        let categories = product.categories.iter();
        Self {
            sku: product.sku.as_ref().map(|sku| sku.as_str()),
            gtin: product.gtin.as_ref().map(|gtin| gtin.as_str()),
            slug: product.slug.as_str(),
            name: &product.name,
            title: product.title.as_deref(),
            description: &product.description,
            details: &product.details,
            brand: product.brand.as_deref(),
            price: Amount(product.price.amount()),
            list_price: product.list_price.map(|price| Amount(price.amount())),
            stock_quantity: product.stock_quantity,
            low_stock_at: product.low_stock_at,
            is_active: product.is_active,
            publish_at: product.publish_at.map(time),
            unpublish_at: product.unpublish_at.map(time),
            categories: categories.map(|category| category.slug.as_str()).collect(),
            ingredients: &product.ingredients,
            images: &product.images,
            media: media.collect(),
            group: product.group.as_ref().map(|group| group.as_str()),
            options: Options(&product.options),
            net_content: product.net_content.map(Content::of),
            food: product.food.as_ref().map(FoodLine::of),
            seo: &product.seo,
        }
    }
}

fn time(time: OffsetDateTime) -> String {
    let mut text = String::new();
    cells::write_time(time, &mut text);
    text
}

/// What an image shows.
#[derive(Serialize)]
struct Media<'a> {
    alt_text: Option<&'a str>,
}

#[derive(Serialize)]
struct Content {
    value: Number,
    unit: &'static str,
}

impl Content {
    fn of(content: NetContent) -> Self {
        Self {
            value: Number(content.value()),
            unit: content.unit().as_str(),
        }
    }
}

#[derive(Serialize)]
struct FoodLine<'a> {
    allergens: Option<Vec<&'static str>>,
    may_contain: Vec<&'static str>,
    diets: Vec<&'static str>,
    nutrition: Option<NutritionLine>,
    origin_country: Option<&'a str>,
    storage: Option<&'a str>,
}

impl<'a> FoodLine<'a> {
    fn of(food: &'a Food) -> Self {
        let names = |set: &BTreeSet<Allergen>| set.iter().map(|one| one.as_str()).collect();
        Self {
            allergens: food.allergens.as_ref().map(names),
            may_contain: names(&food.may_contain),
            diets: food.diets.iter().map(|one| one.as_str()).collect(),
            nutrition: food.nutrition.as_ref().map(NutritionLine::of),
            origin_country: food.origin_country.as_ref().map(|country| country.as_str()),
            storage: food.storage.as_deref(),
        }
    }
}

#[derive(Serialize)]
struct NutritionLine {
    basis: &'static str,
    serving_size: Option<Number>,
    energy_kj: Option<Number>,
    energy_kcal: Option<Number>,
    fat: Option<Number>,
    saturates: Option<Number>,
    carbohydrate: Option<Number>,
    sugars: Option<Number>,
    fibre: Option<Number>,
    protein: Option<Number>,
    salt: Option<Number>,
}

impl NutritionLine {
    fn of(nutrition: &Nutrition) -> Self {
        Self {
            basis: nutrition.basis.as_str(),
            serving_size: nutrition.serving_size.map(Number),
            energy_kj: nutrition.energy_kj.map(Number),
            energy_kcal: nutrition.energy_kcal.map(Number),
            fat: nutrition.fat.map(Number),
            saturates: nutrition.saturates.map(Number),
            carbohydrate: nutrition.carbohydrate.map(Number),
            sugars: nutrition.sugars.map(Number),
            fibre: nutrition.fibre.map(Number),
            protein: nutrition.protein.map(Number),
            salt: nutrition.salt.map(Number),
        }
    }
}

/// Options as an object, in their order.
struct Options<'a>(&'a [ProductOption]);

impl Serialize for Options<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let options = self.0.iter();
        serializer.collect_map(options.map(|option| (&option.name, &option.value)))
    }
}

/// An amount of money, with two decimals.
struct Amount(Decimal);

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        digits(format!("{:.2}", self.0), serializer)
    }
}

/// A number without zeros at its end.
struct Number(Decimal);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        digits(self.0.normalize().to_string(), serializer)
    }
}

/// Writes the digits of a number, without a conversion to a float.
fn digits<S: Serializer>(digits: String, serializer: S) -> Result<S::Ok, S::Error> {
    let digits = RawValue::from_string(digits).map_err(serde::ser::Error::custom)?;
    digits.serialize(serializer)
}
