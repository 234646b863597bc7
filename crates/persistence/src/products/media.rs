//! What is known of the images of a product, as it stands in the database.

use std::collections::BTreeMap;

use eggypro_domain::images::{Renditions, StoredImage};
use serde::{Deserialize, Serialize};

use super::row::CorruptRow;

#[derive(Debug, Deserialize)]
struct Known {
    public_id: String,
    width: u32,
    height: u32,
    renditions: Option<StoredRenditions>,
}

/// [`Renditions`] of addresses.
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

/// What is known of so many images.
pub(super) fn read(
    json: Option<&str>,
    images: usize,
) -> Result<Vec<Option<StoredImage>>, CorruptRow> {
    let Some(json) = json else {
        return Ok(vec![None; images]);
    };
    let known: Vec<Option<Known>> = serde_json::from_str(json).map_err(|_| CorruptRow::Media)?;
    if known.len() != images {
        return Err(CorruptRow::Media);
    }
    let known = known.into_iter();
    known.map(|known| known.map(stored).transpose()).collect()
}

fn stored(known: Known) -> Result<StoredImage, CorruptRow> {
    let id = known.public_id.parse().map_err(|_| CorruptRow::Media)?;
    let mut image = StoredImage::new(id, known.width, known.height);
    image.renditions = known.renditions.map(Into::into);
    Ok(image)
}
