use std::fmt;
use std::str::FromStr;

/// The id of an image in its store: folders and a random name that can't be guessed.
///
/// ```
/// use eggypro_domain::images::PublicId;
///
/// let id = PublicId::random();
/// assert_ne!(id, PublicId::random());
/// assert!(id.as_str().starts_with("eggypro-products/"));
/// assert!("../secrets".parse::<PublicId>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "String", into = "String"))]
pub struct PublicId(String);

/// A text is not a [`PublicId`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the id of an image")]
pub struct InvalidPublicId;

impl PublicId {
    /// The folder of all images.
    pub const FOLDER: &str = "eggypro-products";

    /// A new, random id.
    pub fn random() -> Self {
        let name = uuid::Uuid::new_v4();
        Self(format!("{}/{}", Self::FOLDER, name.simple()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PublicId {
    type Err = InvalidPublicId;

    /// Parses folders and a name. Only `a` to `z`, `0` to `9`, `-` and `_` are allowed, so an id can't point outside
    /// its folder.
    fn from_str(text: &str) -> Result<Self, InvalidPublicId> {
        let is_allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_');
        let is_part = |part: &str| !part.is_empty() && part.bytes().all(is_allowed);
        if text.len() <= 255 && text.split('/').all(is_part) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidPublicId)
        }
    }
}

impl fmt::Display for PublicId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for PublicId {
    type Error = InvalidPublicId;

    fn try_from(text: String) -> Result<Self, InvalidPublicId> {
        text.parse()
    }
}

impl From<PublicId> for String {
    fn from(id: PublicId) -> Self {
        id.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_ids_are_valid() {
        let id = PublicId::random();
        assert_eq!(id.as_str().parse(), Ok(id.clone()));
        assert_eq!(String::from(id.clone()), id.as_str());
    }

    #[test]
    fn ids_cannot_leave_their_folder() {
        for text in [
            "", "/", "a//b", "/a", "a/", "..", "a/../b", "a/.b", "A", "a b", "a%2f", "a\\b", "ä",
        ] {
            assert_eq!(text.parse::<PublicId>(), Err(InvalidPublicId), "{text:?}");
        }
        assert!("a/b_c-9".parse::<PublicId>().is_ok());
        assert!("a".repeat(256).parse::<PublicId>().is_err());
    }
}
