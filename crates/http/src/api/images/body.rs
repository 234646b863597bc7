use std::collections::BTreeMap;

use eggypro_domain::images::Image;
use serde::Serialize;
use utoipa::ToSchema;

/// What was uploaded, in the order of the files.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UploadedImages<'a> {
    images: Vec<ImageBody<'a>>,
}

/// An image that is kept.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Image)]
struct ImageBody<'a> {
    /// What it is deleted by.
    #[schema(example = "eggypro-products/0b5e3a6c8f5d4c0f9d7e2a1b3c4d5e6f")]
    public_id: &'a str,
    /// In pixels.
    width: u32,
    /// In pixels.
    height: u32,
    /// `jpg`, `png` or `webp`
    #[schema(example = "jpg")]
    format: &'static str,
    /// Of the file, in bytes.
    size: u32,
    /// The URL of the file, every pixel as it came; this is what a product's `images` hold.
    original: &'a str,
    /// The URL of a form for a page of one product: at most 800 pixels wide, at quality 80.
    optimized: &'a str,
    /// The URL of a form for lists: at most 400 × 400 pixels, filled.
    thumbnail: &'a str,
    /// URLs for `srcset`, by width: `400w`, `800w`, `1200w`. None is wider than the original.
    responsive: &'a BTreeMap<String, String>,
}

impl<'a> UploadedImages<'a> {
    pub(super) fn of(images: &'a [Image]) -> Self {
        Self {
            images: images.iter().map(ImageBody::of).collect(),
        }
    }
}

impl<'a> ImageBody<'a> {
    fn of(image: &'a Image) -> Self {
        Self {
            public_id: image.id.as_str(),
            width: image.width,
            height: image.height,
            format: image.format.as_str(),
            size: image.size,
            original: &image.original,
            optimized: &image.renditions.optimized,
            thumbnail: &image.renditions.thumbnail,
            responsive: &image.renditions.responsive,
        }
    }
}

/// The pictures of an upload.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "documents what `files` reads")]
pub(crate) struct Files {
    /// JPEG, PNG or WebP by its content, of at most 10 MB and 50 megapixels.
    #[schema(value_type = Vec<String>, format = Binary, min_items = 1, max_items = 10)]
    file: Vec<u8>,
}
