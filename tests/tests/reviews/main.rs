//! Reviews, written by the public and approved by moderators.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod bulk;
mod queue;
mod rules;

use eggypro_tests::{REVIEWS, TestShop};
use serde_json::{Value, json};

async fn comments(shop: &TestShop, query: &str) -> Vec<String> {
    let page = shop
        .anonymous()
        .get(&format!("{REVIEWS}{query}"))
        .await
        .expect(200);
    let reviews = page.json()["data"].as_array().unwrap().clone();
    reviews
        .iter()
        .map(|review| review["comment"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_review_is_shown_and_counted_once_verified() {
    let shop = TestShop::start_with_eggs().await;
    assert_eq!(comments(&shop, "").await, Vec::<String>::new());
    let before = shop.eggs().await;
    assert_eq!(before["rating"]["average"], Value::Null);
    let fields = json!({ "rating": 4, "image_url": "https://a.example/a.jpg" });
    let review = shop.review(fields).await.expect(201).json();
    let names: Vec<&String> = review.as_object().unwrap().keys().collect();
    assert_eq!(
        names,
        [
            "comment",
            "created_at",
            "id",
            "image_url",
            "is_verified",
            "product_id",
            "rating",
            "reviewer_image_url",
            "reviewer_name",
            "video_url"
        ]
    );
    assert_eq!(review["is_verified"], false);
    assert_eq!(review["video_url"], Value::Null);
    assert_eq!(comments(&shop, "").await, Vec::<String>::new());

    let verified = shop.verify(&review["id"], true).await.expect(200).json();
    assert_eq!(verified["is_verified"], true);
    assert_eq!(comments(&shop, "").await, ["Mixes well."]);
    let after = shop.eggs().await;
    assert_eq!(after["version"], 2);
    assert_eq!(
        after["rating"],
        json!({ "average": 4.0, "count": 1, "distribution": { "1": 0, "2": 0, "3": 0, "4": 1, "5": 0 } })
    );
    let listed = shop
        .anonymous()
        .get("/api/products")
        .await
        .expect(200)
        .json();
    assert_eq!(
        listed["data"][0]["rating"],
        json!({ "average": 4.0, "count": 1 })
    );

    shop.verify(&review["id"], false).await.expect(200);
    assert_eq!(comments(&shop, "").await, Vec::<String>::new());
    shop.verify(&review["id"], true).await.expect(200);
    let path = format!("/api/reviews/{}", review["id"]);
    shop.admin().delete(&path).await.expect(204);
    shop.admin().delete(&path).await.expect_problem(404);
    shop.verify(&review["id"], true).await.expect_problem(404);
    assert_eq!(comments(&shop, "").await, Vec::<String>::new());
    assert_eq!(shop.eggs().await["rating"]["count"], 0);
}

#[tokio::test]
async fn reviews_are_filtered_sorted_and_paged() {
    let shop = TestShop::start_with_eggs().await;
    for (comment, rating) in [("a", 3), ("b", 5), ("c", 1), ("d", 5)] {
        let review = shop
            .review(json!({ "comment": comment, "rating": rating }))
            .await;
        shop.verify(&review.expect(201).json()["id"], true)
            .await
            .expect(200);
    }
    assert_eq!(comments(&shop, "").await, ["d", "c", "b", "a"]);
    assert_eq!(comments(&shop, "?sort=oldest").await, ["a", "b", "c", "d"]);
    assert_eq!(
        comments(&shop, "?sort=rating-desc").await,
        ["d", "b", "a", "c"]
    );
    assert_eq!(
        comments(&shop, "?sort=rating-asc&limit=2&offset=1").await,
        ["a", "d"]
    );
    assert_eq!(comments(&shop, "?rating=5").await, ["d", "b"]);
    for query in [
        "?rating=6",
        "?sort=best",
        "?cursor=a",
        "?limit=0",
        "?verified=maybe",
    ] {
        shop.anonymous()
            .get(&format!("{REVIEWS}{query}"))
            .await
            .expect_problem(400);
    }
    let first = shop.anonymous().get(REVIEWS).await.expect(200);
    let user = shop.anonymous();
    let again = user
        .request("GET", REVIEWS)
        .header("If-None-Match", first.header("etag"));
    user.send(again).await.expect(304);
    shop.anonymous()
        .get("/api/products/nothing/reviews")
        .await
        .expect_problem(404);
    shop.admin().delete("/api/products/eggs").await.expect(204);
    shop.anonymous().get(REVIEWS).await.expect_problem(404);
    shop.review(json!({ "comment": "late" }))
        .await
        .expect_problem(404);
}
