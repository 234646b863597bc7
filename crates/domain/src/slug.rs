use std::fmt;
use std::str::FromStr;

/// The name of a product or category in URLs: 1 to 255 characters of `a` to `z`, `0` to `9` and `-`.
///
/// ```
/// use eggypro_domain::Slug;
///
/// assert_eq!(Slug::from_name("EggyPro Vanilla 1kg").unwrap().as_str(), "eggypro-vanilla-1kg");
/// assert!("Not A Slug".parse::<Slug>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "String", into = "String"))]
pub struct Slug(String);

/// Why a text is not a valid [`Slug`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSlug {
    /// The text is empty.
    #[error("Slug is required")]
    Empty,
    /// The text has more than 255 characters.
    #[error("Slug too long")]
    TooLong,
    /// The text has a character that is not allowed.
    #[error("Slug must contain only lowercase letters, numbers, and hyphens")]
    Characters,
}

impl Slug {
    const MAX_LENGTH: usize = 255;

    /// Creates a slug from a name; `None` if the name has no usable letter or digit.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::from_name_within(name, Self::MAX_LENGTH)
    }

    /// Like [`from_name`](Self::from_name), but cut to a maximum length.
    pub(crate) fn from_name_within(name: &str, max_length: usize) -> Option<Self> {
        let mut slug = slug::slugify(name);
        slug.truncate(max_length);
        Self::try_from(slug).ok()
    }

    /// The slug as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Slug {
    type Error = InvalidSlug;

    fn try_from(text: String) -> Result<Self, InvalidSlug> {
        let is_allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
        if text.is_empty() {
            Err(InvalidSlug::Empty)
        } else if !text.bytes().all(is_allowed) {
            Err(InvalidSlug::Characters)
        } else if text.len() > Self::MAX_LENGTH {
            Err(InvalidSlug::TooLong)
        } else {
            Ok(Self(text))
        }
    }
}

impl FromStr for Slug {
    type Err = InvalidSlug;

    fn from_str(text: &str) -> Result<Self, InvalidSlug> {
        Self::try_from(text.to_owned())
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0
    }
}

#[cfg(test)]
mod tests;
