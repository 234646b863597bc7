//! Pictures: uploaded, shown, deleted; and what is refused.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use eggypro_domain::images::ImageFormat;
use eggypro_imaging::testing::{Behaviour, FakeCloudinary, picture};
use eggypro_persistence::testing::TestDatabase;
use eggypro_server::ImageSettings;
use eggypro_tests::{Answer, Proxy, TestShop, User, Weather};
use futures_util::future::join_all;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

const IMAGES: &str = "/api/products/eggs/images";

async fn shop() -> TestShop {
    let shop = TestShop::start().await;
    shop.create_product(json!({ "name": "Eggs" })).await;
    shop
}

async fn shop_at(fake: &FakeCloudinary) -> TestShop {
    let settings = fake.settings();
    let shop = TestShop::start_on(TestDatabase::migrated(), |shop| {
        shop.images = ImageSettings::Cloudinary(settings);
    });
    let shop = shop.await;
    shop.create_product(json!({ "name": "Eggs" })).await;
    shop
}

fn a_photo() -> Vec<u8> {
    picture(ImageFormat::Jpeg, 900, 600, false).to_vec()
}

fn form(files: impl IntoIterator<Item = Vec<u8>>) -> Form {
    files.into_iter().fold(Form::new(), |form, file| {
        form.part("file", Part::bytes(file).file_name("../../photo.jpg"))
    })
}

async fn upload(user: &User, path: &str, form: Form) -> Answer {
    user.send(user.request("POST", path).multipart(form)).await
}

async fn upload_one(shop: &TestShop, file: impl Into<Vec<u8>>) -> Answer {
    upload(&shop.admin(), IMAGES, form([file.into()])).await
}

async fn shown(shop: &TestShop) -> Vec<String> {
    let product = shop.anonymous().get("/api/products/eggs").await.expect(200);
    serde_json::from_value(product.json()["images"].clone()).unwrap()
}

/// The path of an address of this shop.
fn path(shop: &TestShop, url: &Value) -> String {
    let url = url.as_str().unwrap();
    let base = format!("http://{}", shop.address);
    url.strip_prefix(&base).unwrap().to_owned()
}

