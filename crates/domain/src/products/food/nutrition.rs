use std::str::FromStr;

use garde::{Error, Validate};
use rust_decimal::Decimal;

/// The quantity of a food that the numbers of a [`Nutrition`] belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum NutritionBasis {
    /// 100 g.
    #[cfg_attr(feature = "serde", serde(rename = "100 g"))]
    HundredGrams,
    /// 100 ml.
    #[cfg_attr(feature = "serde", serde(rename = "100 ml"))]
    HundredMillilitres,
}

/// A text is not a [`NutritionBasis`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "Basis must be one of {}",
    NutritionBasis::ALL.map(NutritionBasis::as_str).join(", ")
)]
pub struct UnknownNutritionBasis;

impl NutritionBasis {
    /// Both bases.
    pub const ALL: [Self; 2] = [Self::HundredGrams, Self::HundredMillilitres];

    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::HundredGrams => "100 g",
            Self::HundredMillilitres => "100 ml",
        }
    }
}

impl FromStr for NutritionBasis {
    type Err = UnknownNutritionBasis;

    fn from_str(name: &str) -> Result<Self, UnknownNutritionBasis> {
        let mut all = Self::ALL.into_iter();
        all.find(|basis| basis.as_str() == name)
            .ok_or(UnknownNutritionBasis)
    }
}

/// A nutrition declaration. All its numbers are 0 or more, with at most two decimals. Masses are at most 100 g, also
/// those of fat, carbohydrate, fibre, protein and salt together.
///
/// Source: Regulation (EU) No 1169/2011, article 30 and annex XV.
#[derive(Debug, Clone, PartialEq, Eq, Validate)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Nutrition {
    /// The quantity that all numbers but `serving_size` belong to.
    #[garde(skip)]
    pub basis: NutritionBasis,
    /// The size of a serving, in grams or millilitres as in `basis`: more than 0, at most 10 000.
    #[garde(inner(custom(serving)))]
    #[cfg_attr(feature = "serde", serde(default))]
    pub serving_size: Option<Decimal>,
    /// The energy, in kilojoules: at most 4000, within 2 % of 4.184 × `energy_kcal`.
    #[garde(inner(custom(kilojoules(self.energy_kcal))))]
    #[cfg_attr(feature = "serde", serde(default))]
    pub energy_kj: Option<Decimal>,
    /// The energy, in kilocalories: at most 956, which is about 4000 kJ.
    #[garde(inner(custom(kilocalories)))]
    #[cfg_attr(feature = "serde", serde(default))]
    pub energy_kcal: Option<Decimal>,
    /// The fat, in grams.
    #[garde(inner(custom(self.part("Fat"))))]
    #[cfg_attr(feature = "serde", serde(default))]
    pub fat: Option<Decimal>,
    /// The saturated part of `fat`, in grams.
    #[garde(inner(custom(share("Saturates", "fat", self.fat))))]
    #[cfg_attr(feature = "serde", serde(default))]
    pub saturates: Option<Decimal>,
    /// The carbohydrate, in grams, without fibre.
    #[garde(inner(custom(self.part("Carbohydrate"))))]
    #[cfg_attr(feature = "serde", serde(default))]
    pub carbohydrate: Option<Decimal>,
    /// The sugars in `carbohydrate`, in grams.
    #[garde(inner(custom(share("Sugars", "carbohydrate", self.carbohydrate))))]
    #[cfg_attr(feature = "serde", serde(default))]
    pub sugars: Option<Decimal>,
    /// The fibre, in grams.
    #[garde(inner(custom(self.part("Fibre"))))]
    #[cfg_attr(feature = "serde", serde(default))]
    pub fibre: Option<Decimal>,
    /// The protein, in grams.
    #[garde(inner(custom(self.part("Protein"))))]
    #[cfg_attr(feature = "serde", serde(default))]
    pub protein: Option<Decimal>,
    /// The salt, in grams.
    #[garde(inner(custom(self.part("Salt"))))]
    #[cfg_attr(feature = "serde", serde(default))]
    pub salt: Option<Decimal>,
}

/// The rule of the masses that don't overlap.
const SUM_RULE: &str = "fat, carbohydrate, fibre, protein and salt together must not exceed 100";

impl Nutrition {
    /// A declaration without numbers.
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

