use image::{GrayAlphaImage, LumaA};

use super::*;

/// A red picture whose left half is transparent black.
fn half_transparent(width: u32, height: u32) -> DynamicImage {
    let picture = RgbaImage::from_fn(width, height, |x, _| {
        if x < width / 2 {
            Rgba([0, 0, 0, 0])
        } else {
            Rgba([255, 0, 0, 255])
        }
    });
    picture.into()
}

#[test]
fn transparent_pixels_do_not_affect_colours() {
    for small in [
        reduce(half_transparent(1_000, 10), 7),
        resize(&half_transparent(100, 10), 7, 3),
    ] {
        assert_eq!(small.width(), 7);
        for Rgba([r, g, b, a]) in small.to_rgba8().pixels() {
            assert!(*a == 0 || [*r, *g, *b] == [255, 0, 0], "{r} {g} {b} {a}");
        }
    }
}

#[test]
fn grey_with_alpha_is_reduced_too() {
    let grey = GrayAlphaImage::from_fn(1_000, 10, |x, _| {
        LumaA(if x < 500 { [0, 0] } else { [90, 255] })
    });
    let small = reduce(grey.into(), 7);
    let DynamicImage::ImageLumaA8(small) = small else {
        panic!("{:?}", small.color());
    };
    assert_eq!(small.dimensions(), (7, 1));
    assert!(
        small
            .pixels()
            .all(|LumaA([grey, alpha])| *alpha == 0 || *grey == 90)
    );
}

#[test]
fn no_picture_is_higher_than_the_limit_of_jpeg() {
    let small = reduce(DynamicImage::new_rgb8(14, 131_070), 1_200);
    assert_eq!((small.width(), small.height()), (7, 65_535));
}

#[test]
fn nearly_transparent_colours_are_preserved() {
    let faint = RgbaImage::from_pixel(900, 300, Rgba([200, 100, 7, 3]));
    for small in [
        reduce(faint.clone().into(), 31),
        resize(&faint.into(), 31, 17),
    ] {
        let mut pixels = small.to_rgba8().pixels().copied().collect::<Vec<_>>();
        pixels.dedup();
        assert_eq!(pixels, [Rgba([200, 100, 7, 3])]);
    }
}
