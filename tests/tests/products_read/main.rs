//! Reads of lists, searches and single products by the public.

mod cursors;
mod lists;
mod queries;

use eggypro_tests::{TestShop, a_product};
use serde_json::json;

#[tokio::test]
async fn a_product_shows_every_field() {
    let shop = TestShop::start().await;
    shop.create_category("Protein powder").await;
    let fields = json!({ "categories": ["protein-powder"], "images": ["https://example.com/a.jpg"], "stock_quantity": 120 });
    shop.create_product(fields).await;
    let answer = shop
        .anonymous()
        .get("/api/products/eggypro-vanilla-1kg")
        .await
        .expect(200);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("etag"), "\"1-1\"");
    assert!(
        answer.text().contains("\"price\":39.90,"),
        "{}",
        answer.text()
    );
    insta::assert_json_snapshot!(answer.json(), { ".created_at" => "[time]", ".updated_at" => "[time]" });
    let created_at = answer.json()["created_at"].as_str().unwrap().to_owned();
    assert!(
        created_at.starts_with("20") && created_at.ends_with('Z'),
        "{created_at}"
    );
}

#[tokio::test]
async fn inactive_products_are_for_administrators() {
    let shop = TestShop::start().await;
    shop.create_product(json!({ "name": "Hidden", "is_active": false }))
        .await;
    shop.create_product(json!({ "name": "Shown" })).await;
    assert_eq!(
        shop.anonymous().get("/api/products").await.names(),
        ["Shown"]
    );
    shop.anonymous()
        .get("/api/products/hidden")
        .await
        .expect_problem(404);
    for query in [
        "status=inactive",
        "status=all",
        "st%61tus=all",
        "status=active",
    ] {
        let path = format!("/api/products?{query}");
        let refused = shop.anonymous().get(&path).await.expect_problem(401);
        assert_eq!(refused.header("www-authenticate"), "Bearer");
        shop.bearer("wrong").get(&path).await.expect_problem(401);
    }
    let inactive = shop
        .admin()
        .get("/api/products?status=inactive")
        .await
        .expect(200);
    assert_eq!(inactive.names(), ["Hidden"]);
    assert_eq!(inactive.header("cache-control"), "no-store");
    assert_eq!(
        shop.admin().get("/api/products?status=all").await.names(),
        ["Hidden", "Shown"]
    );
    shop.admin()
        .get("/api/products?status=deleted")
        .await
        .expect_problem(400);
}

#[tokio::test]
async fn unknown_addresses_are_not_found() {
    let shop = TestShop::start().await;
    for path in [
        "/api",
        "/api/nothing",
        "/api/products/nothing",
        "/api/products/Not-A-Slug",
        "/api/products/a%00b",
        "/api/products/%ff",
        "/api/products/a%2Fb",
        "/api/categories/nothing",
        "/api/products/a/b/c",
    ] {
        shop.anonymous().get(path).await.expect_problem(404);
    }
}

#[tokio::test]
async fn each_slug_reads_its_own_product() {
    let shop = TestShop::start().await;
    let first = shop.create_product(json!({ "name": "First" })).await;
    let second = shop
        .admin()
        .post("/api/products", &a_product(json!({ "name": "Second" })))
        .await
        .expect(201);
    assert_ne!(first["id"], second.json()["id"]);
    assert_eq!(
        shop.anonymous().get("/api/products/second").await.json(),
        second.json()
    );
}