    /// Checks a mass. If the masses that don't overlap are too high together, the largest of them is invalid.
    fn part(&self, label: &'static str) -> impl Fn(&Decimal, &()) -> garde::Result {
        move |grams, _| {
            number(label, Decimal::ONE_HUNDRED, *grams)?;
            if self.largest_of_too_much() == Some(label) {
                Err(Error::new(format_args!("{label} too high: {SUM_RULE}")))
            } else {
                Ok(())
            }
        }
    }

    /// The label of the largest mass, the first one of equal masses; `None` if they are at most 100 g together.
    fn largest_of_too_much(&self) -> Option<&'static str> {
        let parts = [
            ("Fat", self.fat),
            ("Carbohydrate", self.carbohydrate),
            ("Fibre", self.fibre),
            ("Protein", self.protein),
            ("Salt", self.salt),
        ];
        let parts = parts.map(|(label, grams)| (label, grams.unwrap_or_default()));
        let grams = parts.into_iter().map(|(_, grams)| grams);
        let sum = grams.fold(Decimal::ZERO, Decimal::saturating_add);
        // Of equal values, `max_by_key` returns the last one.
        let largest = parts.into_iter().rev().max_by_key(|(_, grams)| *grams);
        largest
            .filter(|_| sum > Decimal::ONE_HUNDRED)
            .map(|(label, _)| label)
    }
}

/// Checks a mass that is a part of another one.
fn share(
    label: &'static str,
    whole_label: &'static str,
    whole: Option<Decimal>,
) -> impl Fn(&Decimal, &()) -> garde::Result {
    move |grams, _| {
        number(label, Decimal::ONE_HUNDRED, *grams)?;
        match whole {
            Some(whole) if *grams > whole => Err(Error::new(format_args!(
                "{label} must not exceed {whole_label}"
            ))),
            _ => Ok(()),
        }
    }
}

/// Checks the energy in kilojoules, and that it agrees with the one in kilocalories.
fn kilojoules(kcal: Option<Decimal>) -> impl Fn(&Decimal, &()) -> garde::Result {
    // 4.184 kJ are 1 kcal.
    const FACTOR: Decimal = Decimal::from_parts(4_184, 0, 0, false, 3);
    // 2 %
    const TOLERANCE: Decimal = Decimal::from_parts(2, 0, 0, false, 2);

    move |kj, _| {
        number("Energy kJ", Decimal::from(4_000), *kj)?;
        let Some(kcal) = kcal else {
            return Ok(());
        };
        let expected = kcal.saturating_mul(FACTOR);
        let deviation = kj.saturating_sub(expected).abs();
        if deviation > expected.saturating_mul(TOLERANCE) {
            Err(Error::new(
                "Energy kJ must be within 2 % of 4.184 times energy kcal",
            ))
        } else {
            Ok(())
        }
    }
}

fn kilocalories(kcal: &Decimal, _: &()) -> garde::Result {
    number("Energy kcal", Decimal::from(956), *kcal)
}

fn serving(size: &Decimal, _: &()) -> garde::Result {
    if *size <= Decimal::ZERO {
        Err(Error::new("Serving size must be positive"))
    } else {
        number("Serving size", Decimal::from(10_000), *size)
    }
}

/// Checks that a number is between 0 and `max`, with at most two decimals.
fn number(label: &str, max: Decimal, value: Decimal) -> garde::Result {
    if value < Decimal::ZERO || value > max {
        Err(Error::new(format_args!(
            "{label} must be between 0 and {max}"
        )))
    } else if value.normalize().scale() > 2 {
        Err(Error::new(format_args!(
            "{label} must have at most two decimals"
        )))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bases_have_names() {
        for basis in NutritionBasis::ALL {
            assert_eq!(basis.as_str().parse(), Ok(basis));
            #[cfg(feature = "serde")]
            assert_eq!(serde_json::to_value(basis).unwrap(), basis.as_str());
        }
        for name in ["", "100g", "100 G", "1 kg"] {
            let basis = name.parse::<NutritionBasis>();
            assert_eq!(basis, Err(UnknownNutritionBasis), "{name}");
        }
        let error = UnknownNutritionBasis.to_string();
        assert_eq!(error, "Basis must be one of 100 g, 100 ml");
    }
}
