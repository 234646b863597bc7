//! The rules of a review.

use eggypro_tests::{REVIEWS, TestShop};
use serde_json::json;

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
