//! Sizes and renditions of a product's images, as stored in the database.

use std::collections::BTreeMap;

use eggypro_domain::images::{Renditions, StoredImage};
use serde::{Deserialize, Serialize};

use super::row::CorruptRow;

#[derive(Debug, Deserialize)]
struct Media {
    public_id: String,
    width: u32,
    height: u32,
    renditions: Option<StoredRenditions>,
}

/// The addresses of an image's [`Renditions`].
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StoredRenditions {
    optimized: String,
    thumbnail: String,
    responsive: BTreeMap<String, String>,
}

impl From<&Renditions<String>> for StoredRenditions {
    fn from(renditions: &Renditions<String>) -> Self {
        let Renditions {
            optimized,
            thumbnail,
            responsive,
        } = renditions.clone();
        Self {
            optimized,
            thumbnail,
            responsive,
        }
    }
}

impl From<StoredRenditions> for Renditions<String> {
    fn from(renditions: StoredRenditions) -> Self {
        let StoredRenditions {
            optimized,
            thumbnail,
            responsive,
        } = renditions;
        Self {
            optimized,
            thumbnail,
            responsive,
        }
    }
}

/// Reads the data of this number of images. An image without data is `None`.
pub(super) fn read(
    json: Option<&str>,
    images: usize,
) -> Result<Vec<Option<StoredImage>>, CorruptRow> {
    let Some(json) = json else {
        return Ok(vec![None; images]);
    };
    let media: Vec<Option<Media>> = serde_json::from_str(json).map_err(|_| CorruptRow::Media)?;
    if media.len() != images {
        return Err(CorruptRow::Media);
    }
    let media = media.into_iter();
    media.map(|media| media.map(stored).transpose()).collect()
}

fn stored(media: Media) -> Result<StoredImage, CorruptRow> {
    let id = media.public_id.parse().map_err(|_| CorruptRow::Media)?;
    let mut image = StoredImage::new(id, media.width, media.height);
    image.renditions = media.renditions.map(Into::into);
    Ok(image)
}
