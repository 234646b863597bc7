//! Answers that a write invalidates.

use eggypro_tests::{PRICED, TestShop};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_direct_write_is_visible_once_notified() {
    let shop = TestShop::start().await;
    shop.create_priced(1).await;
    assert_eq!(shop.price().await, 1.0);
    // The state that a server leaves if it is killed between its commit and its answer.
    shop.database
        .execute(
            "UPDATE products SET price = 2; \
             SELECT pg_notify('eggypro_changes', gen_random_uuid()::text || ' products every-product')",
        );
    shop.shows(2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cached_404_is_invalidated_by_a_creation() {
    let shop = TestShop::start().await;
    for path in [PRICED, "/api/categories/bars"] {
        let user = shop.anonymous();
        let first = user.get(path).await.expect_problem(404);
        let again = user.get(path).await.expect_problem(404);
        assert_ne!(first.header("x-request-id"), again.header("x-request-id"));
    }
    shop.create_category("Bars").await;
    shop.create_product(json!({ "categories": ["bars"] })).await;
    shop.anonymous()
        .get("/api/categories/bars")
        .await
        .expect(200);
    shop.anonymous().get(PRICED).await.expect(200);
    let admin = shop.admin();
    admin.delete(PRICED).await.expect(204);
    shop.anonymous().get(PRICED).await.expect_problem(404);
    assert!(
        shop.anonymous()
            .get("/api/products")
            .await
            .names()
            .is_empty()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_category_is_shown_in_every_answer() {
    let shop = TestShop::start().await;
    shop.create_category("Bars").await;
    shop.create_product(json!({ "categories": ["bars"] })).await;
    let shown = async || {
        let user = shop.anonymous();
        let product = user.get(PRICED).await.json()["categories"][0]["name"].clone();
        let listed =
            user.get("/api/products").await.json()["data"][0]["categories"][0]["name"].clone();
        let found = user.get("/api/products/search?q=vanilla").await.json()["data"][0]["categories"][0]["name"].clone();
        let itself = user.get("/api/categories").await.json()["data"][0]["name"].clone();
        [product, listed, found, itself]
    };
    assert_eq!(shown().await, ["Bars"; 4]);
    let admin = shop.admin();
    admin
        .put("/api/categories/bars", &json!({ "name": "Egg bars" }))
        .await
        .expect(200);
    assert_eq!(shown().await, ["Egg bars"; 4]);
    admin.delete("/api/categories/bars").await.expect(204);
    assert_eq!(
        shown().await,
        [json!(null), json!(null), json!(null), json!(null)]
    );
}
