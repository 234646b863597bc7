//! What the label of a food says: allergens, diets, nutrition, origin and storage.
//!
//! Source: Regulation (EU) No 1169/2011 on the provision of food information to consumers.

mod allergen;
mod country;
mod diet;
mod nutrient;
mod nutrition;

use std::collections::BTreeSet;

use garde::{Error, Validate};

pub use self::allergen::{Allergen, UnknownAllergen};
pub use self::country::{Country, InvalidCountry};
pub use self::diet::{Diet, UnknownDiet};
pub use self::nutrient::Nutrient;
pub use self::nutrition::{Nutrition, NutritionBasis, UnknownNutritionBasis};
use crate::text;

/// The label of a food. The default has no statements.
///
/// ```
/// use eggypro_domain::Validate;
/// use eggypro_domain::products::{Allergen, Diet, Food};
///
/// let mut food = Food::default();
/// food.allergens = Some([Allergen::Eggs].into());
/// food.diets.insert(Diet::Vegan);
/// let report = food.validate().unwrap_err();
/// assert_eq!(report.to_string(), "diets: Diets contradict the allergens: vegan and eggs\n");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Validate)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct Food {
    /// The allergens that it contains; `None` if nobody has stated them, so that it may contain any.
    #[garde(skip)]
    pub allergens: Option<BTreeSet<Allergen>>,
    /// The allergens of which it may contain traces. None of `allergens`.
    #[garde(custom(other_than(&self.allergens)))]
    pub may_contain: BTreeSet<Allergen>,
    /// The diets that it suits. None that `allergens` contradict; traces contradict none.
    #[garde(custom(suited_to(&self.allergens)))]
    pub diets: BTreeSet<Diet>,
    /// The nutrition declaration.
    #[garde(dive)]
    pub nutrition: Option<Nutrition>,
    /// The country of origin.
    #[garde(skip)]
    pub origin_country: Option<Country>,
    /// How to store it: 1 to 1000 characters.
    #[garde(inner(custom(text::lines("Storage", 1_000))))]
    pub storage: Option<String>,
}

impl Food {
    /// Whether it is known to contain none of these allergens. Traces don't count.
    pub fn is_free_of(&self, unwanted: &BTreeSet<Allergen>) -> bool {
        let contained = self.allergens.as_ref();
        contained.is_some_and(|contained| contained.is_disjoint(unwanted))
    }
}

fn other_than(
    contained: &Option<BTreeSet<Allergen>>,
) -> impl Fn(&BTreeSet<Allergen>, &()) -> garde::Result {
    move |traces, _| {
        let both = contained
            .iter()
            .flatten()
            .filter(|one| traces.contains(one));
        let both: Vec<&str> = both.map(|allergen| allergen.as_str()).collect();
        if both.is_empty() {
            Ok(())
        } else {
            Err(Error::new(format_args!(
                "May contain must not repeat allergens: {}",
                both.join(", ")
            )))
        }
    }
}

fn suited_to(
    allergens: &Option<BTreeSet<Allergen>>,
) -> impl Fn(&BTreeSet<Diet>, &()) -> garde::Result {
    move |diets, _| {
        let mut contradictions = vec![];
        for diet in diets {
            for allergen in diet.contradicted_by() {
                if allergens.as_ref().is_some_and(|of| of.contains(allergen)) {
                    let (diet, allergen) = (diet.as_str(), allergen.as_str());
                    contradictions.push(format!("{diet} and {allergen}"));
                }
            }
        }
        if contradictions.is_empty() {
            Ok(())
        } else {
            Err(Error::new(format_args!(
                "Diets contradict the allergens: {}",
                contradictions.join(", ")
            )))
        }
    }
}

#[cfg(test)]
mod tests;
