use std::fmt;
use std::str::FromStr;

use super::{ImageFormat, Renditions};

/// An image as it is kept and shown.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Image {
    /// What it is called.
    pub id: PublicId,
    /// How wide it is, in pixels.
    pub width: u32,
    /// How high it is, in pixels.
    pub height: u32,
    /// What it is.
    pub format: ImageFormat,
    /// How large its file is, in bytes.
    pub size: u32,
    /// Where it is delivered in the size that it came in.
    pub original: String,
    /// Where it is delivered in each size.
    pub renditions: Renditions<String>,
}

/// What a product says of an image that is in the image store.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct StoredImage {
    /// What it is called.
    pub id: PublicId,
    /// How wide it is, in pixels.
    pub width: u32,
    /// How high it is, in pixels.
    pub height: u32,
    /// Where it is delivered in each size, unless it was stored before that was kept.
    pub renditions: Option<Renditions<String>>,
}

impl StoredImage {
    /// An image of which is not kept where it is delivered in each size.
    pub fn new(id: PublicId, width: u32, height: u32) -> Self {
        Self {
            id,
            width,
            height,
            renditions: None,
        }
    }
}

impl From<&Image> for StoredImage {
    fn from(image: &Image) -> Self {
        Self {
            id: image.id.clone(),
            width: image.width,
            height: image.height,
            renditions: Some(image.renditions.clone()),
        }
    }
}

/// What an image is called in its store: folders and a name that nobody can guess.
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

/// A text is no [`PublicId`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the id of an image")]
pub struct InvalidPublicId;

impl PublicId {
    /// Where all images are.
    pub const FOLDER: &str = "eggypro-products";

    /// A new name.
    pub fn random() -> Self {
        let name = uuid::Uuid::new_v4();
        Self(format!("{}/{}", Self::FOLDER, name.simple()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PublicId {
    type Err = InvalidPublicId;

    /// Folders and a name of `a` to `z`, `0` to `9`, `-` and `_`, so that none can lead anywhere else.
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
    fn a_made_id_is_an_id() {
        let id = PublicId::random();
        assert_eq!(id.as_str().parse(), Ok(id));
    }

    #[test]
    fn no_id_leads_out_of_its_folder() {
        for text in [
            "", "/", "a//b", "/a", "a/", "..", "a/../b", "a/.b", "A", "a b", "a%2f", "a\\b", "ä",
        ] {
            assert_eq!(text.parse::<PublicId>(), Err(InvalidPublicId), "{text:?}");
        }
        assert!("a/b_c-9".parse::<PublicId>().is_ok());
        assert!("a".repeat(256).parse::<PublicId>().is_err());
    }
}
