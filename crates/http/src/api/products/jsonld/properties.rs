//! Facts for which schema.org has no property of a `Product`, as `PropertyValue`s.

use eggypro_domain::Decimal;
use eggypro_domain::products::{Food, Nutrition, NutritionBasis, Product};
use serde_json::{Value, json};

/// The options of a product, and the facts of a food.
pub(super) fn properties(product: &Product) -> Vec<Value> {
    let options = product.options.iter();
    let mut properties: Vec<Value> = options
        .map(|option| property(&option.name, &option.value))
        .collect();
    properties.extend(product.food.iter().flat_map(of_food));
    properties
}

fn of_food(food: &Food) -> Vec<Value> {
    let nutrition = food.nutrition.iter();
    let mut properties: Vec<Value> = nutrition.flat_map(of_nutrition).collect();
    let texts = [
        (
            "Allergens",
            joined(food.allergens.iter().flatten().map(|one| one.as_str())),
        ),
        (
            "May contain",
            joined(food.may_contain.iter().map(|one| one.as_str())),
        ),
        ("Diets", joined(food.diets.iter().map(|one| one.as_str()))),
        ("Storage", food.storage.clone().unwrap_or_default()),
    ];
    let texts = texts.iter().filter(|(_, text)| !text.is_empty());
    properties.extend(texts.map(|(name, text)| property(name, text)));
    properties
}

fn joined<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    names.join(", ")
}

// Units of UN/CEFACT.
const GRAM: &str = "GRM";
const MILLILITRE: &str = "MLT";
const KILOJOULE: &str = "KJO";

/// What a `NutritionInformation` can't express.
fn of_nutrition(nutrition: &Nutrition) -> Vec<Value> {
    let basis = nutrition.basis.as_str();
    let unit_of_serving = match nutrition.basis {
        NutritionBasis::HundredGrams => GRAM,
        NutritionBasis::HundredMillilitres => MILLILITRE,
    };
    let serving = nutrition.serving_size;
    let serving = serving.map(|size| measured("Serving size", size, unit_of_serving));
    let contents = [
        ("Energy", nutrition.energy_kj, KILOJOULE),
        ("Salt", nutrition.salt, GRAM),
    ];
    let contents = contents.into_iter().filter_map(|(name, value, unit)| {
        let name = format!("{name} per {basis}");
        Some(measured(&name, value?, unit))
    });
    serving.into_iter().chain(contents).collect()
}

fn measured(name: &str, value: Decimal, unit: &str) -> Value {
    let mut measured = property(name, &value.normalize().to_string());
    measured["unitCode"] = json!(unit);
    measured
}

fn property(name: &str, value: &str) -> Value {
    json!({ "@type": "PropertyValue", "name": name, "value": value })
}

#[cfg(test)]
mod tests;
