//! Categories, and the categories that products show.

use eggypro_tests::{TestShop, a_category};
use serde_json::{Value, json};

#[tokio::test]
async fn categories_are_made_read_replaced_and_deleted() {
    let shop = TestShop::start().await;
    let body = json!({ "name": "Crème & Co", "description": "Sweet" });
    let created = shop
        .admin()
        .post("/api/categories", &body)
        .await
        .expect(201);
    assert_eq!(created.header("location"), "/api/categories/creme-co");
    insta::assert_json_snapshot!(created.json(), { ".created_at" => "[time]" });
    assert_eq!(
        shop.anonymous()
            .get("/api/categories/creme-co")
            .await
            .expect(200)
            .json(),
        created.json()
    );
    shop.create_category("Bars").await;
    assert_eq!(
        shop.anonymous().get("/api/categories").await.names(),
        ["Bars", "Crème & Co"]
    );
    shop.admin()
        .post("/api/categories", &a_category("bars"))
        .await
        .expect_problem(409);

    let replaced = shop
        .admin()
        .put("/api/categories/bars", &json!({ "name": "Sticks" }))
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&replaced["name"], &replaced["slug"]),
        (&json!("Sticks"), &json!("bars"))
    );
    let hidden = json!({ "name": "Sticks", "slug": "sticks", "is_active": false });
    shop.admin()
        .put("/api/categories/bars", &hidden)
        .await
        .expect(200);
    assert_eq!(
        shop.anonymous().get("/api/categories").await.names(),
        ["Crème & Co"]
    );
    shop.anonymous()
        .get("/api/categories/sticks")
        .await
        .expect_problem(404);
    shop.admin()
        .put(
            "/api/categories/sticks",
            &json!({ "name": "X", "slug": "creme-co" }),
        )
        .await
        .expect_problem(409);
    shop.admin()
        .put("/api/categories/bars", &a_category("X"))
        .await
        .expect_problem(404);

    shop.admin()
        .delete("/api/categories/sticks")
        .await
        .expect(204);
    shop.admin()
        .delete("/api/categories/sticks")
        .await
        .expect_problem(404);
}

#[tokio::test]
async fn each_broken_rule_is_named() {
    let shop = TestShop::start().await;
    for (body, message) in [
        (json!({}), "name: Name is required"),
        (json!({ "name": " " }), "name: Name is required"),
        (json!({ "name": "a".repeat(101) }), "name: Name too long"),
        (
            json!({ "name": "a\u{0}" }),
            "name: Name must not contain NUL characters",
        ),
        (
            json!({ "name": "A", "slug": "a".repeat(101) }),
            "slug: Slug too long",
        ),
        (
            json!({ "name": "A", "slug": "A" }),
            "slug: Slug must contain only lowercase letters, numbers, and hyphens",
        ),
        (
            json!({ "name": "A", "description": 5 }),
            "description: Description must be a text",
        ),
        (
            json!({ "name": "A", "is_active": 1 }),
            "is_active: Is active must be true or false",
        ),
    ] {
        let refused = shop
            .admin()
            .post("/api/categories", &body)
            .await
            .expect_problem(422);
        assert_eq!(refused.errors(), [message]);
    }
    for user in [shop.anonymous(), shop.bearer("wrong")] {
        user.post("/api/categories", &a_category("A"))
            .await
            .expect_problem(401);
        user.put("/api/categories/a", &a_category("A"))
            .await
            .expect_problem(401);
        user.delete("/api/categories/a").await.expect_problem(401);
    }
}

#[tokio::test]
async fn products_show_changes_of_their_categories() {
    let shop = TestShop::start().await;
    shop.create_category("Bars").await;
    shop.create_product(json!({ "name": "Crunch", "categories": ["bars"] }))
        .await;
    let product = async || {
        shop.anonymous()
            .get("/api/products/crunch")
            .await
            .expect(200)
    };
    let tag = product().await.header("etag").to_owned();
    shop.admin()
        .put("/api/categories/bars", &json!({ "name": "Sticks" }))
        .await
        .expect(200);
    let renamed = product().await;
    assert_eq!(renamed.json()["categories"][0]["name"], "Sticks");
    assert_ne!(renamed.header("etag"), tag);
    let found = shop
        .anonymous()
        .get("/api/products/search?q=sticks")
        .await
        .names();
    assert_eq!(found, ["Crunch"]);
    assert!(
        shop.anonymous()
            .get("/api/products/search?q=bars")
            .await
            .names()
            .is_empty()
    );

    shop.admin()
        .put(
            "/api/categories/bars",
            &json!({ "name": "Sticks", "is_active": false }),
        )
        .await
        .expect(200);
    assert_eq!(product().await.json()["categories"], json!([]));
    assert!(
        shop.anonymous()
            .get("/api/products?category=bars")
            .await
            .names()
            .is_empty()
    );

    shop.admin()
        .delete("/api/categories/bars")
        .await
        .expect(204);
    let left: Value = product().await.json();
    assert_eq!(
        (&left["categories"], &left["version"]),
        (&json!([]), &json!(3))
    );
}
