use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::text_enum::text_enum;

/// Facts of a food.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Food {
    /// The allergens that it contains; `None` if nobody has stated them.
    pub allergens: Option<Vec<Allergen>>,
    /// The allergens of which it may contain traces.
    #[serde(default)]
    pub may_contain: Vec<Allergen>,
    /// The diets that it suits.
    #[serde(default)]
    pub diets: Vec<Diet>,
    /// The nutrition.
    pub nutrition: Option<Nutrition>,
    /// The country of origin (ISO 3166-1 alpha-2).
    pub origin_country: Option<String>,
    /// How to store it.
    pub storage: Option<String>,
}

text_enum! {
    /// An allergen of Regulation (EU) 1169/2011, Annex II.
    Allergen {
        /// Cereals with gluten.
        Gluten = "gluten",
        /// Crustaceans.
        Crustaceans = "crustaceans",
        /// Eggs.
        Eggs = "eggs",
        /// Fish.
        Fish = "fish",
        /// Peanuts.
        Peanuts = "peanuts",
        /// Soybeans.
        Soybeans = "soybeans",
        /// Milk.
        Milk = "milk",
        /// Nuts.
        Nuts = "nuts",
        /// Celery.
        Celery = "celery",
        /// Mustard.
        Mustard = "mustard",
        /// Sesame.
        Sesame = "sesame",
        /// Sulphur dioxide and sulphites.
        Sulphites = "sulphites",
        /// Lupin.
        Lupin = "lupin",
        /// Molluscs.
        Molluscs = "molluscs",
    }
}

text_enum! {
    /// A diet that a food suits.
    Diet {
        /// Without meat and fish.
        Vegetarian = "vegetarian",
        /// Without anything of animals.
        Vegan = "vegan",
        /// Without gluten.
        GlutenFree = "gluten-free",
        /// Without lactose.
        LactoseFree = "lactose-free",
        /// By the rules of Islam.
        Halal = "halal",
        /// By the rules of Judaism.
        Kosher = "kosher",
    }
}

text_enum! {
    /// The amount that nutrition is stated for.
    NutritionBasis {
        /// 100 grams.
        Grams = "100 g",
        /// 100 millilitres.
        Millilitres = "100 ml",
    }
}

/// The nutrition of a food in its basis: grams, and energy in kJ and kcal, with at most two decimals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nutrition {
    /// The amount that the other values are stated for.
    pub basis: NutritionBasis,
    /// The size of a serving, in g or ml.
    #[serde(default, with = "crate::decimal::option")]
    pub serving_size: Option<Decimal>,
    /// Energy in kJ.
    #[serde(default, with = "crate::decimal::option")]
    pub energy_kj: Option<Decimal>,
    /// Energy in kcal.
    #[serde(default, with = "crate::decimal::option")]
    pub energy_kcal: Option<Decimal>,
    /// Fat.
    #[serde(default, with = "crate::decimal::option")]
    pub fat: Option<Decimal>,
    /// Saturated fatty acids.
    #[serde(default, with = "crate::decimal::option")]
    pub saturates: Option<Decimal>,
    /// Carbohydrate.
    #[serde(default, with = "crate::decimal::option")]
    pub carbohydrate: Option<Decimal>,
    /// Sugars.
    #[serde(default, with = "crate::decimal::option")]
    pub sugars: Option<Decimal>,
    /// Fibre.
    #[serde(default, with = "crate::decimal::option")]
    pub fibre: Option<Decimal>,
    /// Protein.
    #[serde(default, with = "crate::decimal::option")]
    pub protein: Option<Decimal>,
    /// Salt.
    #[serde(default, with = "crate::decimal::option")]
    pub salt: Option<Decimal>,
}

impl Nutrition {
    /// Nutrition of which nothing is stated yet.
    pub fn new(basis: NutritionBasis) -> Self {
        Self {
            basis,
            serving_size: None,
            energy_kj: None,
            energy_kcal: None,
            fat: None,
            saturates: None,
            carbohydrate: None,
            sugars: None,
            fibre: None,
            protein: None,
            salt: None,
        }
    }
}
