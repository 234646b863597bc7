use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

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

/// Parses an amount of zero or more, as a bound of a price filter. Returns `None` if the text is not such a number or
/// has too many digits to be exact.
///
/// ```
/// assert!(eggypro_domain::parse_amount("19.5").is_some());
/// assert!(eggypro_domain::parse_amount("-1").is_none());
/// ```
pub fn parse_amount(text: &str) -> Option<Decimal> {
    exact(text).ok().filter(|amount| *amount >= Decimal::ZERO)
}

/// Why a text has no exact decimal value.
enum NotExact {
    Syntax,
    TooSmall,
    TooLarge,
}

fn exact(text: &str) -> Result<Decimal, NotExact> {
    use rust_decimal::Error;

    // `Decimal` also accepts `1_000` and `+1`, which are not valid in JSON.
    let is_number = text.starts_with(|c: char| c.is_ascii_digit() || c == '-')
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
    if !is_number {
        return Err(NotExact::Syntax);
    }
    let exponent = text.find(['e', 'E']).map(|at| &text[at + 1..]);
    let parsed = match exponent {
        Some(_) => Decimal::from_scientific(text),
        None => Decimal::from_str_exact(text),
    };
    parsed.map_err(|error| match (error, exponent) {
        // The float only distinguishes malformed numbers from numbers that don't fit. Its value is not used.
        _ if text.parse::<f64>().is_err() => NotExact::Syntax,
        (_, Some(exponent)) if exponent.starts_with('-') => NotExact::TooSmall,
        (_, Some(_)) => NotExact::TooLarge,
        (Error::Underflow | Error::ScaleExceedsMaximumPrecision(_), None) => NotExact::TooSmall,
        (_, None) => NotExact::TooLarge,
    })
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
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn message(text: &str) -> String {
        match text.parse::<Price>() {
            Ok(price) => price.to_string(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn parses_json_numbers() {
        for (text, expected) in [
            ("39.90", "39.90"),
            ("39.9", "39.90"),
            ("40", "40.00"),
            ("4e1", "40.00"),
            ("4.5E+1", "45.00"),
            ("450e-1", "45.00"),
            ("1.500", "1.50"),
            ("0.01", "0.01"),
            ("999999.99", "999999.99"),
        ] {
            assert_eq!(message(text), expected, "{text}");
        }
    }

    #[test]
    fn names_the_broken_rule() {
        for (text, expected) in [
            ("0", "Price must be positive"),
            ("-0.0", "Price must be positive"),
            ("-1", "Price must be positive"),
            ("-1e40", "Price must be positive"),
            (
                "-99999999999999999999999999999999999999",
                "Price must be positive",
            ),
            ("1000000", "Price too high"),
            ("999999.991", "Price too high"),
            ("1e30", "Price too high"),
            ("1e999999999999", "Price too high"),
            ("99999999999999999999999999999999999999", "Price too high"),
            ("1.005", "Price must have at most two decimals"),
            ("1e-30", "Price must have at most two decimals"),
            (
                "0.00000000000000000000000000000000000001",
                "Price must have at most two decimals",
            ),
            ("NaN", "Price must be a number"),
            ("inf", "Price must be a number"),
            ("1_000", "Price must be a number"),
            ("+1", "Price must be a number"),
            ("1.2.3", "Price must be a number"),
            ("-", "Price must be a number"),
            ("", "Price must be a number"),
        ] {
            assert_eq!(message(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_price_or_an_error(text in ".*") {
            let _ = text.parse::<Price>();
            let _ = parse_amount(&text);
        }

        #[test]
        fn any_digits_are_a_price_or_an_error(text in "-?[0-9]{0,40}(\\.[0-9]{0,40})?([eE][+-]?[0-9]{0,12})?") {
            let _ = text.parse::<Price>();
        }

        #[test]
        fn cents_round_trip(cents in 1_i64..=99_999_999) {
            let text = format!("{}.{:02}", cents / 100, cents % 100);
            prop_assert_eq!(message(&text), text);
        }
    }
}
