//! Files that are no sound pictures, or have other data behind them.

use eggypro_domain::images::ImageFormat;
use eggypro_imaging::testing::picture;
use eggypro_tests::{IMAGES, TestShop, a_photo, form, upload};

#[tokio::test]
async fn invalid_pictures_are_refused_and_not_stored() {
    const TYPE: &str = "Invalid file type. Only JPEG, PNG, and WebP are allowed";
    const BROKEN: &str = "The picture is damaged or not whole";
    let shop = TestShop::start_with_eggs().await;
    let png = picture(ImageFormat::Png, 60, 40, false).to_vec();
    let bomb = |mut png: Vec<u8>| {
        png[16..24].copy_from_slice(&[0, 0, 0xc3, 0x50, 0, 0, 0xc3, 0x50]);
        png
    };
    let twelve_bits = |mut jpeg: Vec<u8>| {
        let frame = jpeg
            .windows(2)
            .position(|pair| pair == [0xff, 0xc0])
            .unwrap();
        jpeg[frame + 4] = 12;
        jpeg
    };
    let spoiled = |mut png: Vec<u8>| {
        let data = png.windows(4).position(|name| name == b"IDAT").unwrap() + 6;
        let end = png.len() - 16;
        png[data..end].fill(0x55);
        png
    };
    for (what, file, status, detail) in [
        (
            "SVG",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(),
            415,
            TYPE,
        ),
        ("GIF", b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(), 415, TYPE),
        (
            "ELF",
            b"\x7fELF\x02\x01\x01\0\0\0\0\0\0".to_vec(),
            415,
            TYPE,
        ),
        ("nothing", vec![], 415, TYPE),
        ("half a PNG", png[..png.len() - 30].to_vec(), 415, BROKEN),
        ("a spoiled PNG", spoiled(png.clone()), 415, BROKEN),
        (
            "twelve bits",
            twelve_bits(a_photo()),
            415,
            "The JPEG has 12 bits",
        ),
        ("a bomb", bomb(png.clone()), 422, "The body breaks"),
        (
            "too much",
            vec![0xff; 10 * 1024 * 1024 + 1],
            413,
            "File size exceeds 10MB limit",
        ),
    ] {
        let problem = shop.upload(file).await.expect_problem(status);
        let actual = problem.json()["detail"].as_str().unwrap().to_owned();
        assert!(actual.starts_with(detail), "{what}: {actual}");
    }
    // If one picture is refused, none of the form is stored.
    let mixed = form([a_photo(), spoiled(png.clone()), a_photo()]);
    upload(&shop.admin(), IMAGES, mixed)
        .await
        .expect_problem(415);
    assert_eq!(shop.image_files(), 0);
    assert_eq!(shop.shown_images().await, Vec::<String>::new());
}

#[tokio::test]
async fn data_after_a_picture_is_not_stored() {
    let shop = TestShop::start_with_eggs().await;
    let png = picture(ImageFormat::Png, 60, 40, false).to_vec();
    for (picture, behind) in [
        (&png, &b"PK\x03\x04"[..]),
        (&a_photo(), b"<html>"),
        (&a_photo(), b"\0\0\0\x18ftypmp42"),
    ] {
        let uploaded = shop
            .upload([&picture[..], behind].concat())
            .await
            .expect(201);
        let original = uploaded.json()["images"][0]["original"].clone();
        let address = original.as_str().unwrap();
        let path = &address[address.find("/media").unwrap()..];
        let stored = shop.anonymous().get(path).await.expect(200);
        assert!(!stored.bytes.ends_with(behind));
    }
}
