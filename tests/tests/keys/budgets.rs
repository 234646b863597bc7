//! The rate limits of keys.

use eggypro_tests::{REVIEWS, a_review};

use super::*;

#[tokio::test]
async fn each_key_has_its_own_budget() {
    let shop = TestShop::start_with(|settings| {
        settings.rates.max_key_requests = 3;
        settings.rates.max_requests = 1;
    })
    .await;
    let (_, one) = make(&shop, &[]).await;
    let (_, other) = make(&shop, &["products:read"]).await;
    shop.anonymous().get("/api/products").await.expect(200);
    shop.anonymous()
        .get("/api/products")
        .await
        .expect_problem(429);
    for left in ["2", "1", "0"] {
        let answer = one.get("/api/products").await.expect(200);
        assert_eq!(answer.header("ratelimit-remaining"), left);
        assert_eq!(answer.header("ratelimit-limit"), "3");
    }
    one.get("/api/products").await.expect_problem(429);
    other.get("/api/products?status=all").await.expect(200);
}

#[tokio::test]
async fn a_front_end_writes_reviews_for_its_shoppers() {
    let shop = TestShop::start_with(|settings| {
        settings.rates.max_anonymous_writes = 2;
        settings.http.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
    })
    .await;
    shop.create_product(json!({ "name": "Eggs" })).await;
    let (_, front_end) = make(&shop, &[]).await;
    let review = async |shopper: Option<&str>, number: usize| {
        let body = a_review(json!({ "comment": format!("Good {number}") }));
        let request = front_end.request("POST", REVIEWS).json(&body);
        let request = match shopper {
            Some(address) => request.header("X-Forwarded-For", address),
            None => request,
        };
        front_end.send(request).await.status
    };
    let mut number = 0;
    for shopper in [Some("198.51.100.1"), Some("198.51.100.2"), None] {
        let mut statuses = vec![];
        for _ in 0..3 {
            number += 1;
            statuses.push(review(shopper, number).await);
        }
        assert_eq!(statuses, [201, 201, 429], "{shopper:?}");
    }
    let changes = shop
        .admin()
        .get("/api/changes?resource=review")
        .await
        .json();
    assert_eq!(changes["data"][0]["actor"]["kind"], "key");
    // A key without permissions reads what the public reads, from the cache.
    let answer = front_end.get("/api/products/eggs").await.expect(200);
    assert!(answer.header("cache-control").starts_with("private"));
    front_end
        .get("/api/products?status=all")
        .await
        .expect_problem(403);
}
