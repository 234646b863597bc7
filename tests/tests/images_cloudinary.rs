//! Pictures at Cloudinary: all or none of an upload, and cleaning up.

use std::time::{Duration, Instant};

use eggypro_imaging::testing::{Behaviour, FakeCloudinary};
use eggypro_persistence::testing::TestDatabase;
use eggypro_server::ImageSettings;
use eggypro_tests::{IMAGES, NetworkState, Proxy, TestShop, a_photo, form, upload};
use serde_json::json;

async fn shop_at(fake: &FakeCloudinary) -> TestShop {
    let settings = fake.settings();
    let shop = TestShop::start_with(|shop| {
        shop.images = ImageSettings::Cloudinary(settings);
    });
    let shop = shop.await;
    shop.create_product(json!({ "name": "Eggs" })).await;
    shop
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
async fn cloudinary_stores_all_pictures_of_an_upload_or_none() {
    let fake = FakeCloudinary::start().await;
    let shop = shop_at(&fake).await;
    let uploaded = upload(&shop.admin(), IMAGES, form([a_photo(), a_photo()])).await;
    let uploaded = uploaded.expect(201).json();
    assert_eq!(fake.images().len(), 2);
    let optimized = uploaded["images"][0]["optimized"].as_str().unwrap();
    assert!(
        optimized.contains("/image/upload/c_limit,f_auto,q_80,w_800/v"),
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
    assert_eq!(shop.shown_images().await.len(), 2);
    let busy = r#"{"error":{"message":"Rate Limit Exceeded"}}"#.to_owned();
    fake.next([Behaviour::Answer(420, vec![("Retry-After", "90")], busy)]);
    let busy = shop.upload(a_photo()).await.expect_problem(503);
    assert_eq!(busy.header("retry-after"), "90");
    shop.admin()
        .delete("/api/products/eggs?permanent=true")
        .await
        .expect(204);
    until("the pictures stay", async || fake.images().is_empty()).await;
}

#[tokio::test]
async fn a_failed_deletion_is_retried() {
    let fake = FakeCloudinary::start().await;
    let shop = shop_at(&fake).await;
    let uploaded = shop.upload(a_photo()).await.expect(201).json();
    let id = uploaded["images"][0]["public_id"].as_str().unwrap();
    fake.always(Behaviour::failure(403));
    shop.admin()
        .delete(&format!("/api/images/{id}"))
        .await
        .expect(204);
    assert_eq!(shop.shown_images().await, Vec::<String>::new());
    assert_eq!(fake.images(), [id]);
    fake.always(Behaviour::Normal);
    // The next try is due now. Removing a product starts it.
    shop.database
        .execute("UPDATE images SET removal_requested_at = now()");
    shop.admin()
        .delete("/api/products/eggs?permanent=true")
        .await
        .expect(204);
    until("the picture stays", async || fake.images().is_empty()).await;
}

#[tokio::test]
async fn due_pictures_are_removed_at_the_start() {
    let fake = FakeCloudinary::start().await;
    let shop = shop_at(&fake).await;
    shop.upload(a_photo()).await.expect(201);
    shop.database.execute(
        "UPDATE products SET images = '{}'; UPDATE images SET removal_requested_at = now()",
    );
    assert_eq!(fake.images().len(), 1);
    let (settings, url) = (fake.settings(), shop.database.address());
    // A server looks for due removals when it starts, and then every minute.
    let another = TestShop::start_with(|shop| {
        shop.images = ImageSettings::Cloudinary(settings);
        shop.database.url = url;
    });
    let _another = another.await;
    until("the picture stays", async || fake.images().is_empty()).await;
}

#[tokio::test]
async fn uploads_are_undone_when_the_database_returns() {
    let fake = FakeCloudinary::start().await;
    let database = TestDatabase::migrated();
    let proxy = Proxy::before(&database).await;
    let (settings, url) = (fake.settings(), proxy.address());
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
    proxy.set(NetworkState::Cut);
    uploading.await.unwrap().expect_problem(503);
    // Without the database, the server can't know whether a product shows the pictures, so it keeps them.
    assert_eq!(fake.images().len(), 2);
    proxy.set(NetworkState::Fair);
    until("the database stays away", async || {
        shop.admin().get("/api/products?status=all").await.status == 200
    })
    .await;
    assert_eq!(shop.shown_images().await, Vec::<String>::new());
    // The reservation of the pictures has expired.
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
async fn uploads_are_undone_if_their_product_is_removed() {
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
