//! Making, changing and deleting products.

use eggypro_tests::{TestShop, User, a_product};
use futures_util::future::join_all;
use serde_json::{Value, json};

const PRODUCT: &str = "/api/products/eggypro-vanilla-1kg";

/// Sends a write with `If-Match`.
async fn if_match(
    user: &User,
    method: &str,
    path: &str,
    tag: &str,
    body: &Value,
) -> eggypro_tests::Answer {
    let request = user.request(method, path).header("If-Match", tag);
    let request = if method == "DELETE" {
        request
    } else {
        request.json(body)
    };
    user.send(request).await
}

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
async fn each_rule_is_named_with_its_message() {
    let shop = TestShop::start().await;
    shop.create_category("Bars").await;
    for (fields, message) in [
        (json!({ "name": null }), "name: Name is required"),
        (json!({ "name": "" }), "name: Name is required"),
        (json!({ "name": "  " }), "name: Name is required"),
        (json!({ "name": "a".repeat(256) }), "name: Name too long"),
        (
            json!({ "name": "Egg & Co" }),
            "name: Name contains invalid characters",
        ),
        (
            json!({ "name": "a\nb" }),
            "name: Name contains invalid characters",
        ),
        (json!({ "name": 5 }), "name: Name must be a text"),
        (json!({ "slug": "" }), "slug: Slug is required"),
        (json!({ "slug": "a".repeat(256) }), "slug: Slug too long"),
        (
            json!({ "slug": "A b" }),
            "slug: Slug must contain only lowercase letters, numbers, and hyphens",
        ),
        (
            json!({ "slug": "search" }),
            "slug: Slug is reserved: search",
        ),
        (
            json!({ "name": "Suggest" }),
            "slug: Slug is reserved: suggest",
        ),
        (
            json!({ "description": "" }),
            "description: Description is required",
        ),
        (
            json!({ "description": "a".repeat(10_001) }),
            "description: Description too long",
        ),
        (
            json!({ "description": "a\u{0}b" }),
            "description: Description must not contain NUL characters",
        ),
        (json!({ "details": null }), "details: Details is required"),
        (json!({ "price": null }), "price: Price is required"),
        (json!({ "price": 0 }), "price: Price must be positive"),
        (json!({ "price": -1 }), "price: Price must be positive"),
        (json!({ "price": 1_000_000 }), "price: Price too high"),
        (json!({ "price": 1e30 }), "price: Price too high"),
        (
            json!({ "price": 1.005 }),
            "price: Price must have at most two decimals",
        ),
        (json!({ "price": "39.90" }), "price: Price must be a number"),
        (json!({ "price": [1] }), "price: Price must be a number"),
        (
            json!({ "images": "https://a.example/b.jpg" }),
            "images: Images must be a list of texts",
        ),
        (
            json!({ "images": ["/b.jpg"] }),
            "images[0]: Image URL must be an absolute http or https URL",
        ),
        (
            json!({ "images": vec!["https://a.example/b.jpg"; 21] }),
            "images: Too many images",
        ),
        (
            json!({ "ingredients": [] }),
            "ingredients: At least one ingredient is required",
        ),
        (
            json!({ "ingredients": null }),
            "ingredients: At least one ingredient is required",
        ),
        (
            json!({ "ingredients": vec!["a"; 51] }),
            "ingredients: Too many ingredients",
        ),
        (
            json!({ "ingredients": ["a", ""] }),
            "ingredients[1]: Ingredient is required",
        ),
        (
            json!({ "ingredients": ["a", 1] }),
            "ingredients: Ingredients must be a list of texts",
        ),
        (
            json!({ "stock_quantity": -1 }),
            "stock_quantity: Stock quantity cannot be negative",
        ),
        (
            json!({ "stock_quantity": 1.5 }),
            "stock_quantity: Stock quantity must be an integer",
        ),
        (
            json!({ "stock_quantity": "1" }),
            "stock_quantity: Stock quantity must be an integer",
        ),
        (
            json!({ "stock_quantity": 3_000_000_000_u32 }),
            "stock_quantity: Stock quantity too high",
        ),
        (
            json!({ "is_active": "yes" }),
            "is_active: Is active must be true or false",
        ),
        (
            json!({ "categories": ["bars", "cars"] }),
            "categories: Unknown category: cars",
        ),
        (
            json!({ "categories": ["Not a slug"] }),
            "categories: Unknown category: Not a slug",
        ),
    ] {
        let refused = shop
            .admin()
            .post("/api/products", &a_product(fields))
            .await
            .expect_problem(422);
        assert_eq!(refused.errors(), [message]);
    }
    let unknown = shop
        .admin()
        .post("/api/products", &a_product(json!({ "colour": "red" })))
        .await
        .expect_problem(422);
    assert!(
        unknown.errors()[0].starts_with("colour: Unknown field: colour."),
        "{:?}",
        unknown.errors()
    );
    assert!(
        shop.anonymous()
            .get("/api/products")
            .await
            .names()
            .is_empty()
    );
}

