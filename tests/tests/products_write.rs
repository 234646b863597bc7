//! Creating, changing and deleting products.

use eggypro_tests::{TestShop, a_product};
use serde_json::json;

const PRODUCT: &str = "/api/products/eggypro-vanilla-1kg";

#[tokio::test]
async fn a_product_is_created() {
    let shop = TestShop::start().await;
    let created = shop
        .admin()
        .post("/api/products", &a_product(json!({})))
        .await
        .expect(201);
    assert_eq!(created.header("location"), PRODUCT);
    assert_eq!(created.header("etag"), "\"1-1\"");
    assert_eq!(created.header("cache-control"), "no-store");
    let product = created.json();
    assert_eq!(
        (&product["version"], &product["slug"]),
        (&json!(1), &json!("eggypro-vanilla-1kg"))
    );
    assert_eq!(
        (&product["images"], &product["stock_quantity"]),
        (&json!([]), &json!(0))
    );
    assert_eq!(
        (&product["is_active"], &product["categories"]),
        (&json!(true), &json!([]))
    );
    assert_eq!(
        product["rating"]["distribution"],
        json!({ "1": 0, "2": 0, "3": 0, "4": 0, "5": 0 })
    );
    assert_eq!(shop.anonymous().get(PRODUCT).await.json(), product);

    let taken = shop
        .admin()
        .post("/api/products", &a_product(json!({})))
        .await
        .expect_problem(409);
    assert_eq!(taken.errors(), ["slug: Slug is taken: eggypro-vanilla-1kg"]);
}

#[tokio::test]
async fn writes_are_for_administrators() {
    let shop = TestShop::start().await;
    shop.create_product(json!({})).await;
    let body = a_product(json!({ "name": "Other" }));
    for user in [shop.anonymous(), shop.bearer("wrong"), shop.bearer("")] {
        for (method, path) in [
            ("POST", "/api/products"),
            ("PUT", PRODUCT),
            ("PATCH", PRODUCT),
            ("DELETE", PRODUCT),
        ] {
            let refused = user
                .send(user.request(method, path).json(&body))
                .await
                .expect_problem(401);
            assert_eq!(refused.header("www-authenticate"), "Bearer");
        }
    }
    let with = async |header: &str| {
        let request = shop
            .anonymous()
            .request("DELETE", PRODUCT)
            .header("Authorization", header);
        shop.anonymous().send(request).await.status
    };
    let secret = eggypro_tests::ADMIN_SECRET;
    assert_eq!(with(&format!("Basic {secret}")).await, 401);
    assert_eq!(with(&format!("Bearer {secret} x")).await, 401);
    assert_eq!(with(&format!("bEARER {secret}")).await, 204);
    assert_eq!(shop.anonymous().get("/api/products").await.names().len(), 0);
}

#[tokio::test]
async fn put_replaces_every_writable_field() {
    let shop = TestShop::start().await;
    shop.create_category("Bars").await;
    shop.create_product(json!({ "categories": ["bars"], "stock_quantity": 5, "images": ["https://a.example/b.jpg"] })).await;
    let body = a_product(json!({ "name": "New name", "price": 1 }));
    let replaced = shop.admin().put(PRODUCT, &body).await.expect(200);
    assert_eq!(replaced.header("etag"), "\"1-2\"");
    let product = replaced.json();
    assert_eq!(
        (&product["name"], &product["slug"]),
        (&json!("New name"), &json!("eggypro-vanilla-1kg"))
    );
    assert_eq!(
        (&product["stock_quantity"], &product["images"]),
        (&json!(0), &json!([]))
    );
    assert_eq!(
        (&product["categories"], &product["version"]),
        (&json!([]), &json!(2))
    );
    // If the slug stays, the name need not make a valid slug.
    for name in ["Search", "_-_"] {
        shop.admin()
            .put(PRODUCT, &a_product(json!({ "name": name })))
            .await
            .expect(200);
    }
    let moved = shop
        .admin()
        .put(PRODUCT, &a_product(json!({ "slug": "moved" })))
        .await
        .expect(200);
    assert_eq!(moved.json()["slug"], "moved");
    shop.anonymous().get(PRODUCT).await.expect(308);
    shop.admin().put(PRODUCT, &body).await.expect_problem(404);
    shop.admin()
        .put("/api/products/moved", &json!({ "name": "Incomplete" }))
        .await
        .expect_problem(422);
}

