//! Creates the renditions of a picture.

mod shape;

use std::io::Cursor;

use eggypro_domain::images::{ImageFile, ImageTransform, Quality, Renditions};
use image::DynamicImage;
use image::codecs::jpeg::JpegEncoder;

use self::shape::{shape, width_for_fill};
use super::resize::reduce;
use crate::picture::{Decoded, decode};

/// JPEG quality for `auto`.
const AUTO_QUALITY: u8 = 80;

/// The renditions of a picture, each with its file name, and the upright size of the picture.
pub(super) struct Rendered {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) files: Renditions<(String, Vec<u8>)>,
}

/// Approximate memory to decode a picture, in MiB.
pub(super) fn memory_for(file: &ImageFile) -> u32 {
    let pixels = u64::from(file.width()) * u64::from(file.height());
    // Four bytes per pixel, plus 8 MiB for everything else.
    u32::try_from(pixels * 4 / (1 << 20)).unwrap_or(u32::MAX) + 8
}

/// Decodes a picture and creates its renditions; `None` if it can't be decoded.
pub(super) fn render(file: &ImageFile) -> Option<Rendered> {
    let Decoded { pixels, profile } = decode(file)?;
    let (width, height) = (pixels.width(), pixels.height());
    // Create the small renditions from the largest one: they look the same and take a fraction of the time.
    let transforms = Renditions::transforms();
    let widest = Renditions::WIDTHS.into_iter().max().unwrap_or(width);
    let mut base = reduce(
        pixels,
        widest.max(width_for_fill(&transforms.thumbnail, width, height)),
    );
    if let Some(profile) = profile {
        base = profile.to_srgb(base);
    }
    let make = |name: &str, transform: ImageTransform| {
        let (extension, bytes) = encode(&shape(&base, &transform), transform.quality)?;
        Some((format!("{name}.{extension}"), bytes))
    };
    let responsive = transforms.responsive.into_iter();
    let files = Renditions {
        optimized: make("optimized", transforms.optimized)?,
        thumbnail: make("thumbnail", transforms.thumbnail)?,
        responsive: responsive
            .map(|(width, transform)| {
                let file = make(&width, transform)?;
                Some((width, file))
            })
            .collect::<Option<_>>()?,
    };
    Some(Rendered {
        width,
        height,
        files,
    })
}

/// Encodes a picture as a JPEG, or as a PNG if it has an alpha channel.
fn encode(picture: &DynamicImage, quality: Quality) -> Option<(&'static str, Vec<u8>)> {
    let mut bytes = vec![];
    if picture.color().has_alpha() {
        let mut output = Cursor::new(&mut bytes);
        picture
            .write_to(&mut output, image::ImageFormat::Png)
            .ok()?;
        return Some(("png", bytes));
    }
    let quality = match quality {
        Quality::Of(quality) => quality,
        Quality::Auto => AUTO_QUALITY,
    };
    picture
        .write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality))
        .ok()?;
    Some(("jpg", bytes))
}
