//! The sizes of a picture.

use std::io::Cursor;

use eggypro_domain::images::{Crop, ImageFile, ImageTransform, Quality, Renditions};
use image::DynamicImage;
use image::codecs::jpeg::JpegEncoder;

use super::resize::{reduce, resize};
use crate::picture::{Decoded, decode};

/// What `auto` means for a JPEG.
const AUTO_QUALITY: u8 = 80;

/// The files of a picture beside its original, each with its name, and its size as it is seen.
pub(super) struct Rendered {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) files: Renditions<(String, Vec<u8>)>,
}

/// What it takes to decode a picture, in MiB, more or less.
pub(super) fn memory_for(file: &ImageFile) -> u32 {
    let pixels = u64::from(file.width()) * u64::from(file.height());
    // Four bytes a pixel, and what is smaller than them.
    u32::try_from(pixels * 4 / (1 << 20)).unwrap_or(u32::MAX) + 8
}

/// Decodes a picture and makes its renditions; `None` if it is none.
pub(super) fn render(file: &ImageFile) -> Option<Rendered> {
    let Decoded { pixels, profile } = decode(file)?;
    let (width, height) = (pixels.width(), pixels.height());
    // The smaller ones are made of the largest, which looks the same and takes a fraction of the time.
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

/// How wide a picture of this size has to be at least that is to fill the whole height of another one.
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

/// The largest middle part of these proportions, in this size; of a picture that is smaller than that, as it is, its
/// middle part. It is cut out first: the library's own way enlarges a thin picture to gigabytes before it cuts.
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

/// As wide as this, unless it is less wide.
fn fit_width(picture: &DynamicImage, width: u32) -> DynamicImage {
    if width >= picture.width() {
        return picture.clone();
    }
    let ratio = f64::from(picture.height()) / f64::from(picture.width());
    let height = (f64::from(width) * ratio).round();
    resize(picture, width, (height as u32).max(1))
}

/// A JPEG, or a PNG where parts can be seen through.
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
