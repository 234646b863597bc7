mod renditions;

use std::fmt;

pub use self::renditions::Renditions;

/// How an image is transformed before it is delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ImageTransform {
    /// The width in pixels.
    pub width: Option<u32>,
    /// The height in pixels.
    pub height: Option<u32>,
    /// How the image is fitted. Without it, a missing side follows from the other one.
    pub crop: Option<Crop>,
    /// The compression quality.
    pub quality: Quality,
    /// The output format.
    pub format: DeliveryFormat,
}

/// How an image is fitted to a width and a height. The names are Cloudinary's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Crop {
    /// Fills the size and cuts off the rest.
    Fill,
    /// As large as possible within the size.
    Fit,
    /// Like `Fit`, but never enlarges the image.
    Limit,
    /// Like `Fill`, but never enlarges the image.
    LimitFill,
    /// Fills the size with the most important part of the image.
    Thumb,
    /// Stretches the image to the size.
    Scale,
}

impl Crop {
    /// The name in URLs.
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

/// The compression quality.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Quality {
    /// As low as possible without a visible loss.
    #[default]
    Auto,
    /// 1 (lowest) to 100 (highest).
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

/// The format that an image is delivered in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DeliveryFormat {
    /// The best format for the image and the browser.
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
    /// The name in URLs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Webp => "webp",
            Self::Jpg => "jpg",
            Self::Png => "png",
        }
    }
}
