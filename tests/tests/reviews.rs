//! Reviews, written by the public and approved by moderators.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use eggypro_tests::{REVIEWS, TestShop, a_review};
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
async fn many_reviews_are_decided_at_once() {
    let shop = TestShop::start_with_eggs().await;
    let mut ids = vec![];
    for rating in [1, 5] {
        let fields = json!({ "comment": format!("{rating} stars"), "rating": rating });
        ids.push(shop.review(fields).await.expect(201).json()["id"].clone());
    }
    let admin = shop.admin();
    let decide = async |decision: &str| {
        let ids = json!([ids[1], 4_000_000_000_i64, ids[0], -1]);
        let body = json!({ "ids": ids, "decision": decision });
        let answer = admin.post("/api/reviews/bulk", &body).await.expect(200);
        let results = answer.json()["results"].as_array().unwrap().clone();
        let given = results.iter().map(|result| result["id"].clone());
        assert_eq!(json!(given.collect::<Vec<_>>()), ids);
        let status = results.iter().map(|result| result["status"].clone());
        json!(status.collect::<Vec<_>>())
    };
    assert_eq!(decide("verify").await, json!([200, 404, 200, 404]));
    assert_eq!(shop.eggs().await["rating"]["average"], 3.0);
    assert_eq!(decide("unverify").await, json!([200, 404, 200, 404]));
    assert_eq!(shop.eggs().await["rating"]["count"], 0);
    assert_eq!(decide("delete").await, json!([204, 404, 204, 404]));
    assert_eq!(decide("delete").await, json!([404, 404, 404, 404]));
    for (body, error) in [
        (json!({ "decision": "verify" }), "ids: Ids is required"),
        (json!({ "ids": [1] }), "decision: Decision is required"),
        (
            json!({ "ids": [], "decision": "verify" }),
            "ids: Ids must be 1 to 100",
        ),
        (
            json!({ "ids": [1, 2, 1], "decision": "verify" }),
            "ids: Ids must be given once each",
        ),
        (
            json!({ "ids": [1], "decision": "hide" }),
            "decision: Decision must be one of verify, unverify, delete",
        ),
    ] {
        let refused = admin.post("/api/reviews/bulk", &body).await;
        assert_eq!(refused.expect_problem(422).errors(), [error]);
    }
    let body = json!({ "ids": [1], "decision": "verify" });
    let anonymous = shop.anonymous().post("/api/reviews/bulk", &body).await;
    anonymous.expect_problem(401);
}

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

#[tokio::test]
async fn broken_rules_are_named() {
    let shop = TestShop::start_with_eggs().await;
    let body = json!({ "reviewer_name": " ", "rating": 6, "image_url": "ftp://a", "stars": 5 });
    let refused = shop.anonymous().post(REVIEWS, &body).await;
    let mut errors = refused.expect_problem(422).errors();
    errors.sort();
    assert_eq!(
        errors,
        [
            "comment: Comment is required",
            "image_url: Image URL must be an absolute http or https URL",
            "rating: Rating must be between 1 and 5",
            "reviewer_name: Reviewer name is required",
            "stars: Unknown field: stars. Known here: rating, reviewer_name, comment, reviewer_image_url, image_url, video_url.",
        ]
    );
    let missing = shop
        .anonymous()
        .post(REVIEWS, &json!({}))
        .await
        .expect_problem(422);
    let mut missing = missing.errors();
    missing.sort();
    assert_eq!(
        missing,
        [
            "comment: Comment is required",
            "rating: Rating is required",
            "reviewer_name: Reviewer name is required"
        ]
    );
    shop.review(json!({ "rating": 4.5 }))
        .await
        .expect_problem(422);
    shop.review(json!({ "comment": "a\u{0}b" }))
        .await
        .expect_problem(422);
    let review = shop.review(json!({})).await.expect(201).json();
    let path = format!("/api/reviews/{}", review["id"]);
    for body in [
        json!({}),
        json!({ "is_verified": "yes" }),
        json!({ "is_verified": true, "a": 1 }),
    ] {
        shop.admin().patch(&path, &body).await.expect_problem(422);
    }
    for path in [
        "/api/reviews/x",
        "/api/reviews/99999999999999",
        "/api/reviews/0",
    ] {
        let decision = json!({ "is_verified": true });
        shop.admin()
            .patch(path, &decision)
            .await
            .expect_problem(404);
    }
}
