use std::fmt;
use std::str::FromStr;

/// The shop's own number of a product (stock keeping unit): 1 to 64 characters of `A` to `Z`, `a` to `z`, `0` to `9`,
/// `.`, `_` and `-`.
///
/// Two numbers that are equal after [`folded`](Self::folded) identify the same product. `==` compares them as given.
///
/// ```
/// use eggypro_domain::products::Sku;
///
/// let sku: Sku = "EGG-1kg".parse()?;
/// assert_eq!(sku.folded(), "egg-1kg");
/// # Ok::<(), eggypro_domain::products::InvalidSku>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "String", into = "String"))]
pub struct Sku(String);

/// Why a text is not a valid [`Sku`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSku {
    /// The text is empty.
    #[error("SKU is required")]
    Empty,
    /// The text has more than 64 characters.
    #[error("SKU too long")]
    TooLong,
    /// The text has a character that is not allowed.
    #[error("SKU must contain only letters, numbers, dots, underscores, and hyphens")]
    Characters,
}

impl Sku {
    const MAX_LENGTH: usize = 64;

    /// The number as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number in lower case. Products are unique by it.
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl TryFrom<String> for Sku {
    type Error = InvalidSku;

    fn try_from(text: String) -> Result<Self, InvalidSku> {
        let is_allowed =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        if text.is_empty() {
            Err(InvalidSku::Empty)
        } else if !text.bytes().all(is_allowed) {
            Err(InvalidSku::Characters)
        } else if text.len() > Self::MAX_LENGTH {
            Err(InvalidSku::TooLong)
        } else {
            Ok(Self(text))
        }
    }
}

impl FromStr for Sku {
    type Err = InvalidSku;

    fn from_str(text: &str) -> Result<Self, InvalidSku> {
        Self::try_from(text.to_owned())
    }
}

impl fmt::Display for Sku {
    /// As it was given.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Sku> for String {
    fn from(sku: Sku) -> Self {
        sku.0
    }
}

#[cfg(test)]
mod tests;
