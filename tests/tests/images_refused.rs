//! Pictures and forms that are refused without storing anything.

use eggypro_domain::images::ImageFormat;
use eggypro_imaging::testing::picture;
use eggypro_tests::{IMAGES, TestShop, a_photo, form, upload};
use reqwest::multipart::{Form, Part};

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

#[tokio::test]
async fn file_names_have_no_effect() {
    let shop = TestShop::start_with_eggs().await;
    for name in [
        &b"K\xe4se.jpg"[..],
        b"\x82\xa0.jpg",
        "🥚.png".as_bytes(),
        b"a\\\"b.exe",
        b"",
    ] {
        let body = [
            b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"",
            name,
            b"\"\r\nContent-Type: text/plain\r\n\r\n",
            &a_photo(),
            b"\r\n--x--\r\n",
        ];
        let user = shop.admin();
        let request = user.request("POST", IMAGES).body(body.concat());
        let request = request.header("Content-Type", "multipart/form-data; boundary=x");
        user.send(request).await.expect(201);
    }
    // Parts without a valid `Content-Disposition` of a form field.
    for head in [
        "",
        "Content-Disposition: attachment; name=\"file\"",
        "Content-Disposition: form-data",
    ] {
        let head = if head.is_empty() {
            String::new()
        } else {
            format!("{head}\r\n")
        };
        let body = format!("--x\r\n{head}\r\na\r\n--x--\r\n");
        let user = shop.admin();
        let request = user.request("POST", IMAGES).body(body);
        let request = request.header("Content-Type", "multipart/form-data; boundary=x");
        user.send(request).await.expect_problem(400);
    }
}

#[tokio::test]
async fn a_form_has_one_to_ten_files_and_nothing_else() {
    let shop = TestShop::start_with_eggs().await;
    let png = || picture(ImageFormat::Png, 4, 3, false).to_vec();
    let many = upload(&shop.admin(), IMAGES, form((0..11).map(|_| png()))).await;
    assert_eq!(
        many.expect_problem(422).errors(),
        ["file: Too many files: at most 10 at once"]
    );
    let other = Form::new().part("picture", Part::bytes(png()));
    let other = upload(&shop.admin(), IMAGES, other)
        .await
        .expect_problem(422);
    assert_eq!(
        other.errors(),
        ["picture: Unknown field: picture. Known here: file."]
    );
    let admin = shop.admin();
    let raw = |kind: &str, body: Vec<u8>| {
        let request = admin.request("POST", IMAGES).header("Content-Type", kind);
        admin.send(request.body(body))
    };
    raw("application/json", b"{}".to_vec())
        .await
        .expect_problem(415);
    let none = raw("multipart/form-data; boundary=x", b"--x--\r\n".to_vec()).await;
    assert_eq!(
        none.expect_problem(422).errors(),
        ["file: File is required"]
    );
    raw("multipart/form-data", b"x".to_vec())
        .await
        .expect_problem(400);
    raw("multipart/form-data; boundary=x", b"--x\r\n".to_vec())
        .await
        .expect_problem(400);
    raw("multipart/form-data; boundary=x", vec![b'a'; 300_000])
        .await
        .expect_problem(400);
    assert_eq!(shop.image_files(), 0);
}

#[tokio::test]
async fn a_product_is_checked_before_storing() {
    let shop = TestShop::start_with_eggs().await;
    let png = || picture(ImageFormat::Png, 4, 3, false).to_vec();
    let nobody = upload(&shop.admin(), "/api/products/nothing/images", form([png()])).await;
    nobody.expect_problem(404);
    for _ in 0..2 {
        let ten = form((0..10).map(|_| png()));
        upload(&shop.admin(), IMAGES, ten).await.expect(201);
    }
    let full = shop.upload(png()).await.expect_problem(422);
    assert_eq!(
        full.errors(),
        ["file: Too many images: a product has at most 20"]
    );
    assert_eq!(shop.image_files(), 20 * 6);
}

#[tokio::test]
async fn only_administrators_upload_and_delete() {
    let shop = TestShop::start_with_eggs().await;
    for user in [shop.anonymous(), shop.bearer("wrong")] {
        upload(&user, IMAGES, form([a_photo()]))
            .await
            .expect_problem(401);
        upload(&user, "/api/images", form([a_photo()]))
            .await
            .expect_problem(401);
        user.delete("/api/images/eggypro-products/a")
            .await
            .expect_problem(401);
    }
    assert_eq!(shop.image_files(), 0);
}

#[tokio::test]
async fn paths_cannot_leave_the_folder() {
    let shop = TestShop::start_with_eggs().await;
    for path in [
        "/media/../admin-secret",
        "/media/..%2f..%2fetc%2fpasswd",
        "/media/%2e%2e/%2e%2e/etc/passwd",
        "/media/eggypro-products/a/..%5c..%5ca.jpg",
        "/media/eggypro-products/%00.jpg",
    ] {
        shop.anonymous().get(path).await.expect_problem(404);
    }
}

#[tokio::test]
async fn an_unsatisfiable_range_is_a_problem_without_caching() {
    let shop = TestShop::start_with_eggs().await;
    shop.upload(a_photo()).await.expect(201);
    let picture = shop.shown_images().await.remove(0);
    let picture = picture.split_once("/media/").unwrap().1.to_owned();
    let user = shop.anonymous();
    let part = |range| {
        let request = user.request("GET", &format!("/media/{picture}"));
        user.send(request.header("range", range))
    };
    let there = part("bytes=0-9").await.expect(206);
    assert_eq!(there.bytes.len(), 10);
    let beyond = part("bytes=999999999-").await.expect_problem(416);
    assert_eq!(beyond.header("cache-control"), "no-store");
    let length = there.header("content-range").split_once('/').unwrap().1;
    assert_eq!(beyond.header("content-range"), format!("bytes */{length}"));
    for name in ["etag", "last-modified", "content-disposition"] {
        assert_eq!(beyond.header(name), "", "{name}");
    }
}

#[tokio::test]
async fn an_endless_body_is_cut_off() {
    let shop = TestShop::start_with_eggs().await;
    let head =
        b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n".to_vec();
    let endless = futures_util::stream::iter(
        std::iter::once(head).chain(std::iter::repeat_n(vec![0xff; 64 * 1024], 3_000)),
    );
    let body = reqwest::Body::wrap_stream(futures_util::StreamExt::map(
        endless,
        Ok::<_, std::io::Error>,
    ));
    let admin = shop.admin();
    let request = admin
        .request("POST", IMAGES)
        .header("Content-Type", "multipart/form-data; boundary=x");
    // The client sees the answer, or a write error if the server closes the connection first.
    if let Ok(response) = request.body(body).send().await {
        assert_eq!(response.status(), 413);
    }
    assert_eq!(shop.image_files(), 0);
    shop.admin().get("/api/products").await.expect(200);
}
