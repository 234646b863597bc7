use std::io::Cursor;

use bytes::Bytes;
use eggypro_domain::images::ImageFormat;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ExtendedColorType, ImageEncoder, Rgb, RgbImage, Rgba, RgbaImage};

/// A picture of this size in pixels: red on the left, blue on the right. With alpha, it is half transparent.
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

/// The camera's serial number in the metadata of a picture [from a camera](from_camera).
pub const SERIAL_NUMBER: &[u8] = b"SN-4711";

/// A picture with Exif metadata like that of a camera: a serial number and an orientation (Exif 3.0, 4.6.4). Red on the
/// left, blue on the right.
pub fn from_camera(format: ImageFormat, orientation: u8, width: u32, height: u32) -> Bytes {
    let exif = [
        &b"II*\0\x08\0\0\0\x02\0"[..],
        b"\x0e\x01\x02\0\x08\0\0\0\x26\0\0\0",
        &[0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0],
        &[0; 4],
        SERIAL_NUMBER,
        &[0],
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
    match format {
        ImageFormat::Jpeg => write(JpegEncoder::new(&mut bytes), &picture, exif),
        ImageFormat::Png => write(PngEncoder::new(&mut bytes), &picture, exif),
        ImageFormat::Webp => write(WebPEncoder::new_lossless(&mut bytes), &picture, exif),
    }
    bytes.into()
}

fn write(mut encoder: impl ImageEncoder, picture: &RgbImage, exif: Vec<u8>) {
    encoder.set_exif_metadata(exif).unwrap();
    let (width, height) = picture.dimensions();
    encoder
        .write_image(picture, width, height, ExtendedColorType::Rgb8)
        .unwrap();
}

/// A PNG of random pixels, which can't be compressed: three bytes per pixel.
pub fn noise(width: u32, height: u32) -> Bytes {
    let picture = RgbImage::from_fn(width, height, |_, _| Rgb(rand::random()));
    let mut bytes = vec![];
    let mut output = Cursor::new(&mut bytes);
    picture
        .write_to(&mut output, image::ImageFormat::Png)
        .unwrap();
    bytes.into()
}
