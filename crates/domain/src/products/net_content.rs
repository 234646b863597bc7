use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};

use super::food::{Nutrition, NutritionBasis};
use crate::Price;

/// A unit of a [`NetContent`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum ContentUnit {
    /// Grams.
    #[cfg_attr(feature = "serde", serde(rename = "g"))]
    Gram,
    /// Kilograms.
    #[cfg_attr(feature = "serde", serde(rename = "kg"))]
    Kilogram,
    /// Millilitres.
    #[cfg_attr(feature = "serde", serde(rename = "ml"))]
    Millilitre,
    /// Litres.
    #[cfg_attr(feature = "serde", serde(rename = "l"))]
    Litre,
    /// Pieces, such as eggs or capsules.
    #[cfg_attr(feature = "serde", serde(rename = "piece"))]
    Piece,
}

/// A text is not a [`ContentUnit`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "Net content must have one of the units {}",
    ContentUnit::ALL.map(ContentUnit::as_str).join(", ")
)]
pub struct UnknownContentUnit;

impl ContentUnit {
    /// All units.
    pub const ALL: [Self; 5] = [
        Self::Gram,
        Self::Kilogram,
        Self::Millilitre,
        Self::Litre,
        Self::Piece,
    ];

    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gram => "g",
            Self::Kilogram => "kg",
            Self::Millilitre => "ml",
            Self::Litre => "l",
            Self::Piece => "piece",
        }
    }
}

impl FromStr for ContentUnit {
    type Err = UnknownContentUnit;

    fn from_str(name: &str) -> Result<Self, UnknownContentUnit> {
        let mut all = Self::ALL.into_iter();
        all.find(|unit| unit.as_str() == name)
            .ok_or(UnknownContentUnit)
    }
}

/// The net content of a package, of all its units together: more than 0, at most 999999.999, with at most three
/// decimals. A number of pieces is whole.
///
/// ```
/// use eggypro_domain::products::{ContentUnit, NetContent};
///
/// let content = NetContent::new("250".parse()?, ContentUnit::Gram)?;
/// let unit_price = content.unit_price("4.99".parse()?);
/// assert_eq!(unit_price.price.to_string(), "19.96");
/// assert_eq!(unit_price.per.as_str(), "1 kg");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Fields", into = "Fields"))]
pub struct NetContent {
    value: Decimal,
    unit: ContentUnit,
}

/// Why a quantity is not a valid [`NetContent`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidNetContent {
    /// The value is zero or negative.
    #[error("Net content must be positive")]
    NotPositive,
    /// The value is above [`NetContent::MAX`].
    #[error("Net content too high")]
    TooHigh,
    /// The value has a fourth decimal that is not zero.
    #[error("Net content must have at most three decimals")]
    TooPrecise,
    /// A number of pieces has decimals.
    #[error("Net content must be a whole number of pieces")]
    NotWhole,
}

impl NetContent {
    /// The highest value, 999999.999.
    pub const MAX: Decimal = Decimal::from_parts(999_999_999, 0, 0, false, 3);

    /// A content of this value in this unit.
    ///
    /// # Errors
    /// If the value breaks a rule of [`NetContent`].
    pub fn new(value: Decimal, unit: ContentUnit) -> Result<Self, InvalidNetContent> {
        let value = value.normalize();
        if value <= Decimal::ZERO {
            Err(InvalidNetContent::NotPositive)
        } else if value > Self::MAX {
            Err(InvalidNetContent::TooHigh)
        } else if unit == ContentUnit::Piece && value.scale() > 0 {
            Err(InvalidNetContent::NotWhole)
        } else if value.scale() > 3 {
            Err(InvalidNetContent::TooPrecise)
        } else {
            Ok(Self { value, unit })
        }
    }

    /// The value, without zeros at the end.
    pub fn value(self) -> Decimal {
        self.value
    }

    /// The unit of the value.
    pub fn unit(self) -> ContentUnit {
        self.unit
    }

    /// The value in the unit that a unit price is for: kilograms, litres or pieces.
    pub fn in_priced_unit(self) -> (Decimal, UnitMeasure) {
        let (parts, measure) = self.priced_unit();
        let value = self.value.checked_div(parts).unwrap_or_default();
        (value.normalize(), measure)
    }

