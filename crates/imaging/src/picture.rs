use std::io::Cursor;

use eggypro_domain::images::{ImageFile, ImageFormat};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits};

use crate::colour::Profile;

/// Maximum memory to decode one picture, in bytes: 50 megapixels of eight bytes each.
const MAX_MEMORY: u64 = 400_000_000;

/// A decoded picture: upright, with 8 bits per channel.
pub(crate) struct Decoded {
    pub(crate) pixels: DynamicImage,
    /// The colour profile, unless the colours are sRGB.
    pub(crate) profile: Option<Profile>,
}

/// Decodes the picture of a file; `None` if it can't be decoded.
pub(crate) fn decode(file: &ImageFile) -> Option<Decoded> {
    let format = match file.format() {
        ImageFormat::Jpeg => image::ImageFormat::Jpeg,
        ImageFormat::Png => image::ImageFormat::Png,
        ImageFormat::Webp => image::ImageFormat::WebP,
    };
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(file.bytes()), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    // A header that two parsers read differently is an attack: reject it.
    if decoder.dimensions() != (file.width(), file.height()) {
        return None;
    }
    let profile = match file.code_points() {
        Some(code_points) => Profile::of_code_points(code_points),
        None => decoder
            .icc_profile()
            .ok()
            .flatten()
            .and_then(|icc| Profile::of_icc(&icc)),
    };
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    if let Some(orientation) = Orientation::from_exif(file.orientation()) {
        picture.apply_orientation(orientation);
    }
    let is_grey = !picture.color().has_color() && profile.as_ref().is_some_and(Profile::is_grey);
    Some(Decoded {
        pixels: match (picture.color().has_alpha(), is_grey) {
            (false, false) => picture.into_rgb8().into(),
            (true, false) => picture.into_rgba8().into(),
            (false, true) => picture.into_luma8().into(),
            (true, true) => picture.into_luma_alpha8().into(),
        },
        profile: profile.filter(|profile| profile.is_grey() == is_grey),
    })
}
