//! The nutrition declaration of a food, as schema.org has it for dishes. It has no property for salt and none for
//! kilojoules: see [`properties`](super::properties).

use eggypro_domain::Decimal;
use eggypro_domain::products::{Nutrition, Product};
use serde_json::{Value, json};

use super::object;

/// The `NutritionInformation` of a product, or null if it has none.
pub(super) fn nutrition(product: &Product) -> Value {
    let food = product.food.as_ref();
    let nutrition = food.and_then(|food| food.nutrition.as_ref());
    let described = nutrition.map(information).unwrap_or_default();
    // More than the type and the serving size.
    let has_values = described
        .as_object()
        .is_some_and(|members| members.len() > 2);
    if has_values { described } else { Value::Null }
}

fn information(nutrition: &Nutrition) -> Value {
    let grams = |mass: Option<Decimal>| json!(mass.map(|mass| format!("{} g", mass.normalize())));
    let calories = nutrition.energy_kcal.map(|energy| energy.normalize());
    // By definition, salt is 2.5 times the sodium (Regulation (EU) 1169/2011, Annex I).
    let sodium = nutrition.salt.map(|salt| salt * Decimal::new(4, 1));
    object([
        ("@type", json!("NutritionInformation")),
        ("servingSize", json!(nutrition.basis.as_str())),
        (
            "calories",
            json!(calories.map(|energy| format!("{energy} kcal"))),
        ),
        ("fatContent", grams(nutrition.fat)),
        ("saturatedFatContent", grams(nutrition.saturates)),
        ("carbohydrateContent", grams(nutrition.carbohydrate)),
        ("sugarContent", grams(nutrition.sugars)),
        ("fiberContent", grams(nutrition.fibre)),
        ("proteinContent", grams(nutrition.protein)),
        ("sodiumContent", grams(sodium)),
    ])
}

#[cfg(test)]
mod tests {
    use eggypro_domain::products::{Food, NutritionBasis};

    use super::super::tests::product;
    use super::*;

    #[test]
    fn a_declaration_is_described_in_the_units_of_schema_org() {
        let mut declared = Nutrition::new(NutritionBasis::HundredMillilitres);
        let mut described = product(7, "egg-white");
        assert_eq!(nutrition(&described), Value::Null);
        described.food = Some(Food {
            nutrition: Some(declared.clone()),
            ..Food::default()
        });
        assert_eq!(nutrition(&described), Value::Null);
        declared.energy_kj = Some("1540".parse().unwrap());
        declared.energy_kcal = Some("368".parse().unwrap());
        declared.protein = Some("82.00".parse().unwrap());
        declared.salt = Some("1.2".parse().unwrap());
        described.food = Some(Food {
            nutrition: Some(declared),
            ..Food::default()
        });
        assert_eq!(
            nutrition(&described),
            json!({
                "@type": "NutritionInformation",
                "servingSize": "100 ml",
                "calories": "368 kcal",
                "proteinContent": "82 g",
                "sodiumContent": "0.48 g"
            })
        );
    }
}