#[tokio::test]
async fn patch_changes_only_the_named_fields() {
    let shop = TestShop::start().await;
    let before = shop
        .create_product(json!({ "stock_quantity": 5, "images": ["https://a.example/b.jpg"] }))
        .await;
    let patched = shop
        .admin()
        .patch(PRODUCT, &json!({ "price": 34.9 }))
        .await
        .expect(200);
    let mut after = before.clone();
    after["price"] = json!(34.9);
    after["version"] = json!(2);
    after["updated_at"] = patched.json()["updated_at"].clone();
    assert_eq!(patched.json(), after);
    assert!(patched.text().contains("\"price\":34.90,"));

    // Null resets a field to its default, if it has one (RFC 7396 removes the member).
    let nulled = shop
        .admin()
        .patch(PRODUCT, &json!({ "stock_quantity": null, "images": null }))
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&nulled["stock_quantity"], &nulled["images"]),
        (&json!(0), &json!([]))
    );
    let required = json!({ "name": null, "slug": null, "description": null, "price": null, "ingredients": null });
    let refused = shop
        .admin()
        .patch(PRODUCT, &required)
        .await
        .expect_problem(422);
    assert_eq!(refused.errors().len(), 5);
    let unknown = shop
        .admin()
        .patch(PRODUCT, &json!({ "id": 7, "version": 1 }))
        .await
        .expect_problem(422);
    assert_eq!(unknown.errors().len(), 2);
    shop.admin()
        .patch("/api/products/nothing", &json!({ "price": 1 }))
        .await
        .expect_problem(404);
    shop.create_product(json!({ "name": "Other" })).await;
    shop.admin()
        .patch(PRODUCT, &json!({ "slug": "other" }))
        .await
        .expect_problem(409);

    let admin = shop.admin();
    let merge_patch = admin
        .request("PATCH", PRODUCT)
        .header("Content-Type", "application/merge-patch+json");
    admin
        .send(merge_patch.body("{\"is_active\": false}"))
        .await
        .expect(200);
    shop.anonymous().get(PRODUCT).await.expect_problem(404);
    shop.admin()
        .patch(PRODUCT, &json!({ "is_active": true }))
        .await
        .expect(200);
    shop.anonymous().get(PRODUCT).await.expect(200);
}

#[tokio::test]
async fn delete_hides_and_permanent_delete_removes() {
    let shop = TestShop::start().await;
    let first = shop.create_product(json!({})).await;
    let deleted = shop.admin().delete(PRODUCT).await.expect(204);
    assert!(deleted.bytes.is_empty());
    shop.anonymous().get(PRODUCT).await.expect_problem(404);
    let kept = shop
        .admin()
        .get("/api/products?status=inactive")
        .await
        .json();
    assert_eq!(
        (&kept["data"][0]["id"], &kept["data"][0]["version"]),
        (&first["id"], &json!(2))
    );
    // The slug is still taken.
    shop.admin()
        .post("/api/products", &a_product(json!({})))
        .await
        .expect_problem(409);
    shop.admin()
        .delete(&format!("{PRODUCT}?permanent=maybe"))
        .await
        .expect_problem(400);
    shop.admin()
        .delete(&format!("{PRODUCT}?permanent=true"))
        .await
        .expect(204);
    shop.admin()
        .delete(&format!("{PRODUCT}?permanent=true"))
        .await
        .expect_problem(404);
    shop.admin().delete(PRODUCT).await.expect_problem(404);
    assert_ne!(shop.create_product(json!({})).await["id"], first["id"]);
}
