//! The queue of moderators.

use eggypro_tests::{REVIEWS, TestShop, a_review};
use serde_json::json;

#[tokio::test]
async fn moderators_see_waiting_reviews() {
    let shop = TestShop::start_with_eggs().await;
    shop.create_product(json!({ "name": "Other" })).await;
    for comment in ["one", "two", "three"] {
        shop.review(json!({ "comment": comment })).await.expect(201);
    }
    let other = a_review(json!({ "comment": "four" }));
    let four = shop
        .anonymous()
        .post("/api/products/other/reviews", &other)
        .await
        .expect(201);
    let queue = async |query: &str| {
        let page = shop
            .admin()
            .get(&format!("/api/reviews{query}"))
            .await
            .expect(200);
        let page = page.json();
        let reviews = page["data"].as_array().unwrap().clone();
        let comments: Vec<_> = reviews
            .iter()
            .map(|review| review["comment"].clone())
            .collect();
        (json!(comments), page["pagination"]["total"].clone())
    };
    assert_eq!(
        queue("").await,
        (json!(["one", "two", "three", "four"]), json!(4))
    );
    assert_eq!(
        queue("?limit=2&offset=1").await,
        (json!(["two", "three"]), json!(4))
    );
    shop.verify(&four.json()["id"], true).await.expect(200);
    assert_eq!(queue("?verified=false").await.1, 3);
    assert_eq!(queue("?verified=true").await, (json!(["four"]), json!(1)));
    assert_eq!(queue("?verified=all").await.1, 4);
    assert_eq!(
        queue("?verified=all&product=other").await,
        (json!(["four"]), json!(1))
    );
    let admin = shop.admin();
    admin.delete("/api/products/other").await.expect(204);
    let page = admin
        .get("/api/reviews?verified=true&product=other")
        .await
        .expect(200)
        .json();
    let product = &page["data"][0]["product"];
    assert_eq!(
        (&product["slug"], &product["name"]),
        (&json!("other"), &json!("Other"))
    );
    assert_eq!(product["id"], page["data"][0]["product_id"]);
    let nothing = admin.get("/api/reviews?product=nothing").await;
    nothing.expect_problem(404);
    let all = admin
        .get(&format!("{REVIEWS}?verified=all&sort=oldest"))
        .await
        .expect(200);
    assert_eq!(all.json()["pagination"]["total"], 3);
    assert_eq!(all.header("cache-control"), "no-store");
    let anonymous = shop.anonymous();
    anonymous.get("/api/reviews").await.expect_problem(401);
    anonymous
        .get(&format!("{REVIEWS}?verified=true"))
        .await
        .expect_problem(401);
    anonymous
        .patch("/api/reviews/1", &json!({ "is_verified": true }))
        .await
        .expect_problem(401);
    anonymous.delete("/api/reviews/1").await.expect_problem(401);
}
