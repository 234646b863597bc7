//! Pictures: uploads, renditions, deletion and cleaning up.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use eggypro_domain::images::ImageFormat;
use eggypro_imaging::testing::{Behaviour, FakeCloudinary, picture};
use eggypro_server::ImageSettings;
use eggypro_tests::{IMAGES, TestShop, a_photo, form, upload};
use futures_util::future::join_all;
use serde_json::{Value, json};

async fn shop_at(fake: &FakeCloudinary) -> TestShop {
    let settings = fake.settings();
    let shop = TestShop::start_with(|shop| {
        shop.images = ImageSettings::Cloudinary(settings);
    });
    let shop = shop.await;
    shop.create_product(json!({ "name": "Eggs" })).await;
    shop
}

/// The path of a URL of this shop.
fn path(shop: &TestShop, url: &Value) -> String {
    let url = url.as_str().unwrap();
    let base = format!("http://{}", shop.address);
    url.strip_prefix(&base).unwrap().to_owned()
}

async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    let started = Instant::now();
    while !is_so().await {
        assert!(started.elapsed() < Duration::from_secs(10), "{what}");
        // The awaited work may run on this thread.
        tokio::task::yield_now().await;
    }
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
async fn a_deleted_picture_is_removed_everywhere() {
    let shop = TestShop::start_with_eggs().await;
    let uploaded = shop.upload(a_photo()).await.expect(201).json();
    let image = &uploaded["images"][0];
    let other =
        json!({ "name": "Other", "images": [image["original"], "https://a.example/b.jpg"] });
    shop.create_product(other).await;
    shop.anonymous()
        .get("/api/products/other")
        .await
        .expect(200);
    let id = image["public_id"].as_str().unwrap();
    let delete = async |id: &str| shop.admin().delete(&format!("/api/images/{id}")).await;
    delete("eggypro-products/unknown").await.expect_problem(404);
    delete("..%2f..%2fetc").await.expect_problem(404);
    delete(&id.replace('/', "%2F")).await.expect(204);
    delete(id).await.expect_problem(404);
    assert_eq!(shop.shown_images().await, Vec::<String>::new());
    let other = shop
        .anonymous()
        .get("/api/products/other")
        .await
        .expect(200);
    assert_eq!(other.json()["images"], json!(["https://a.example/b.jpg"]));
    assert_eq!(shop.image_files(), 0);
    let file = path(&shop, &image["original"]);
    shop.anonymous().get(&file).await.expect_problem(404);
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

#[tokio::test]
async fn a_picture_that_many_products_show_is_deleted_from_all() {
    let shop = TestShop::start_with_eggs().await;
    let uploaded = shop.upload(a_photo()).await.expect(201).json();
    let image = &uploaded["images"][0];
    let url = image["optimized"].as_str().unwrap();
    shop.database.execute(&format!(
        "INSERT INTO products (name, slug, description, details, price, ingredients, images) \
         SELECT 'P', 'p-' || repeat('x', 200) || n, 'd', 'd', 1, '{{Egg}}', '{{{url}}}' FROM generate_series(1, 200) n"
    ));
    let last = format!("/api/products/p-{}200", "x".repeat(200));
    let before = shop.anonymous().get(&last).await.expect(200);
    assert_eq!(before.json()["images"], json!([url]));
    let id = image["public_id"].as_str().unwrap();
    shop.admin()
        .delete(&format!("/api/images/{id}"))
        .await
        .expect(204);
    let after = shop.anonymous().get(&last).await.expect(200);
    assert_eq!(after.json()["images"], json!([]));
}

#[tokio::test]
async fn removing_a_product_removes_its_pictures() {
    let shop = TestShop::start_with_eggs().await;
    upload(&shop.admin(), IMAGES, form([a_photo(), a_photo()]))
        .await
        .expect(201);
    assert_eq!(shop.image_files(), 12);
    shop.admin().delete("/api/products/eggs").await.expect(204);
    assert_eq!(shop.image_files(), 12, "a hidden product keeps them");
    shop.admin()
        .delete("/api/products/eggs?permanent=true")
        .await
        .expect(204);
    until("the pictures stay", async || shop.image_files() == 0).await;
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

#[tokio::test]
async fn health_reports_every_service() {
    let shop = TestShop::start_with_eggs().await;
    let health = shop.anonymous().get("/api/health").await.expect(200);
    assert_eq!(health.header("cache-control"), "no-store");
    let health = health.json();
    assert_eq!(health["status"], "healthy");
    assert_eq!(health["environment"], "test");
    assert_eq!(health["services"]["database"]["connection"], "active");
    assert_eq!(health["services"]["cloudinary"]["status"], "disabled");
    assert_eq!(health["services"]["cache"]["status"], "disabled");
    assert!(health["responseTime"].is_u64() && health["uptime"].is_f64());

    let fake = FakeCloudinary::start().await;
    let shop = shop_at(&fake).await;
    for _ in 0..5 {
        let health = shop.anonymous().get("/api/health").await.expect(200).json();
        assert_eq!(health["services"]["cloudinary"]["status"], "healthy");
        assert_eq!(health["services"]["environment"]["cloudinary"], true);
    }
    assert_eq!(fake.requests().len(), 1, "it was asked once");

    let fake = FakeCloudinary::start().await;
    let shop = shop_at(&fake).await;
    fake.always(Behaviour::failure(401));
    let health = shop.anonymous().get("/api/health").await.expect(503);
    assert_eq!(health.json()["status"], "degraded");
    assert_eq!(
        health.json()["services"]["cloudinary"]["status"],
        "unhealthy"
    );
    assert!(!health.text().contains("secret"));
    shop.anonymous().get("/api/health/ready").await.expect(200);
}

#[tokio::test]
async fn a_product_shows_sizes_of_its_stored_pictures() {
    let shop = TestShop::start_with_eggs().await;
    let elsewhere = "https://elsewhere.example/a.jpg";
    let admin = shop.admin();
    let change = json!({ "images": [elsewhere] });
    admin.patch("/api/products/eggs", &change).await.expect(200);
    let small = picture(ImageFormat::Jpeg, 300, 200, false);
    let uploaded = shop.upload(small).await.expect(201).json();
    let image = &uploaded["images"][0];
    let nothing = Value::Null;
    let media = json!([
        {
            "url": elsewhere, "public_id": nothing, "width": nothing, "height": nothing,
            "thumbnail": nothing, "optimized": nothing, "responsive": nothing
        },
        {
            "url": image["original"], "public_id": image["public_id"], "width": 300, "height": 200,
            "thumbnail": image["thumbnail"], "optimized": image["optimized"],
            "responsive": image["responsive"]
        }
    ]);
    let product = shop.eggs().await;
    assert_eq!(product["media"], media);
    let list = shop
        .anonymous()
        .get("/api/products?fields=media")
        .await
        .json();
    assert_eq!(list["data"][0]["media"], media);
    // No rendition is larger than the uploaded file.
    for url in [
        &image["optimized"],
        &image["thumbnail"],
        &image["responsive"]["1200w"],
    ] {
        let picture = shop.anonymous().get(&path(&shop, url)).await.expect(200);
        let size = imagesize::blob_size(&picture.bytes).unwrap();
        assert!(size.width <= 300 && size.height <= 200, "{url}: {size:?}");
    }
    let id = image["public_id"].as_str().unwrap();
    admin.delete(&format!("/api/images/{id}")).await.expect(204);
    assert_eq!(shop.eggs().await["media"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn local_picture_urls_follow_their_server() {
    let first = TestShop::start_with_eggs().await;
    first.upload(a_photo()).await.expect(201);
    let foreign = "http://other.example/media/eggypro-products/0123/original.jpg";
    let mut images = first.eggs().await["images"].as_array().unwrap().clone();
    images.push(json!(foreign));
    let change = json!({ "images": images });
    first
        .admin()
        .patch("/api/products/eggs", &change)
        .await
        .expect(200);
    let url = first.database.address();
    let second = TestShop::start_with(|settings| settings.database.url = url).await;
    let here = format!("http://{}/media/eggypro-products/", second.address);
    let deadline = Instant::now() + Duration::from_secs(10);
    let product = loop {
        let product = second.eggs().await;
        if product["images"][0].as_str().unwrap().starts_with(&here) {
            break product;
        }
        assert!(Instant::now() < deadline, "{product}");
    };
    let media = &product["media"][0];
    for url in [
        &media["url"],
        &media["thumbnail"],
        &media["responsive"]["400w"],
    ] {
        assert!(url.as_str().unwrap().starts_with(&here), "{media}");
    }
    assert_eq!(product["images"][1], foreign);
}