    /// The unit that a unit price is for, and how many of the own unit it has.
    fn priced_unit(self) -> (Decimal, UnitMeasure) {
        match self.unit {
            ContentUnit::Gram => (Decimal::ONE_THOUSAND, UnitMeasure::Kilogram),
            ContentUnit::Kilogram => (Decimal::ONE, UnitMeasure::Kilogram),
            ContentUnit::Millilitre => (Decimal::ONE_THOUSAND, UnitMeasure::Litre),
            ContentUnit::Litre => (Decimal::ONE, UnitMeasure::Litre),
            ContentUnit::Piece => (Decimal::ONE, UnitMeasure::Piece),
        }
    }

    /// The price of 1 kg, 1 l or 1 piece, rounded half up to two decimals. It can be 0.
    ///
    /// Source: Directive 98/6/EC on the indication of prices, article 2(b).
    pub fn unit_price(self, price: Price) -> UnitPrice {
        let (parts, per) = self.priced_unit();
        let amount = price.amount().checked_mul(parts);
        let quotient = amount.and_then(|amount| amount.checked_div(self.value));
        UnitPrice {
            // The quotient is at most 10¹², so there always is one.
            price: rounded(quotient.unwrap_or_default(), 2),
            per,
        }
    }

    /// The price of 100 g of protein, rounded half up to four decimals. `None` without protein, for pieces, and if the
    /// nutrition belongs to a mass and the content is a volume, or the other way round.
    pub fn protein_price(self, price: Price, nutrition: &Nutrition) -> Option<Decimal> {
        use ContentUnit::{Gram, Kilogram, Litre, Millilitre};
        use NutritionBasis::{HundredGrams, HundredMillilitres};

        let size = match (self.unit, nutrition.basis) {
            (Gram, HundredGrams) | (Millilitre, HundredMillilitres) => Decimal::ONE,
            (Kilogram, HundredGrams) | (Litre, HundredMillilitres) => Decimal::ONE_THOUSAND,
            _ => return None,
        };
        let protein = nutrition.protein.filter(|grams| *grams > Decimal::ZERO)?;
        // One hundredth of it is the protein of the package, in grams.
        let hundredfold = self.value.checked_mul(size)?.checked_mul(protein)?;
        let amount = price.amount().checked_mul(Decimal::from(10_000))?;
        Some(rounded(amount.checked_div(hundredfold)?, 4))
    }
}

/// Rounds half up. A quotient of a price and a content that is no midpoint differs from every midpoint within the 28
/// digits of a `Decimal`, so it is never rounded twice.
fn rounded(amount: Decimal, decimals: u32) -> Decimal {
    let strategy = RoundingStrategy::MidpointAwayFromZero;
    let mut rounded = amount.round_dp_with_strategy(decimals, strategy);
    rounded.rescale(decimals);
    rounded
}

/// The price of one unit of measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct UnitPrice {
    /// The price, with two decimals, in the currency of the shop. It can be higher than [`Price::MAX`].
    pub price: Decimal,
    /// What it is the price of.
    pub per: UnitMeasure,
}

/// What a [`UnitPrice`] is the price of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum UnitMeasure {
    /// One kilogram.
    #[cfg_attr(feature = "serde", serde(rename = "1 kg"))]
    Kilogram,
    /// One litre.
    #[cfg_attr(feature = "serde", serde(rename = "1 l"))]
    Litre,
    /// One piece.
    #[cfg_attr(feature = "serde", serde(rename = "1 piece"))]
    Piece,
}

impl UnitMeasure {
    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kilogram => "1 kg",
            Self::Litre => "1 l",
            Self::Piece => "1 piece",
        }
    }
}

/// The serialized form of a [`NetContent`], whose rules are not checked yet.
#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
struct Fields {
    value: Decimal,
    unit: ContentUnit,
}

#[cfg(feature = "serde")]
impl TryFrom<Fields> for NetContent {
    type Error = InvalidNetContent;

    fn try_from(fields: Fields) -> Result<Self, InvalidNetContent> {
        Self::new(fields.value, fields.unit)
    }
}

#[cfg(feature = "serde")]
impl From<NetContent> for Fields {
    fn from(NetContent { value, unit }: NetContent) -> Self {
        Self { value, unit }
    }
}

#[cfg(test)]
mod tests;
