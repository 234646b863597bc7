use eggypro_domain::products::{Allergen, Diet};

use super::super::tests::variant;
use super::*;

#[test]
fn food_facts_are_additional_properties() {
    let mut nutrition = Nutrition::new(NutritionBasis::HundredGrams);
    nutrition.serving_size = Some("30".parse().unwrap());
    nutrition.energy_kj = Some("1540".parse().unwrap());
    nutrition.salt = Some("0".parse().unwrap());
    let mut food = Food {
        nutrition: Some(nutrition),
        storage: Some("Cool".into()),
        ..Food::default()
    };
    food.allergens = Some([Allergen::Milk, Allergen::Eggs].into());
    food.may_contain.insert(Allergen::Nuts);
    food.diets.insert(Diet::GlutenFree);
    let mut product = variant(7, "egg-white", &[("Flavour", "Cocoa")]);
    product.food = Some(food);

    let measured = |name: &str, value: &str, unit| measured(name, value.parse().unwrap(), unit);
    assert_eq!(
        properties(&product),
        [
            property("Flavour", "Cocoa"),
            measured("Serving size", "30", "GRM"),
            measured("Energy per 100 g", "1540", "KJO"),
            measured("Salt per 100 g", "0", "GRM"),
            property("Allergens", "eggs, milk"),
            property("May contain", "nuts"),
            property("Diets", "gluten-free"),
            property("Storage", "Cool"),
        ]
    );
}
