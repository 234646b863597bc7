use std::str::FromStr;

use super::Allergen;

/// A diet that a food suits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum Diet {
    /// Without meat and fish.
    Vegetarian,
    /// Without anything from animals.
    Vegan,
    /// At most 20 mg/kg of gluten (Regulation (EU) No 828/2014).
    GlutenFree,
    /// Without lactose.
    LactoseFree,
    /// By Islamic law.
    Halal,
    /// By Jewish law.
    Kosher,
}

/// A text is not a [`Diet`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Diet must be one of {}", Diet::ALL.map(Diet::as_str).join(", "))]
pub struct UnknownDiet;

impl Diet {
    /// All diets, in display order.
    pub const ALL: [Self; 6] = [
        Self::Vegetarian,
        Self::Vegan,
        Self::GlutenFree,
        Self::LactoseFree,
        Self::Halal,
        Self::Kosher,
    ];

    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Vegetarian => "vegetarian",
            Self::Vegan => "vegan",
            Self::GlutenFree => "gluten-free",
            Self::LactoseFree => "lactose-free",
            Self::Halal => "halal",
            Self::Kosher => "kosher",
        }
    }

    /// The allergens that a food of this diet can't contain. Traces don't count. Milk does not contradict
    /// `lactose-free`, since there is milk without lactose.
    pub fn contradicted_by(self) -> &'static [Allergen] {
        match self {
            Self::Vegetarian => &[Allergen::Crustaceans, Allergen::Fish, Allergen::Molluscs],
            Self::Vegan => &[
                Allergen::Crustaceans,
                Allergen::Eggs,
                Allergen::Fish,
                Allergen::Milk,
                Allergen::Molluscs,
            ],
            Self::GlutenFree => &[Allergen::Gluten],
            Self::LactoseFree | Self::Halal | Self::Kosher => &[],
        }
    }
}

impl FromStr for Diet {
    type Err = UnknownDiet;

    fn from_str(name: &str) -> Result<Self, UnknownDiet> {
        let mut all = Self::ALL.into_iter();
        all.find(|diet| diet.as_str() == name).ok_or(UnknownDiet)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn diets_have_names() {
        for diet in Diet::ALL {
            assert_eq!(diet.as_str().parse(), Ok(diet));
            #[cfg(feature = "serde")]
            assert_eq!(serde_json::to_value(diet).unwrap(), diet.as_str());
        }
        assert!(Diet::ALL.is_sorted());
        for name in ["", "Vegan", "glutenfree", "gluten_free", "keto"] {
            assert_eq!(name.parse::<Diet>(), Err(UnknownDiet), "{name}");
        }
        assert_eq!(
            UnknownDiet.to_string(),
            "Diet must be one of vegetarian, vegan, gluten-free, lactose-free, halal, kosher"
        );
    }
}
