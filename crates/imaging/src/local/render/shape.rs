//! Crops and resizes a picture to the shape of a rendition.

use eggypro_domain::images::{Crop, ImageTransform};
use image::DynamicImage;

use crate::local::resize::resize;

/// Minimum width to which a picture of this size may be reduced and still fill the height of the rendition.
pub(super) fn width_for_fill(transform: &ImageTransform, width: u32, height: u32) -> u32 {
    let wanted = u64::from(transform.height.unwrap_or(0)).min(height.into());
    let across = (u64::from(width) * wanted).div_ceil(u64::from(height.max(1)));
    u32::try_from(across).unwrap_or(width)
}

pub(super) fn shape(picture: &DynamicImage, transform: &ImageTransform) -> DynamicImage {
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
