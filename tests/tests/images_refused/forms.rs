//! Forms: their names, their number of files and their size.

use eggypro_domain::images::ImageFormat;
use eggypro_imaging::testing::picture;
use eggypro_tests::{IMAGES, TestShop, a_photo, form, upload};
use reqwest::multipart::{Form, Part};

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
