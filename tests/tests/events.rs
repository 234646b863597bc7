//! The events: `/api/events`.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::time::{Duration, Instant};

use eggypro_tests::{REVIEWS, TestShop, User, a_review};
use serde_json::{Value, json};

const EGGS: &str = "/api/products/eggs";

/// The events of a page as `type subject`, and its next cursor.
fn read_page(page: &Value) -> (Vec<String>, String) {
    let events = page["data"].as_array().unwrap().iter();
    let events = events.map(|event| {
        format!(
            "{} {}",
            event["type"].as_str().unwrap(),
            event["subject"].as_str().unwrap()
        )
    });
    (
        events.collect(),
        page["next_cursor"].as_str().unwrap().to_owned(),
    )
}

/// Reads at least `count` events after a cursor and moves the cursor on. Events may come late, as other tests have
/// transactions open, too.
async fn events(user: &User, after: &mut String, count: usize, more: &str) -> Vec<String> {
    let deadline = Instant::now() + Duration::from_secs(30);
    let mut all = vec![];
    while all.len() < count {
        assert!(Instant::now() < deadline, "{all:?}");
        let page = user
            .get(&format!("/api/events?wait=5&after={after}{more}"))
            .await
            .expect(200);
        let (told, next) = read_page(&page.json());
        all.extend(told);
        *after = next;
    }
    all
}

#[tokio::test]
async fn a_follower_receives_each_event_once() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    let mut all = String::new();
    let (_, mut latest) = read_page(
        &admin
            .get("/api/events?after=latest")
            .await
            .expect(200)
            .json(),
    );
    shop.create_category("Bars").await;
    shop.create_product(json!({ "name": "Eggs", "stock_quantity": 0, "categories": ["bars"] }))
        .await;
    admin
        .patch(EGGS, &json!({ "stock_quantity": 5 }))
        .await
        .expect(200);
    let review = shop
        .anonymous()
        .post(REVIEWS, &a_review(json!({})))
        .await
        .expect(201)
        .json();
    let review = format!("/api/reviews/{}", review["id"]);
    admin
        .patch(&review, &json!({ "is_verified": true }))
        .await
        .expect(200);
    admin
        .delete(&format!("{EGGS}?permanent=true"))
        .await
        .expect(204);
    let expected = [
        "category.created /api/categories/bars".to_owned(),
        "product.created /api/products/eggs".to_owned(),
        "product.updated /api/products/eggs".to_owned(),
        "product.back_in_stock /api/products/eggs".to_owned(),
        "stock.moved /api/products/eggs".to_owned(),
        format!("review.submitted {review}"),
    ];
    // If a page ends between the two events of one change, the second event is not lost.
    for limit in ["", "&limit=1", "&limit=2"] {
        let mut after = latest.clone();
        let told = events(&admin, &mut after, 9, limit).await;
        assert_eq!(told[..6], expected, "{limit}");
        let mut rest = told[6..].to_vec();
        rest.sort();
        assert_eq!(
            rest,
            [
                "product.deleted /api/products/eggs".to_owned(),
                "product.updated /api/products/eggs".to_owned(),
                format!("review.verified {review}")
            ]
        );
    }
    let deleted = events(
        &admin,
        &mut latest,
        1,
        "&types=product.deleted,category.deleted",
    )
    .await;
    assert_eq!(deleted, ["product.deleted /api/products/eggs"]);
    let page = admin.get("/api/events?types=product.deleted").await.json();
    assert_eq!(page["data"][0]["data"]["slug"], "eggs");
    assert!(events(&admin, &mut all, 8, "").await.len() >= 8);
    let page = admin.get("/api/events?types=category.created").await.json();
    assert_eq!(page["data"][0]["data"]["name"], "Bars");
}

#[tokio::test]
async fn an_empty_page_waits_for_the_next_event() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    shop.create_product(json!({ "name": "Eggs", "price": 1 }))
        .await;
    let (_, mut after) = read_page(
        &admin
            .get("/api/events?after=latest")
            .await
            .expect(200)
            .json(),
    );
    // No event comes, so the answer comes after the full second.
    let began = Instant::now();
    let page = admin
        .get(&format!("/api/events?wait=1&after={after}"))
        .await
        .expect(200)
        .json();
    assert!(began.elapsed() >= Duration::from_secs(1));
    (_, after) = read_page(&page);
    let waiting = tokio::spawn({
        let (admin, path) = (admin.clone(), format!("/api/events?wait=30&after={after}"));
        async move { admin.get(&path).await.expect(200).json() }
    });
    admin.patch(EGGS, &json!({ "price": 2 })).await.expect(200);
    let (events, _) = read_page(&waiting.await.unwrap());
    assert_eq!(events, ["product.updated /api/products/eggs"]);
    for broken in [
        "wait=31",
        "wait=x",
        "limit=501",
        "types=order.created",
        "after=x",
        "cursor=x",
    ] {
        admin
            .get(&format!("/api/events?{broken}"))
            .await
            .expect_problem(400);
    }
    // A cursor to changes that are no longer stored.
    let (_, old) = read_page(&admin.get("/api/events?limit=1").await.expect(200).json());
    shop.database
        .execute("UPDATE change_log SET forgotten_transaction = '9000000000000'");
    let gone = admin
        .get(&format!("/api/events?after={old}"))
        .await
        .expect_problem(410);
    assert_eq!(gone.json()["type"], "urn:eggypro:problem:cursor-gone");
}
