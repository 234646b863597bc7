//! Deleted pictures.

use std::time::{Duration, Instant};

use super::*;

async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    let started = Instant::now();
    while !is_so().await {
        assert!(started.elapsed() < Duration::from_secs(10), "{what}");
        // The awaited work may run on this thread.
        tokio::task::yield_now().await;
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
