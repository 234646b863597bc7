use std::str::FromStr;

/// An ingredient that causes allergies or intolerances and must be declared.
///
/// Source: Regulation (EU) No 1169/2011, annex II, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum Allergen {
    /// Cereals with gluten: wheat, rye, barley and oats.
    Gluten,
    /// Crustaceans.
    Crustaceans,
    /// Eggs.
    Eggs,
    /// Fish.
    Fish,
    /// Peanuts.
    Peanuts,
    /// Soybeans.
    Soybeans,
    /// Milk, including lactose.
    Milk,
    /// Nuts, except peanuts.
    Nuts,
    /// Celery.
    Celery,
    /// Mustard.
    Mustard,
    /// Sesame seeds.
    Sesame,
    /// Sulphur dioxide and sulphites, above 10 mg/kg or 10 mg/l.
    Sulphites,
    /// Lupin.
    Lupin,
    /// Molluscs.
    Molluscs,
}

/// A text is not an [`Allergen`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "Allergen must be one of {}",
    Allergen::ALL.map(Allergen::as_str).join(", ")
)]
pub struct UnknownAllergen;

impl Allergen {
    /// All allergens, in the order of the regulation.
    pub const ALL: [Self; 14] = [
        Self::Gluten,
        Self::Crustaceans,
        Self::Eggs,
        Self::Fish,
        Self::Peanuts,
        Self::Soybeans,
        Self::Milk,
        Self::Nuts,
        Self::Celery,
        Self::Mustard,
        Self::Sesame,
        Self::Sulphites,
        Self::Lupin,
        Self::Molluscs,
    ];

    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gluten => "gluten",
            Self::Crustaceans => "crustaceans",
            Self::Eggs => "eggs",
            Self::Fish => "fish",
            Self::Peanuts => "peanuts",
            Self::Soybeans => "soybeans",
            Self::Milk => "milk",
            Self::Nuts => "nuts",
            Self::Celery => "celery",
            Self::Mustard => "mustard",
            Self::Sesame => "sesame",
            Self::Sulphites => "sulphites",
            Self::Lupin => "lupin",
            Self::Molluscs => "molluscs",
        }
    }
}

impl FromStr for Allergen {
    type Err = UnknownAllergen;

    fn from_str(name: &str) -> Result<Self, UnknownAllergen> {
        let mut all = Self::ALL.into_iter();
        all.find(|allergen| allergen.as_str() == name)
            .ok_or(UnknownAllergen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allergens_have_names() {
        for allergen in Allergen::ALL {
            assert_eq!(allergen.as_str().parse(), Ok(allergen));
            #[cfg(feature = "serde")]
            assert_eq!(serde_json::to_value(allergen).unwrap(), allergen.as_str());
        }
        assert!(Allergen::ALL.is_sorted());
        for name in ["", "Milk", "egg", "lactose", "gluten "] {
            assert_eq!(name.parse::<Allergen>(), Err(UnknownAllergen), "{name}");
        }
        assert_eq!(
            UnknownAllergen.to_string(),
            "Allergen must be one of gluten, crustaceans, eggs, fish, peanuts, soybeans, milk, \
             nuts, celery, mustard, sesame, sulphites, lupin, molluscs"
        );
    }
}
