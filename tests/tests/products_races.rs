//! Concurrent and conditional writes of products.

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
    let bodies_from = |first: i32| -> Vec<Value> {
        let stocks = first..first + 16;
        stocks
            .map(|stock| json!({ "stock_quantity": stock }))
            .collect()
    };
    let bodies = bodies_from(100);
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

    // Without a tag, every change is applied once.
    let bodies = bodies_from(200);
    let answers = join_all(bodies.iter().map(|body| admin.patch(PRODUCT, body))).await;
    assert!(answers.iter().all(|answer| answer.status == 200));
    assert_eq!(shop.anonymous().get(PRODUCT).await.json()["version"], 18);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_products_never_become_the_same_variant() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    for round in 0..20 {
        let variant = |name: &str| {
            a_product(json!({
                "name": format!("{name} {round}"), "group": format!("group-{round}"), "options": { "Size": "1 kg" }
            }))
        };
        let (one, other) = (variant("One"), variant("Other"));
        let (one, other) = tokio::join!(
            admin.post("/api/products", &one),
            admin.post("/api/products", &other)
        );
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409]);
    }
}
