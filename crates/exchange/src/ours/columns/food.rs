//! What the label of a food says.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::str::FromStr;

use eggypro_domain::Decimal;
use eggypro_domain::products::{
    Allergen, Country, Diet, Food, Nutrient, Nutrition, NutritionBasis, Product,
};

use super::basics::FIELD;
use super::read::{nullable, nullable_text, write};
use super::{Column, Section};
use crate::cells::{self, Numbers};
use crate::ours::draft::Draft;

/// The cell of an empty set, where an empty cell would say that nothing is known.
const NONE: &str = "none";

const STATEMENT: Column = Column {
    section: Section::Food,
    ..FIELD
};

/// A number of the nutrition.
const NUTRIENT: Column = Column {
    section: Section::Nutrition,
    has_decimals: true,
    ..FIELD
};

pub(super) static STATEMENTS: [Column; 5] = [
    Column {
        name: "allergens",
        read: |draft, cell, _| {
            draft.food.allergens = Some(nullable(cell, set::<Allergen>)?);
            Ok(())
        },
        write: |product, cell| {
            let allergens = food(product).and_then(|food| food.allergens.as_ref());
            allergens
                .into_iter()
                .for_each(|set| write_set(set, Allergen::as_str, true, cell));
        },
        ..STATEMENT
    },
    Column {
        name: "may_contain",
        read: |draft, cell, _| {
            draft.food.may_contain = Some(nullable(cell, set::<Allergen>)?.unwrap_or_default());
            Ok(())
        },
        write: |product, cell| {
            let set = food(product).map(|food| &food.may_contain);
            set.into_iter()
                .for_each(|set| write_set(set, Allergen::as_str, false, cell));
        },
        ..STATEMENT
    },
    // A food without any statement has `none` here. Else it would be the same row as no food.
    Column {
        name: "diets",
        read: |draft, cell, _| {
            draft.food.diets = Some(nullable(cell, set::<Diet>)?.unwrap_or_default());
            Ok(())
        },
        write: |product, cell| {
            let Some(food) = food(product) else {
                return;
            };
            write_set(&food.diets, Diet::as_str, *food == Food::default(), cell);
        },
        ..STATEMENT
    },
    Column {
        name: "origin_country",
        read: |draft, cell, _| {
            let country = |cell: &str| {
                let code = cells::text(cell).to_uppercase();
                code.parse::<Country>().map_err(|error| error.to_string())
            };
            draft.food.origin_country = Some(nullable(cell, country)?);
            Ok(())
        },
        write: |product, cell| {
            write(
                food(product).and_then(|food| food.origin_country.as_ref()),
                cell,
            );
        },
        ..STATEMENT
    },
    Column {
        name: "storage",
        read: |draft, cell, _| {
            draft.food.storage = Some(nullable_text(cell));
            Ok(())
        },
        write: |product, cell| write(food(product).and_then(|food| food.storage.as_ref()), cell),
        ..STATEMENT
    },
];

/// The column of a number: its field, and its name in the domain.
macro_rules! nutrient {
    ($field:ident, $nutrient:ident) => {
        Column {
            name: stringify!($field),
            read: |draft, cell, numbers| nutrient(draft, Nutrient::$nutrient, cell, numbers),
            write: |product, cell| write_number(nutrition(product).and_then(|of| of.$field), cell),
            ..NUTRIENT
        }
    };
}

pub(super) static NUTRITION: [Column; 11] = [
    Column {
        name: "nutrition_basis",
        has_decimals: false,
        read: |draft, cell, _| {
            draft.nutrition.basis = nullable(cell, basis)?;
            Ok(())
        },
        write: |product, cell| write(nutrition(product).map(|of| of.basis.as_str()), cell),
        ..NUTRIENT
    },
    nutrient!(serving_size, ServingSize),
    nutrient!(energy_kj, EnergyKj),
    nutrient!(energy_kcal, EnergyKcal),
    nutrient!(fat, Fat),
    nutrient!(saturates, Saturates),
    nutrient!(carbohydrate, Carbohydrate),
    nutrient!(sugars, Sugars),
    nutrient!(fibre, Fibre),
    nutrient!(protein, Protein),
    nutrient!(salt, Salt),
];

fn food(product: &Product) -> Option<&Food> {
    product.food.as_ref()
}

fn nutrition(product: &Product) -> Option<&Nutrition> {
    food(product)?.nutrition.as_ref()
}

/// A set of names, or `none`.
fn set<T: FromStr<Err: Display> + Ord>(cell: &str) -> Result<BTreeSet<T>, String> {
    let words = cells::words(cell);
    if words == [NONE] {
        return Ok(BTreeSet::new());
    }
    let parsed = words.iter().map(|word| {
        let parsed = word.parse::<T>();
        parsed.map_err(|error| format!("{error}, or {NONE}"))
    });
    parsed.collect()
}

fn write_set<T: Copy>(
    set: &BTreeSet<T>,
    as_str: fn(T) -> &'static str,
    shows_none: bool,
    cell: &mut String,
) {
    let names: Vec<&str> = set.iter().map(|one| as_str(*one)).collect();
    match names.is_empty() && shows_none {
        true => cell.push_str(NONE),
        false => cell.push_str(&names.join("|")),
    }
}

/// A basis, also without the space.
fn basis(cell: &str) -> Result<NutritionBasis, String> {
    let text = cells::text(cell)
        .to_lowercase()
        .replace(char::is_whitespace, "");
    let mut all = NutritionBasis::ALL.into_iter();
    let found = all.find(|basis| basis.as_str().replace(' ', "") == text);
    found.ok_or_else(|| "Basis must be one of 100 g, 100 ml".to_owned())
}

fn nutrient(
    draft: &mut Draft,
    nutrient: Nutrient,
    cell: &str,
    numbers: Numbers,
) -> Result<(), String> {
    let number = nullable(cell, |cell| cells::decimal(cell, numbers))?;
    draft.nutrition.numbers.push((nutrient, number));
    Ok(())
}

fn write_number(number: Option<Decimal>, cell: &mut String) {
    write(number.map(|number| number.normalize()), cell);
}
