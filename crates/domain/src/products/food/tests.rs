use super::*;
use rust_decimal::Decimal;

/// The highest [`Decimal`].
const HIGHEST: &str = "79228162514264337593543950335";

fn decimal(text: &str) -> Option<Decimal> {
    Some(text.parse().unwrap())
}

fn errors(food: &Food) -> String {
    match food.validate() {
        Ok(()) => String::new(),
        Err(report) => report.to_string().trim_end().replace('\n', "; "),
    }
}

/// The errors of a nutrition declaration with numbers such as `fat 20, salt 1.5`.
fn nutrition_errors(numbers: &str) -> String {
    let mut nutrition = Nutrition::new(NutritionBasis::HundredGrams);
    for number in numbers.split_terminator(", ") {
        let (field, value) = number.split_once(' ').unwrap();
        let field = match field {
            "serving_size" => &mut nutrition.serving_size,
            "energy_kj" => &mut nutrition.energy_kj,
            "energy_kcal" => &mut nutrition.energy_kcal,
            "fat" => &mut nutrition.fat,
            "saturates" => &mut nutrition.saturates,
            "carbohydrate" => &mut nutrition.carbohydrate,
            "sugars" => &mut nutrition.sugars,
            "fibre" => &mut nutrition.fibre,
            "protein" => &mut nutrition.protein,
            "salt" => &mut nutrition.salt,
            _ => panic!("no field {field}"),
        };
        *field = decimal(value);
    }
    errors(&Food {
        nutrition: Some(nutrition),
        ..Food::default()
    })
}

/// The errors of a food with these allergens, traces and diets.
fn label_errors(allergens: &[Allergen], traces: &[Allergen], diets: &[Diet]) -> String {
    errors(&Food {
        allergens: Some(allergens.iter().copied().collect()),
        may_contain: traces.iter().copied().collect(),
        diets: diets.iter().copied().collect(),
        ..Food::default()
    })
}

#[test]
fn diets_are_contradicted_by_allergens() {
    use Allergen::{Crustaceans, Eggs, Fish, Gluten, Milk, Molluscs};

    for (diet, contradicting) in [
        (Diet::Vegetarian, vec![Crustaceans, Fish, Molluscs]),
        (Diet::Vegan, vec![Crustaceans, Eggs, Fish, Milk, Molluscs]),
        (Diet::GlutenFree, vec![Gluten]),
        (Diet::LactoseFree, vec![]),
        (Diet::Halal, vec![]),
        (Diet::Kosher, vec![]),
    ] {
        for allergen in Allergen::ALL {
            let (name, of_allergen) = (diet.as_str(), allergen.as_str());
            let mut expected = String::new();
            if contradicting.contains(&allergen) {
                expected =
                    format!("diets: Diets contradict the allergens: {name} and {of_allergen}");
            }
            assert_eq!(label_errors(&[allergen], &[], &[diet]), expected);
            assert_eq!(label_errors(&[], &[allergen], &[diet]), "");
        }
    }
    assert_eq!(
        label_errors(&[Milk, Eggs], &[Gluten], &[Diet::Vegan, Diet::GlutenFree]),
        "diets: Diets contradict the allergens: vegan and eggs, vegan and milk"
    );
}

#[test]
fn an_allergen_is_declared_once() {
    use Allergen::{Eggs, Milk, Nuts};

    assert_eq!(label_errors(&[Eggs, Milk], &[Nuts], &[]), "");
    assert_eq!(
        label_errors(&[Milk, Eggs], &[Nuts, Milk, Eggs], &[]),
        "may_contain: May contain must not repeat allergens: eggs, milk"
    );
}

#[test]
fn storage_is_a_text() {
    let with = |storage: &str| {
        errors(&Food {
            storage: Some(storage.into()),
            ..Food::default()
        })
    };
    assert_eq!(with("Keep cool.\nUse within a week."), "");
    assert_eq!(with(&"é".repeat(1_000)), "");
    assert_eq!(with(""), "storage: Storage is required");
    assert_eq!(with(&"é".repeat(1_001)), "storage: Storage too long");
    assert_eq!(
        with("a\0b"),
        "storage: Storage must not contain NUL characters"
    );
}

#[test]
fn a_complete_declaration_is_valid() {
    let numbers = "serving_size 30, energy_kj 1590, energy_kcal 380, fat 0.50, saturates 0.5, \
                   carbohydrate 7.25, sugars 7.25, fibre 1.2, protein 82.000, salt 2.5";
    assert_eq!(nutrition_errors(numbers), "");
    assert_eq!(nutrition_errors(""), "");
}

