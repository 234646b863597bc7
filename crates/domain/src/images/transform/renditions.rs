use std::collections::BTreeMap;

use super::{Crop, ImageTransform, Quality};

/// One value, such as a URL, for each rendition of an image.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Renditions<T> {
    /// For the page of one product.
    pub optimized: T,
    /// For lists.
    pub thumbnail: T,
    /// For `srcset`: several widths, each named by its width, such as `400w`.
    pub responsive: BTreeMap<String, T>,
}

impl Renditions<ImageTransform> {
    /// The widths of [`responsive`](Renditions::responsive), in pixels.
    pub const WIDTHS: [u32; 3] = [400, 800, 1_200];

    /// The transform of each rendition. None enlarges the original.
    pub fn transforms() -> Self {
        let wide = |width| ImageTransform {
            width: Some(width),
            crop: Some(Crop::Limit),
            ..ImageTransform::default()
        };
        Self {
            optimized: ImageTransform {
                quality: Quality::Of(80),
                ..wide(800)
            },
            thumbnail: ImageTransform {
                height: Some(400),
                crop: Some(Crop::LimitFill),
                ..wide(400)
            },
            responsive: Self::WIDTHS
                .into_iter()
                .map(|width| (format!("{width}w"), wide(width)))
                .collect(),
        }
    }
}

impl<T> Renditions<T> {
    /// Converts each value.
    pub fn map<U>(self, mut make: impl FnMut(T) -> U) -> Renditions<U> {
        Renditions {
            optimized: make(self.optimized),
            thumbnail: make(self.thumbnail),
            responsive: self
                .responsive
                .into_iter()
                .map(|(name, value)| (name, make(value)))
                .collect(),
        }
    }
}
