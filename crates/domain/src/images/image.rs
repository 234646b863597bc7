mod public_id;

use super::{ImageFormat, Renditions};

pub use self::public_id::{InvalidPublicId, PublicId};

/// An image in the image store.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Image {
    /// Its id in the store.
    pub id: PublicId,
    /// The width in pixels.
    pub width: u32,
    /// The height in pixels.
    pub height: u32,
    /// The file format.
    pub format: ImageFormat,
    /// The size of the file, in bytes.
    pub size: u32,
    /// The URL of the original size.
    pub original: String,
    /// The URL of each rendition.
    pub renditions: Renditions<String>,
}

/// What a product contains about an image in the image store.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct StoredImage {
    /// Its id in the store.
    pub id: PublicId,
    /// The width in pixels.
    pub width: u32,
    /// The height in pixels.
    pub height: u32,
    /// The URL of each rendition; `None` for images from before these were recorded.
    pub renditions: Option<Renditions<String>>,
}

impl StoredImage {
    /// An image without recorded renditions.
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
