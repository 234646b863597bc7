//! Resizes pictures. Colours are weighted by their alpha, so that the colour of transparent pixels does not bleed into
//! edges.

use image::imageops::{self, FilterType};
use image::{DynamicImage, ImageBuffer, Pixel, Rgba, RgbaImage};

/// Maximum height of a picture, in pixels: the limit of JPEG (ITU T.81, B.2.2).
const HIGHEST: u32 = 65_535;

/// Reduces a picture to at most this width. Each new pixel is the mean of the pixels that it replaces. This is fast
/// and, unlike better filters, needs no extra memory per source pixel.
pub(super) fn reduce(picture: DynamicImage, widest: u32) -> DynamicImage {
    let (width, height) = (picture.width(), picture.height());
    if width <= widest && height <= HIGHEST {
        return picture;
    }
    let ratio = f64::from(widest) / f64::from(width);
    let ratio = ratio.min(f64::from(HIGHEST) / f64::from(height));
    let part = |side: u32| ((f64::from(side) * ratio).round() as u32).max(1);
    let (width, height) = (part(width), part(height));
    match picture {
        DynamicImage::ImageLumaA8(picture) => means(&picture, width, height).into(),
        DynamicImage::ImageRgba8(picture) => means(&picture, width, height).into(),
        picture => picture.thumbnail_exact(width, height),
    }
}

/// Resizes a picture to this size, which must not be larger than the picture.
pub(super) fn resize(picture: &DynamicImage, width: u32, height: u32) -> DynamicImage {
    let DynamicImage::ImageRgba8(picture) = picture else {
        return picture.resize_exact(width, height, FilterType::Triangle);
    };
    let weighted = weighted(picture);
    let resized = imageops::resize(&weighted, width, height, FilterType::Triangle);
    unweighted(&resized).into()
}

type Weighted = ImageBuffer<Rgba<u16>, Vec<u16>>;

/// Multiplies colours by alpha. 16 bits hold 255 × 255 steps.
fn weighted(picture: &RgbaImage) -> Weighted {
    ImageBuffer::from_fn(picture.width(), picture.height(), |x, y| {
        let Rgba([r, g, b, a]) = *picture.get_pixel(x, y);
        let weigh = |colour: u8| u16::from(colour) * u16::from(a);
        Rgba([weigh(r), weigh(g), weigh(b), u16::from(a) * 255])
    })
}

fn unweighted(picture: &Weighted) -> RgbaImage {
    ImageBuffer::from_fn(picture.width(), picture.height(), |x, y| {
        let Rgba([r, g, b, a]) = *picture.get_pixel(x, y);
        let colour = |weighted: u16| nearest(u64::from(weighted) * 255, a.into());
        Rgba([colour(r), colour(g), colour(b), nearest(a.into(), 255)])
    })
}

/// Reduces a picture by averaging pixels. The last channel is alpha, and colours are weighted by it.
fn means<P: Pixel<Subpixel = u8>>(
    picture: &ImageBuffer<P, Vec<u8>>,
    width: u32,
    height: u32,
) -> ImageBuffer<P, Vec<u8>> {
    let colours = usize::from(P::CHANNEL_COUNT) - 1;
    let part = |index: u32, of: u32, length: u32| {
        let edge = |index: u32| u64::from(index) * u64::from(length) / u64::from(of);
        let (start, end) = (edge(index) as u32, edge(index + 1) as u32);
        start..end.max(start + 1).min(length)
    };
    ImageBuffer::from_fn(width, height, |x, y| {
        let (mut sums, mut seen, mut count) = ([0_u64; 3], 0_u64, 0_u64);
        for row in part(y, height, picture.height()) {
            for column in part(x, width, picture.width()) {
                let channels = picture.get_pixel(column, row).channels();
                let alpha = u64::from(channels[colours]);
                for (sum, colour) in sums.iter_mut().zip(&channels[..colours]) {
                    *sum += u64::from(*colour) * alpha;
                }
                seen += alpha;
                count += 1;
            }
        }
        let [r, g, b] = sums.map(|sum| nearest(sum, seen));
        let mut mean = [r, g, b, 0];
        mean[colours] = nearest(seen, count);
        *P::from_slice(&mean[..=colours])
    })
}

/// A rounded quotient; 0 if the divisor is 0.
fn nearest(sum: u64, of: u64) -> u8 {
    let quotient = (sum + of / 2).checked_div(of).unwrap_or(0);
    quotient.try_into().unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests;
