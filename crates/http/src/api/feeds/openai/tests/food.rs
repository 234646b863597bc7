use eggypro_domain::products::{Allergen, Diet, NutritionBasis};

use super::*;

/// A food with facts of all kinds.
fn food() -> Food {
    let mut nutrition = Nutrition::new(NutritionBasis::HundredGrams);
    nutrition.serving_size = Some("30".parse().unwrap());
    nutrition.energy_kj = Some("1540".parse().unwrap());
    nutrition.energy_kcal = Some("368".parse().unwrap());
    nutrition.fat = Some("0.40".parse().unwrap());
    nutrition.protein = Some("82.00".parse().unwrap());
    nutrition.salt = Some("0".parse().unwrap());
    let mut food = Food {
        nutrition: Some(nutrition),
        ..Food::default()
    };
    food.allergens = Some([Allergen::Milk, Allergen::Eggs].into());
    food.may_contain.insert(Allergen::Nuts);
    food.diets.insert(Diet::GlutenFree);
    food
}

const FACTS: &str = "Allergens: eggs, milk\nMay contain: nuts\nDiets: gluten-free\n\
    Nutrition per 100 g: energy 1540 kJ, energy 368 kcal, fat 0.4 g, protein 82 g, salt 0 g";

#[test]
fn the_facts_of_a_food_follow_the_description() {
    for (description, expected) in [
        ("Protein.", format!("Protein.\n\n{FACTS}")),
        ("Protein.\n", format!("Protein.\n\n{FACTS}")),
    ] {
        let line = item(|product| {
            product.description = description.into();
            product.food = Some(food());
        });
        assert_eq!(line["description"], expected);
    }
}

#[test]
fn unknown_facts_are_left_out() {
    let nutrition = Nutrition::new(NutritionBasis::HundredMillilitres);
    let mut with_fat = nutrition.clone();
    with_fat.fat = Some("1.5".parse().unwrap());
    let of = |nutrition| Food {
        nutrition: Some(nutrition),
        // No allergens, which is not the same as unknown ones. The line does not promise it.
        allergens: Some([].into()),
        ..Food::default()
    };
    for (food, expected) in [
        (None, "Protein."),
        (Some(Food::default()), "Protein."),
        (Some(of(nutrition)), "Protein."),
        (
            Some(of(with_fat)),
            "Protein.\n\nNutrition per 100 ml: fat 1.5 g",
        ),
    ] {
        let line = item(|product| product.food = food);
        assert_eq!(line["description"], expected);
    }
}

#[test]
fn facts_are_there_as_a_whole_or_not_at_all() {
    let room = 5_000 - FACTS.len() - "\n\n".len();
    let whole = "é".repeat(room) + "\n\n" + FACTS;
    for (length, expected, is_lacking) in [
        (room, whole, false),
        (room + 1, "é".repeat(room + 1), true),
        (5_000, "é".repeat(5_000), true),
        (5_001, "é".repeat(4_999) + "…", true),
    ] {
        let mut product = product();
        product.description = "é".repeat(length);
        assert!(!lacks_room_for_facts(&product), "{length}");
        product.food = Some(food());
        assert_eq!(description(&product), expected, "{length}");
        assert_eq!(lacks_room_for_facts(&product), is_lacking, "{length}");
    }
}
