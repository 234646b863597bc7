use std::io::Cursor;

use bytes::Bytes;
use eggypro_domain::images::ImageFormat;
use image::{DynamicImage, ExtendedColorType, ImageEncoder, Rgb, RgbImage, Rgba, RgbaImage};

/// A picture of so many pixels: red at the left, blue at the right; one with alpha is half seen through.
pub fn picture(format: ImageFormat, width: u32, height: u32, has_alpha: bool) -> Bytes {
    let left = |x: u32| x < width / 2;
    let picture: DynamicImage = if has_alpha {
        let pixel = |x, _| {
            if left(x) {
                Rgba([255, 0, 0, 128])
            } else {
                Rgba([0, 0, 255, 128])
            }
        };
        RgbaImage::from_fn(width, height, pixel).into()
    } else {
        let pixel = |x, _| {
            if left(x) {
                Rgb([255, 0, 0])
            } else {
                Rgb([0, 0, 255])
            }
        };
        RgbImage::from_fn(width, height, pixel).into()
    };
    let format = match format {
        ImageFormat::Jpeg => image::ImageFormat::Jpeg,
        ImageFormat::Png => image::ImageFormat::Png,
        ImageFormat::Webp => image::ImageFormat::WebP,
    };
    let mut bytes = vec![];
    picture
        .write_to(&mut Cursor::new(&mut bytes), format)
        .unwrap();
    bytes.into()
}

/// A JPEG that says how it is to be turned (EXIF 2.32, tag 274), as cameras do that were held upright.
pub fn with_orientation(orientation: u8, width: u32, height: u32) -> Bytes {
    let exif = [
        &b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0"[..],
        &[orientation, 0, 0, 0, 0, 0, 0, 0],
    ]
    .concat();
    let picture = RgbImage::from_fn(width, height, |x, _| {
        if x < width / 2 {
            Rgb([255, 0, 0])
        } else {
            Rgb([0, 0, 255])
        }
    });
    let mut bytes = vec![];
    let mut encoder = image::codecs::jpeg::JpegEncoder::new(&mut bytes);
    encoder.set_exif_metadata(exif).unwrap();
    encoder
        .write_image(&picture, width, height, ExtendedColorType::Rgb8)
        .unwrap();
    bytes.into()
}

/// A PNG of pixels by chance, which nothing makes smaller: three bytes each.
pub fn noise(width: u32, height: u32) -> Bytes {
    let picture = RgbImage::from_fn(width, height, |_, _| Rgb(rand::random()));
    let mut bytes = vec![];
    let mut output = Cursor::new(&mut bytes);
    picture
        .write_to(&mut output, image::ImageFormat::Png)
        .unwrap();
    bytes.into()
}
