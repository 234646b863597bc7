use std::collections::BTreeMap;
use std::fmt;

/// What is made of a picture before it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ImageTransform {
    /// How wide, in pixels.
    pub width: Option<u32>,
    /// How high, in pixels.
    pub height: Option<u32>,
    /// How it is made to fit; without one, a side that is not given follows from the other.
    pub crop: Option<Crop>,
    /// How much it may lose.
    pub quality: Quality,
    /// What it becomes.
    pub format: DeliveryFormat,
}

/// How a picture is made to fit a width and a height. The names are Cloudinary's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Crop {
    /// Fills both, and what stands out is cut off.
    Fill,
    /// Is as large as fits into both.
    Fit,
    /// The same, but never larger than it was.
    Limit,
    /// Fills both, but is never larger than it was.
    LimitFill,
    /// Fills both with what matters most.
    Thumb,
    /// Takes both, whatever that does to its proportions.
    Scale,
}

impl Crop {
    /// The name in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fill => "fill",
            Self::Fit => "fit",
            Self::Limit => "limit",
            Self::LimitFill => "lfill",
            Self::Thumb => "thumb",
            Self::Scale => "scale",
        }
    }
}

/// How much a picture may lose to become small.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Quality {
    /// As much as nobody sees.
    #[default]
    Auto,
    /// 1 (much) to 100 (little).
    Of(u8),
}

impl fmt::Display for Quality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Of(quality) => quality.fmt(f),
        }
    }
}

/// What a picture is delivered as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DeliveryFormat {
    /// What suits the picture, and the browser that asks.
    #[default]
    Auto,
    /// WebP.
    Webp,
    /// JPEG.
    Jpg,
    /// PNG.
    Png,
}

impl DeliveryFormat {
    /// The name in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Webp => "webp",
            Self::Jpg => "jpg",
            Self::Png => "png",
        }
    }
}

/// Something for each size in which every picture is shown, such as its address.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Renditions<T> {
    /// For a page of one product.
    pub optimized: T,
    /// For lists.
    pub thumbnail: T,
    /// For `srcset`: in several widths, each named by its width, as in `400w`.
    pub responsive: BTreeMap<String, T>,
}

impl Renditions<ImageTransform> {
    /// The widths of [`responsive`](Renditions::responsive), in pixels.
    pub const WIDTHS: [u32; 3] = [400, 800, 1_200];

    /// What each of them is: none is larger than its original.
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
    /// The same with something else for each.
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