async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    let started = Instant::now();
    while !is_so().await {
        assert!(started.elapsed() < Duration::from_secs(10), "{what}");
        // What is waited for happens on this thread, perhaps.
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn uploaded_pictures_are_shown_at_once_in_every_size() {
    let shop = shop().await;
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
    assert_eq!(json!(shown(&shop).await), json!(originals));
    let after = shop.anonymous().get("/api/products/eggs").await.expect(200);
    assert_eq!(after.json()["version"], 2);

    let sizes = [
        (&first["original"], 900, 600),
        (&first["optimized"], 800, 533),
        (&first["thumbnail"], 400, 400),
        (&first["responsive"]["400w"], 400, 267),
        (&first["responsive"]["800w"], 800, 533),
        (&first["responsive"]["1200w"], 1_200, 800),
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
async fn a_deleted_picture_is_shown_nowhere() {
    let shop = shop().await;
    let uploaded = upload_one(&shop, a_photo()).await.expect(201).json();
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
    assert_eq!(shown(&shop).await, Vec::<String>::new());
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
    let shop = shop().await;
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
    assert_eq!(shown(&shop).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_picture_that_many_products_show_is_deleted_from_all() {
    let shop = shop().await;
    let uploaded = upload_one(&shop, a_photo()).await.expect(201).json();
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
async fn a_removed_product_takes_its_pictures_along() {
    let shop = shop().await;
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

#[tokio::test]
async fn what_is_no_picture_is_refused_and_not_stored() {
    const TYPE: &str = "Invalid file type. Only JPEG, PNG, and WebP are allowed";
    let shop = shop().await;
    let png = picture(ImageFormat::Png, 60, 40, false).to_vec();
    let bomb = |mut png: Vec<u8>| {
        png[16..24].copy_from_slice(&[0, 0, 0xc3, 0x50, 0, 0, 0xc3, 0x50]);
        png
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
        ("half a PNG", png[..png.len() - 30].to_vec(), 415, TYPE),
        ("a spoiled PNG", spoiled(png.clone()), 415, TYPE),
        (
            "an archive behind a PNG",
            [&png[..], b"PK\x03\x04"].concat(),
            415,
            TYPE,
        ),
        (
            "a page behind a photo",
            [&a_photo()[..], b"<html>"].concat(),
            415,
            TYPE,
        ),
        ("a bomb", bomb(png.clone()), 422, "The body breaks"),
        (
            "too much",
            vec![0xff; 10 * 1024 * 1024 + 1],
            413,
            "File size exceeds 10MB limit",
        ),
    ] {
        let problem = upload_one(&shop, file).await.expect_problem(status);
        let told = problem.json()["detail"].as_str().unwrap().to_owned();
        assert!(told.starts_with(detail), "{what}: {told}");
    }
    // One that is refused takes the others along.
    let mixed = form([a_photo(), spoiled(png.clone()), a_photo()]);
    upload(&shop.admin(), IMAGES, mixed)
        .await
        .expect_problem(415);
    assert_eq!(shop.image_files(), 0);
    assert_eq!(shown(&shop).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_form_has_one_to_ten_files_and_nothing_else() {
    let shop = shop().await;
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
async fn a_product_says_no_before_anything_is_stored() {
    let shop = shop().await;
    let png = || picture(ImageFormat::Png, 4, 3, false).to_vec();
    let nobody = upload(&shop.admin(), "/api/products/nothing/images", form([png()])).await;
    nobody.expect_problem(404);
    for _ in 0..2 {
        let ten = form((0..10).map(|_| png()));
        upload(&shop.admin(), IMAGES, ten).await.expect(201);
    }
    let full = upload_one(&shop, png()).await.expect_problem(422);
    assert_eq!(
        full.errors(),
        ["file: Too many images: a product has at most 20"]
    );
    assert_eq!(shop.image_files(), 20 * 6);
}

#[tokio::test]
async fn only_administrators_upload_and_delete() {
    let shop = shop().await;
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
async fn no_path_leads_out_of_the_folder() {
    let shop = shop().await;
    for path in [
        "/media/../admin-secret",
        "/media/..%2f..%2fetc%2fpasswd",
        "/media/%2e%2e/%2e%2e/etc/passwd",
        "/media/eggypro-products/a/..%5c..%5ca.jpg",
        "/media/eggypro-products/%00.jpg",
        "/media/",
    ] {
        shop.anonymous().get(path).await.expect_problem(404);
    }
}

#[tokio::test]
async fn an_endless_body_is_cut_off() {
    let shop = shop().await;
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
    // The answer may come as such, or as the end of a connection that was still being written to.
    if let Ok(response) = request.body(body).send().await {
        assert_eq!(response.status(), 413);
    }
    assert_eq!(shop.image_files(), 0);
    shop.admin().get("/api/products").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_uploads_at_once_all_arrive() {
    let shop = Arc::new(shop().await);
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
async fn cloudinary_keeps_them_all_or_none() {
    let fake = FakeCloudinary::start().await;
    let shop = shop_at(&fake).await;
    let uploaded = upload(&shop.admin(), IMAGES, form([a_photo(), a_photo()])).await;
    let uploaded = uploaded.expect(201).json();
    assert_eq!(fake.images().len(), 2);
    let optimized = uploaded["images"][0]["optimized"].as_str().unwrap();
    assert!(
        optimized.contains("/image/upload/f_auto,q_80,w_800/v"),
        "{optimized}"
    );
    fake.next([
        Behaviour::Normal,
        Behaviour::failure(401),
        Behaviour::Normal,
    ]);
    let failed = upload(
        &shop.admin(),
        IMAGES,
        form([a_photo(), a_photo(), a_photo()]),
    )
    .await;
    let failed = failed.expect_problem(503);
    assert_eq!(failed.header("retry-after"), "2");
    assert_eq!(fake.images().len(), 2);
    assert_eq!(shown(&shop).await.len(), 2);
    let busy = r#"{"error":{"message":"Rate Limit Exceeded"}}"#.to_owned();
    fake.next([Behaviour::Answer(420, vec![("Retry-After", "90")], busy)]);
    let busy = upload_one(&shop, a_photo()).await.expect_problem(503);
    assert_eq!(busy.header("retry-after"), "90");
    shop.admin()
        .delete("/api/products/eggs?permanent=true")
        .await
        .expect(204);
    until("the pictures stay", async || fake.images().is_empty()).await;
}

#[tokio::test]
async fn what_could_not_be_deleted_is_tried_again() {
    let fake = FakeCloudinary::start().await;
    let shop = shop_at(&fake).await;
    let uploaded = upload_one(&shop, a_photo()).await.expect(201).json();
    let id = uploaded["images"][0]["public_id"].as_str().unwrap();
    fake.always(Behaviour::failure(403));
    shop.admin()
        .delete(&format!("/api/images/{id}"))
        .await
        .expect(204);
    assert_eq!(shown(&shop).await, Vec::<String>::new());
    assert_eq!(fake.images(), [id]);
    fake.always(Behaviour::Normal);
    // As if the time until the next try were over; a removed product is the occasion.
    shop.database
        .execute("UPDATE images SET removal_requested_at = now()");
    shop.admin()
        .delete("/api/products/eggs?permanent=true")
        .await
        .expect(204);
    until("the picture stays", async || fake.images().is_empty()).await;
}

#[tokio::test]
async fn what_is_due_is_removed_without_an_occasion() {
    let fake = FakeCloudinary::start().await;
    let shop = shop_at(&fake).await;
    upload_one(&shop, a_photo()).await.expect(201);
    shop.database.execute(
        "UPDATE products SET images = '{}'; UPDATE images SET removal_requested_at = now()",
    );
    assert_eq!(fake.images().len(), 1);
    let (settings, url) = (fake.settings(), shop.database.url());
    // A server that starts looks at once, and then every minute.
    let another = TestShop::start_on(TestDatabase::migrated(), |shop| {
        shop.images = ImageSettings::Cloudinary(settings);
        shop.database.url = url;
    });
    let _another = another.await;
    until("the picture stays", async || fake.images().is_empty()).await;
}

#[tokio::test]
async fn uploads_are_taken_back_when_the_database_comes_back() {
    let fake = FakeCloudinary::start().await;
    let database = TestDatabase::migrated();
    let proxy = Proxy::before(&database).await;
    let (settings, url) = (fake.settings(), proxy.url());
    let shop = TestShop::start_on(database, |shop| {
        shop.images = ImageSettings::Cloudinary(settings);
        shop.database.url = url;
    })
    .await;
    shop.create_product(json!({ "name": "Eggs" })).await;
    fake.always(Behaviour::Slow(Duration::from_millis(300)));
    let admin = shop.admin();
    let uploading =
        tokio::spawn(async move { upload(&admin, IMAGES, form([a_photo(), a_photo()])).await });
    until("nothing is uploaded", async || fake.requests().len() == 2).await;
    proxy.set(Weather::Cut);
    uploading.await.unwrap().expect_problem(503);
    // Nobody knows now whether they are shown, so they stay until that can be asked.
    assert_eq!(fake.images().len(), 2);
    proxy.set(Weather::Fair);
    until("the database stays away", async || {
        shop.admin().get("/api/products?status=all").await.status == 200
    })
    .await;
    assert_eq!(shown(&shop).await, Vec::<String>::new());
    // As if the time of their reservation were over.
    shop.database
        .execute("UPDATE images SET removal_requested_at = now()");
    shop.create_product(json!({ "name": "Occasion" })).await;
    shop.admin()
        .delete("/api/products/occasion?permanent=true")
        .await
        .expect(204);
    until("the pictures stay", async || fake.images().is_empty()).await;
}

#[tokio::test]
async fn uploads_are_taken_back_when_their_product_goes() {
    let fake = FakeCloudinary::start().await;
    let shop = shop_at(&fake).await;
    fake.next(vec![Behaviour::Slow(Duration::from_millis(300)); 2]);
    let admin = shop.admin();
    let uploading =
        tokio::spawn(async move { upload(&admin, IMAGES, form([a_photo(), a_photo()])).await });
    until("nothing is uploaded", async || fake.requests().len() == 2).await;
    shop.admin()
        .delete("/api/products/eggs?permanent=true")
        .await
        .expect(204);
    uploading.await.unwrap().expect_problem(404);
    assert_eq!(fake.images(), Vec::<String>::new());
}

#[tokio::test]
async fn health_tells_of_every_service() {
    let shop = shop().await;
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
