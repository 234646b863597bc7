use std::fmt;
use std::str::FromStr;

/// A Global Trade Item Number (GTIN-8, GTIN-12, GTIN-13 or GTIN-14) with a correct check digit. Numbers that are not
/// unique worldwide are refused: restricted circulation numbers, coupons and refund receipts.
///
/// Two numbers that are equal after [`padded`](Self::padded) identify the same product. `==` compares them as given.
///
/// Source: GS1 General Specifications, sections 1.4 (prefixes) and 7.9 (check digit).
///
/// ```
/// use eggypro_domain::products::Gtin;
///
/// let gtin: Gtin = "4006381333931".parse()?;
/// assert_eq!(gtin.padded(), "04006381333931");
/// assert!("4006381333932".parse::<Gtin>().is_err());
/// # Ok::<(), eggypro_domain::products::InvalidGtin>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "String", into = "String"))]
pub struct Gtin(String);

/// Why a text is not a valid [`Gtin`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidGtin {
    /// The text has another length or another character than an ASCII digit.
    #[error("GTIN must have 8, 12, 13 or 14 digits")]
    Syntax,
    /// The last digit is wrong. Contains the right one.
    #[error("GTIN must end with the check digit {0}")]
    CheckDigit(u8),
    /// The prefix belongs to restricted circulation numbers, coupons or refund receipts.
    #[error("GTIN has a prefix for use within a company or for coupons")]
    Restricted,
}

impl Gtin {
    /// The number as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number with zeros in front, so that it has 14 digits. Products are unique by it.
    pub fn padded(&self) -> String {
        padded(&self.0)
    }
}

impl TryFrom<String> for Gtin {
    type Error = InvalidGtin;

    fn try_from(text: String) -> Result<Self, InvalidGtin> {
        let has_length = matches!(text.len(), 8 | 12..=14);
        if !has_length || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(InvalidGtin::Syntax);
        }
        let check_digit = check_digit(&text);
        if text.bytes().next_back() != Some(b'0' + check_digit) {
            Err(InvalidGtin::CheckDigit(check_digit))
        } else if is_restricted(&padded(&text)) {
            Err(InvalidGtin::Restricted)
        } else {
            Ok(Self(text))
        }
    }
}

impl FromStr for Gtin {
    type Err = InvalidGtin;

    fn from_str(text: &str) -> Result<Self, InvalidGtin> {
        Self::try_from(text.to_owned())
    }
}

impl fmt::Display for Gtin {
    /// As it was given.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Gtin> for String {
    fn from(gtin: Gtin) -> Self {
        gtin.0
    }
}

fn padded(digits: &str) -> String {
    format!("{digits:0>14}")
}

/// The right check digit of a number, whose last digit is ignored. The weights are 3, 1, 3, … from the right.
fn check_digit(digits: &str) -> u8 {
    let weights = [3_u8, 1].into_iter().cycle();
    let weighted = digits.bytes().rev().skip(1).zip(weights);
    let sum = weighted.fold(0_u8, |sum, (digit, weight)| {
        (sum + (digit - b'0') * weight) % 10
    });
    (10 - sum) % 10
}

/// Whether the prefix of a number of 14 digits is not for products. This includes a number of zeros only.
fn is_restricted(padded: &str) -> bool {
    match padded.strip_prefix("000000") {
        // A GTIN-8 has a GS1-8 prefix.
        Some(gtin_8) => matches!(number(&gtin_8[..3]), 0..=99 | 200..=299),
        // The GS1 prefix of a GTIN-13 follows the first digit.
        None => matches!(
            number(&padded[1..4]),
            20..=29 | 40..=59 | 200..=299 | 980..=984 | 990..=999
        ),
    }
}

/// The value of three digits.
fn number(digits: &str) -> u16 {
    let digits = digits.bytes().map(|digit| u16::from(digit - b'0'));
    digits.fold(0_u16, |number, digit| number * 10 + digit)
}

#[cfg(test)]
mod tests;
