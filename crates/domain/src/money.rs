mod amount;

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

pub use self::amount::parse_amount;
use self::amount::{NotExact, exact};

/// A price in the shop's currency: more than 0, at most 999999.99, with at most two decimals.
///
/// It is exact: it is parsed from the digits of a text and never converted to a float.
///
/// ```
/// use eggypro_domain::Price;
///
/// let price: Price = "39.9".parse()?;
/// assert_eq!(price.to_string(), "39.90");
/// assert_eq!("1.005".parse::<Price>().unwrap_err().to_string(), "Price must have at most two decimals");
/// # Ok::<(), eggypro_domain::InvalidPrice>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Decimal", into = "Decimal"))]
pub struct Price(Decimal);

/// Why an amount is not a valid [`Price`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPrice {
    /// The amount is zero or negative.
    #[error("Price must be positive")]
    NotPositive,
    /// The amount is above [`Price::MAX`].
    #[error("Price too high")]
    TooHigh,
    /// The amount has a third decimal that is not zero. Prices are never rounded.
    #[error("Price must have at most two decimals")]
    TooPrecise,
    /// The text is not a decimal number.
    #[error("Price must be a number")]
    NotANumber,
}

impl Price {
    /// The lowest price, 0.01.
    pub const MIN: Self = Self(Decimal::from_parts(1, 0, 0, false, 2));

    /// The highest amount, 999999.99.
    pub const MAX: Decimal = Decimal::from_parts(99_999_999, 0, 0, false, 2);

    /// The exact amount.
    pub fn amount(self) -> Decimal {
        self.0
    }
}

impl FromStr for Price {
    type Err = InvalidPrice;

    /// Parses a number in the syntax of JSON: `39.90`, `40`, `4e1`.
    fn from_str(text: &str) -> Result<Self, InvalidPrice> {
        match exact(text) {
            Ok(amount) => Self::try_from(amount),
            Err(NotExact::Syntax) => Err(InvalidPrice::NotANumber),
            Err(NotExact::TooSmall) => Err(InvalidPrice::TooPrecise),
            Err(NotExact::TooLarge) if text.starts_with('-') => Err(InvalidPrice::NotPositive),
            Err(NotExact::TooLarge) => Err(InvalidPrice::TooHigh),
        }
    }
}

impl fmt::Display for Price {
    /// Always with two decimals, also in JSON.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2}", self.0)
    }
}

impl TryFrom<Decimal> for Price {
    type Error = InvalidPrice;

    fn try_from(amount: Decimal) -> Result<Self, InvalidPrice> {
        let amount = amount.normalize();
        if amount <= Decimal::ZERO {
            Err(InvalidPrice::NotPositive)
        } else if amount > Self::MAX {
            Err(InvalidPrice::TooHigh)
        } else if amount.scale() > 2 {
            Err(InvalidPrice::TooPrecise)
        } else {
            Ok(Self(amount))
        }
    }
}

impl From<Price> for Decimal {
    fn from(price: Price) -> Self {
        price.0
    }
}

#[cfg(test)]
mod tests;
