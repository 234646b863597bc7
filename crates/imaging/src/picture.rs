use std::io::Cursor;

use eggypro_domain::images::{ImageFile, ImageFormat};
use image::{DynamicImage, ImageDecoder, ImageReader, Limits};

/// What decoding one picture may take: 50 megapixels of eight bytes each.
const MAX_MEMORY: u64 = 400_000_000;

/// The picture upright, with 8 bits a channel; `None` if the file is none.
pub(crate) fn decode(file: &ImageFile) -> Option<DynamicImage> {
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
    // A header that says one thing here and another there is a trap.
    if decoder.dimensions() != (file.width(), file.height()) {
        return None;
    }
    let orientation = decoder.orientation().ok()?;
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    picture.apply_orientation(orientation);
    Some(if picture.color().has_alpha() {
        picture.into_rgba8().into()
    } else {
        picture.into_rgb8().into()
    })
}