#[test]
fn every_number_has_bounds() {
    for (field, label, max) in [
        ("energy_kj", "Energy kJ", "4000"),
        ("energy_kcal", "Energy kcal", "956"),
        ("fat", "Fat", "100"),
        ("saturates", "Saturates", "100"),
        ("carbohydrate", "Carbohydrate", "100"),
        ("sugars", "Sugars", "100"),
        ("fibre", "Fibre", "100"),
        ("protein", "Protein", "100"),
        ("salt", "Salt", "100"),
    ] {
        let with = |value: &str| nutrition_errors(&format!("{field} {value}"));
        for valid in ["0", "-0", "0.01", "99.99", "1.5000", max] {
            assert_eq!(with(valid), "", "{field}");
        }
        let bounds = format!("nutrition.{field}: {label} must be between 0 and {max}");
        let above = format!("{max}.01");
        for invalid in ["-0.01", "-1", &above, HIGHEST] {
            assert_eq!(with(invalid), bounds);
        }
        let decimals = format!("nutrition.{field}: {label} must have at most two decimals");
        assert_eq!(with("0.001"), decimals);
    }
}

#[test]
fn servings_have_bounds() {
    for (size, expected) in [
        ("0", "must be positive"),
        ("-1", "must be positive"),
        ("10000.01", "must be between 0 and 10000"),
        ("0.005", "must have at most two decimals"),
    ] {
        let expected = format!("nutrition.serving_size: Serving size {expected}");
        assert_eq!(nutrition_errors(&format!("serving_size {size}")), expected);
    }
    assert_eq!(nutrition_errors("serving_size 0.01"), "");
    assert_eq!(nutrition_errors("serving_size 10000"), "");
}

#[test]
fn masses_are_at_most_100_grams_together() {
    for (numbers, expected) in [
        ("fat 20, carbohydrate 20, fibre 20, protein 20, salt 20", ""),
        (
            "fat 20, carbohydrate 20, fibre 20, protein 20, salt 20.01",
            "salt: Salt",
        ),
        (
            "fat 10, carbohydrate 50, protein 41",
            "carbohydrate: Carbohydrate",
        ),
        ("fat 10, protein 91", "protein: Protein"),
        ("fibre 99, salt 2", "fibre: Fibre"),
        // The first of equal masses is reported.
        ("fat 51, carbohydrate 51", "fat: Fat"),
        // Saturates and sugars are counted with fat and carbohydrate.
        ("fat 50, saturates 50, carbohydrate 50, sugars 50", ""),
        ("saturates 90, sugars 90", ""),
    ] {
        let mut expected = expected.to_owned();
        if !expected.is_empty() {
            let rule = "fat, carbohydrate, fibre, protein and salt together must not exceed 100";
            expected = format!("nutrition.{expected} too high: {rule}");
        }
        assert_eq!(nutrition_errors(numbers), expected, "{numbers}");
    }
    // A mass that is too high by itself is reported once.
    for fat in ["150", HIGHEST] {
        let errors = nutrition_errors(&format!("fat {fat}, protein 20"));
        assert_eq!(errors, "nutrition.fat: Fat must be between 0 and 100");
    }
}

#[test]
fn parts_do_not_exceed_their_whole() {
    let saturates = "nutrition.saturates: Saturates must not exceed fat";
    let sugars = "nutrition.sugars: Sugars must not exceed carbohydrate";
    assert_eq!(nutrition_errors("fat 1, saturates 1"), "");
    assert_eq!(nutrition_errors("fat 1, saturates 1.01"), saturates);
    assert_eq!(nutrition_errors("carbohydrate 0, sugars 0.01"), sugars);
    assert_eq!(
        nutrition_errors("fat 1, saturates 2, carbohydrate 1, sugars 2"),
        format!("{saturates}; {sugars}")
    );
}

#[test]
fn both_energies_agree() {
    let error = "nutrition.energy_kj: Energy kJ must be within 2 % of 4.184 times energy kcal";
    for (kj, kcal, agree) in [
        ("0", "0", true),
        ("418.4", "100", true),
        // 2 % of 418.4 are 8.368.
        ("426.76", "100", true),
        ("426.77", "100", false),
        ("410.04", "100", true),
        ("410.03", "100", false),
        ("1", "0", false),
        ("0", "1", false),
        // 37 kJ and 9 kcal a gram of fat
        ("3700", "900", true),
        // 17 kJ and 4 kcal a gram of protein
        ("1700", "400", true),
    ] {
        let errors = nutrition_errors(&format!("energy_kj {kj}, energy_kcal {kcal}"));
        let expected = if agree { "" } else { error };
        assert_eq!(errors, expected, "{kj} kJ, {kcal} kcal");
    }
}

#[cfg(feature = "serde")]
#[test]
fn labels_round_trip() {
    use serde_json::{from_value, json, to_value};

    assert_eq!(from_value::<Food>(json!({})).unwrap(), Food::default());
    assert!(from_value::<Food>(json!({ "origin_country": "de" })).is_err());
    let food = from_value::<Food>(json!({
        "allergens": ["milk", "eggs"],
        "nutrition": { "basis": "100 ml", "protein": "3.5" },
        "origin_country": "AT",
    }))
    .unwrap();
    let nutrition = food.nutrition.as_ref();
    assert_eq!(nutrition.and_then(|n| n.protein), decimal("3.5"));
    assert_eq!(from_value::<Food>(to_value(&food).unwrap()).unwrap(), food);
}
