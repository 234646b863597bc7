//! Pictures: uploads, renditions, deletion and cleaning up.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod deletion;
mod health;
mod media;

use std::sync::Arc;

use eggypro_domain::images::ImageFormat;
use eggypro_imaging::testing::picture;
use eggypro_tests::{IMAGES, TestShop, a_photo, form, upload};
use futures_util::future::join_all;
use serde_json::{Value, json};

/// The path of a URL of this shop.
fn path(shop: &TestShop, url: &Value) -> String {
    let url = url.as_str().unwrap();
    let base = format!("http://{}", shop.address);
    url.strip_prefix(&base).unwrap().to_owned()
}

#[tokio::test]
async fn uploaded_pictures_are_shown_in_every_size() {
    let shop = TestShop::start_with_eggs().await;
    let before = shop.anonymous().get("/api/products/eggs").await.expect(200);
    assert_eq!(before.json()["images"], json!([]));
    let files = [a_photo(), picture(ImageFormat::Png, 40, 40, true).to_vec()];
    let answer = upload(&shop.admin(), IMAGES, form(files)).await.expect(201);
    assert_eq!(answer.header("cache-control"), "no-store");
    let images = answer.json()["images"].as_array().unwrap().clone();
    assert_eq!(images.len(), 2);
    let first = &images[0];
    assert_eq!(first["width"], 900);
    assert_eq!(first["height"], 600);
    assert_eq!(first["format"], "jpg");
    assert_eq!(first["size"], a_photo().len());
    assert!(
        first["public_id"]
            .as_str()
            .unwrap()
            .starts_with("eggypro-products/")
    );
    let originals: Vec<_> = images
        .iter()
        .map(|image| image["original"].clone())
        .collect();
    assert_eq!(json!(shop.shown_images().await), json!(originals));
    let after = shop.anonymous().get("/api/products/eggs").await.expect(200);
    assert_eq!(after.json()["version"], 2);

    let sizes = [
        (&first["original"], 900, 600),
        (&first["optimized"], 800, 533),
        (&first["thumbnail"], 400, 400),
        (&first["responsive"]["400w"], 400, 267),
        (&first["responsive"]["800w"], 800, 533),
        // No rendition is larger than the original.
        (&first["responsive"]["1200w"], 900, 600),
    ];
    for (url, width, height) in sizes {
        let file = shop.anonymous().get(&path(&shop, url)).await.expect(200);
        assert_eq!(file.header("content-type"), "image/jpeg");
        assert_eq!(file.header("x-content-type-options"), "nosniff");
        assert_eq!(
            file.header("cache-control"),
            "public, max-age=31536000, immutable"
        );
        let size = imagesize::blob_size(&file.bytes).unwrap();
        assert_eq!((size.width, size.height), (width, height), "{url}");
        let user = shop.anonymous();
        let again = user.request("GET", &path(&shop, url));
        let again = again.header("If-None-Match", file.header("etag"));
        user.send(again).await.expect(304);
        let head = user.request("HEAD", &path(&shop, url));
        assert!(user.send(head).await.expect(200).bytes.is_empty());
    }
}

#[tokio::test]
async fn a_picture_need_not_belong_to_a_product() {
    let shop = TestShop::start_with_eggs().await;
    let uploaded = upload(&shop.admin(), "/api/images", form([a_photo()])).await;
    let image = uploaded.expect(201).json()["images"][0].clone();
    let patch = json!({ "images": [image["original"]] });
    shop.admin()
        .patch("/api/products/eggs", &patch)
        .await
        .expect(200);
    let id = image["public_id"].as_str().unwrap();
    shop.admin()
        .delete(&format!("/api/images/{id}"))
        .await
        .expect(204);
    assert_eq!(shop.shown_images().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_uploads_all_succeed() {
    let shop = Arc::new(TestShop::start_with_eggs().await);
    let uploads = (0..16).map(|_| {
        let admin = shop.admin();
        async move {
            upload(&admin, "/api/images", form([a_photo()]))
                .await
                .status
        }
    });
    assert_eq!(join_all(uploads).await, [201; 16]);
    assert_eq!(shop.image_files(), 16 * 6);
}
