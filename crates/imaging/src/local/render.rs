//! Creates the renditions of a picture.

use std::io::Cursor;

use eggypro_domain::images::{Crop, ImageFile, ImageTransform, Quality, Renditions};
use image::DynamicImage;
use image::codecs::jpeg::JpegEncoder;

use super::resize::{reduce, resize};
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

/// Minimum width to which a picture of this size may be reduced and still fill the height of the rendition.
fn width_for_fill(transform: &ImageTransform, width: u32, height: u32) -> u32 {
    let wanted = u64::from(transform.height.unwrap_or(0)).min(height.into());
    let across = (u64::from(width) * wanted).div_ceil(u64::from(height.max(1)));
    u32::try_from(across).unwrap_or(width)
}

fn shape(picture: &DynamicImage, transform: &ImageTransform) -> DynamicImage {
    match (transform.width, transform.height, transform.crop) {
        (Some(width), Some(height), Some(Crop::LimitFill)) => fill(picture, width, height),
        (Some(width), _, _) => fit_width(picture, width),
        _ => picture.clone(),
    }
}

/// Crops the largest centred part with these proportions and resizes it to this size. A picture that is smaller is only
/// cropped, not enlarged. Cropping comes first, since the library's own function enlarges a thin picture to gigabytes
/// before it crops.
fn fill(picture: &DynamicImage, width: u32, height: u32) -> DynamicImage {
    let part = |side: u32, other: u32, of: u32, to: u32| {
        let longest = u64::from(other) * u64::from(of) / u64::from(to);
        u32::try_from(longest).unwrap_or(u32::MAX).clamp(1, side)
    };
    let (across, down) = (picture.width(), picture.height());
    let is_smaller = across < width || down < height;
    let (wide, high) = if is_smaller {
        (across.min(width), down.min(height))
    } else {
        (
            part(across, down, width, height),
            part(down, across, height, width),
        )
    };
    let cut = picture.crop_imm((across - wide) / 2, (down - high) / 2, wide, high);
    if is_smaller {
        return cut;
    }
    resize(&cut, width, height)
}

/// Reduces a picture to this width. A narrower picture is not enlarged.
fn fit_width(picture: &DynamicImage, width: u32) -> DynamicImage {
    if width >= picture.width() {
        return picture.clone();
    }
    let ratio = f64::from(picture.height()) / f64::from(picture.width());
    let height = (f64::from(width) * ratio).round();
    resize(picture, width, (height as u32).max(1))
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
