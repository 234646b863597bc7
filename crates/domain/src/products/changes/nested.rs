//! Changes of the parts of a product that have members of their own.

use std::collections::BTreeSet;

use garde::{Path, Report, Validate};
use rust_decimal::Decimal;

use crate::products::{
    Allergen, ContentUnit, Country, Diet, Food, NetContent, Nutrient, Nutrition, NutritionBasis,
    ProductOption, Seo,
};

/// A change of a value with members of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Nested<T, C> {
    /// Replaces the whole value.
    Set(T),
    /// Changes the given members; the others stay (RFC 7396).
    Merge(C),
}

impl<T: Validate<Context = ()>, C> Validate for Nested<T, C> {
    type Context = ();

    /// Checks a whole value. A merge is checked when it is resolved.
    fn validate_into(&self, context: &(), parent: &mut dyn FnMut() -> Path, report: &mut Report) {
        if let Self::Set(value) = self {
            value.validate_into(context, parent, report);
        }
    }
}

/// Changes of a [`NetContent`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct NetContentChanges {
    /// The new value.
    pub value: Option<Decimal>,
    /// The new unit.
    pub unit: Option<ContentUnit>,
}

impl NetContentChanges {
    /// The changed content.
    ///
    /// # Errors
    /// The rule that it breaks, with the member.
    pub fn applied_to(
        self,
        current: Option<NetContent>,
    ) -> Result<NetContent, (&'static str, String)> {
        let value = self.value.or(current.map(NetContent::value));
        let unit = self.unit.or(current.map(NetContent::unit));
        match (value, unit) {
            (None, _) => Err(("value", "Value is required".to_owned())),
            (_, None) => Err(("unit", "Unit is required".to_owned())),
            (Some(value), Some(unit)) => {
                NetContent::new(value, unit).map_err(|error| ("value", error.to_string()))
            }
        }
    }
}

/// Changes of a [`Food`]. `Some(None)` removes a member.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
#[expect(missing_docs, reason = "each field means what it means in Food")]
pub struct FoodChanges {
    pub allergens: Option<Option<BTreeSet<Allergen>>>,
    pub may_contain: Option<BTreeSet<Allergen>>,
    pub diets: Option<BTreeSet<Diet>>,
    pub nutrition: Option<Option<NutritionChanges>>,
    pub origin_country: Option<Option<Country>>,
    pub storage: Option<Option<String>>,
}

impl FoodChanges {
    /// The changed facts; `None` if nutrition would have no basis. They may break rules.
    pub fn applied_to(self, food: Food) -> Option<Food> {
        let nutrition = match self.nutrition {
            None => food.nutrition,
            Some(None) => None,
            Some(Some(changes)) => Some(changes.applied_to(food.nutrition)?),
        };
        Some(Food {
            allergens: self.allergens.unwrap_or(food.allergens),
            may_contain: self.may_contain.unwrap_or(food.may_contain),
            diets: self.diets.unwrap_or(food.diets),
            nutrition,
            origin_country: self.origin_country.unwrap_or(food.origin_country),
            storage: self.storage.unwrap_or(food.storage),
        })
    }
}

/// Changes of [`Nutrition`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct NutritionChanges {
    /// The new basis.
    pub basis: Option<NutritionBasis>,
    /// The new numbers; `None` removes one.
    pub numbers: Vec<(Nutrient, Option<Decimal>)>,
}

impl NutritionChanges {
    fn applied_to(self, current: Option<Nutrition>) -> Option<Nutrition> {
        let basis = self
            .basis
            .or(current.as_ref().map(|current| current.basis))?;
        let mut nutrition = current.unwrap_or_else(|| Nutrition::new(basis));
        nutrition.basis = basis;
        for (nutrient, number) in self.numbers {
            *nutrition.number_mut(nutrient) = number;
        }
        Some(nutrition)
    }
}

/// Changes of [`Seo`]. `Some(None)` removes a member.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
#[expect(missing_docs, reason = "each field means what it means in Seo")]
pub struct SeoChanges {
    pub title: Option<Option<String>>,
    pub description: Option<Option<String>>,
}

impl SeoChanges {
    /// The changed texts. They may break rules.
    pub fn applied_to(self, seo: Seo) -> Seo {
        Seo {
            title: self.title.unwrap_or(seo.title),
            description: self.description.unwrap_or(seo.description),
        }
    }
}

/// Changes of options: names with their new values; `None` removes an option.
pub type OptionChanges = Vec<(String, Option<String>)>;

/// The changed options. New ones come last.
pub(super) fn changed_options(
    mut options: Vec<ProductOption>,
    changes: OptionChanges,
) -> Vec<ProductOption> {
    for (name, value) in changes {
        let known = options.iter_mut().find(|option| option.name == name);
        match (known, value) {
            (Some(option), Some(value)) => option.value = value,
            (None, Some(value)) => options.push(ProductOption { name, value }),
            (_, None) => options.retain(|option| option.name != name),
        }
    }
    options
}