#[tokio::test]
async fn every_broken_field_is_named_at_once() {
    let shop = TestShop::start().await;
    let refused = shop
        .admin()
        .post(
            "/api/products",
            &json!({ "price": 1.005, "stock_quantity": -1, "x": 1, "categories": ["nothing"] }),
        )
        .await;
    let fields: Vec<_> = refused
        .expect_problem(422)
        .errors()
        .iter()
        .map(|error| error.split(':').next().unwrap().to_owned())
        .collect();
    for field in [
        "price",
        "stock_quantity",
        "x",
        "name",
        "description",
        "details",
        "ingredients",
        "categories",
    ] {
        assert_eq!(
            fields.iter().filter(|broken| *broken == field).count(),
            1,
            "{field} in {fields:?}"
        );
    }
    assert_eq!(fields.len(), 8);
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
    // The name of a product that keeps its slug may be anything.
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
    shop.anonymous().get(PRODUCT).await.expect_problem(404);
    shop.admin().put(PRODUCT, &body).await.expect_problem(404);
    shop.admin()
        .put("/api/products/moved", &json!({ "name": "Incomplete" }))
        .await
        .expect_problem(422);
}

#[tokio::test]
async fn patch_changes_only_what_it_names() {
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

    // Null is the default where there is one (RFC 7396 takes the member away).
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

#[tokio::test]
async fn if_match_guards_every_write() {
    let shop = TestShop::start().await;
    shop.create_product(json!({})).await;
    let admin = shop.admin();
    let body = a_product(json!({}));
    let change = json!({ "price": 1 });
    for (method, body) in [("PUT", &body), ("PATCH", &change), ("DELETE", &change)] {
        for stale in ["\"1-9\"", "\"2-1\"", "\"x\"", "W/\"1-1\""] {
            if_match(&admin, method, PRODUCT, stale, body)
                .await
                .expect_problem(412);
        }
        if_match(&admin, method, PRODUCT, "garbage", body)
            .await
            .expect_problem(400);
        if_match(&admin, method, "/api/products/nothing", "\"1-1\"", body)
            .await
            .expect_problem(404);
    }
    assert_eq!(shop.anonymous().get(PRODUCT).await.json()["version"], 1);
    if_match(&admin, "PATCH", PRODUCT, "\"1-1-gzip\"", &change)
        .await
        .expect(200);
    if_match(&admin, "PUT", PRODUCT, "\"0-0\", \"1-2\"", &body)
        .await
        .expect(200);
    if_match(&admin, "PATCH", PRODUCT, "*", &change)
        .await
        .expect(200);
    if_match(&admin, "DELETE", PRODUCT, "\"1-4\"", &change)
        .await
        .expect(204);
    if_match(
        &admin,
        "DELETE",
        &format!("{PRODUCT}?permanent=true"),
        "\"1-4\"",
        &change,
    )
    .await
    .expect_problem(412);
    if_match(
        &admin,
        "DELETE",
        &format!("{PRODUCT}?permanent=true"),
        "\"1-5\"",
        &change,
    )
    .await
    .expect(204);
}

#[tokio::test]
async fn of_concurrent_creates_of_a_slug_one_wins() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    let body = a_product(json!({}));
    let answers = join_all((0..16).map(|_| admin.post("/api/products", &body))).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses[0], 201);
    assert!(
        statuses[1..].iter().all(|status| *status == 409),
        "{statuses:?}"
    );
    assert_eq!(shop.anonymous().get("/api/products").await.names().len(), 1);
}

#[tokio::test]
async fn of_concurrent_writes_with_one_tag_one_wins() {
    let shop = TestShop::start().await;
    shop.create_product(json!({})).await;
    let admin = shop.admin();
    let bodies: Vec<Value> = (0..16)
        .map(|stock| json!({ "stock_quantity": stock }))
        .collect();
    let answers = join_all(
        bodies
            .iter()
            .map(|body| if_match(&admin, "PATCH", PRODUCT, "\"1-1\"", body)),
    )
    .await;
    let winners: Vec<_> = answers
        .iter()
        .filter(|answer| answer.status == 200)
        .collect();
    assert_eq!(winners.len(), 1);
    assert!(
        answers
            .iter()
            .all(|answer| matches!(answer.status, 200 | 412))
    );
    assert_eq!(
        shop.anonymous().get(PRODUCT).await.json(),
        winners[0].json()
    );

    // Without a tag every change counts once.
    let answers = join_all(bodies.iter().map(|body| admin.patch(PRODUCT, body))).await;
    assert!(answers.iter().all(|answer| answer.status == 200));
    assert_eq!(shop.anonymous().get(PRODUCT).await.json()["version"], 18);
}
