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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renditions_have_the_sizes_of_the_api() {
        let sides = |of: ImageTransform| (of.width, of.height, of.crop, of.quality);
        let renditions = Renditions::transforms().map(sides);
        let limited = |width| (Some(width), None, Some(Crop::Limit), Quality::Auto);
        let (width, _, crop, _) = limited(800);
        assert_eq!(renditions.optimized, (width, None, crop, Quality::Of(80)));
        let square = (Some(400), Some(400), Some(Crop::LimitFill), Quality::Auto);
        assert_eq!(renditions.thumbnail, square);
        let responsive = [
            ("1200w".to_owned(), limited(1_200)),
            ("400w".to_owned(), limited(400)),
            ("800w".to_owned(), limited(800)),
        ];
        assert_eq!(renditions.responsive, BTreeMap::from(responsive));
    }
}
