//! Two servers with the same database.

use std::time::{Duration, Instant};

use eggypro_tests::a_review;

use super::*;

/// Two servers with the same database.
async fn two_shops(redis: Option<RedisSettings>) -> [TestShop; 2] {
    let one = TestShop::start_with(|settings| settings.redis = redis.clone()).await;
    let url = one.database.address();
    let other = TestShop::start_with(|settings| {
        settings.database.url = url;
        settings.redis = redis;
    })
    .await;
    [one, other]
}

async fn total_on_a_further_page(shop: &TestShop) -> u64 {
    let answer = shop
        .anonymous()
        .get("/api/products?offset=1")
        .await
        .expect(200);
    answer.json()["pagination"]["total"].as_u64().unwrap()
}

async fn servers_follow_each_other(redis: Option<RedisSettings>) {
    let [one, other] = two_shops(redis).await;
    one.create_priced(1).await;
    other.shows(1).await;
    let mut delays = vec![];
    for round in 2..40 {
        let (writer, reader) = if round % 2 == 0 {
            (&one, &other)
        } else {
            (&other, &one)
        };
        reader.shows(round - 1).await;
        writer.set_price(round).await;
        assert_eq!(writer.price().await, round as f64);
        delays.push(reader.shows(round).await);
    }
    delays.sort();
    // The median, as other tests load the machine at the same time.
    assert!(
        delays[delays.len() / 2] < Duration::from_millis(100),
        "{delays:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_server_sees_a_write_soon() {
    servers_follow_each_other(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_server_sees_a_write_soon_with_redis() {
    servers_follow_each_other(Some(redis_at(testing::url()))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn totals_follow_writes_on_further_pages() {
    let redis = Some(redis_at(testing::url()));
    let [one, other] = two_shops(redis).await;
    for number in 1..20 {
        one.create_product(json!({ "name": format!("Product {number}") }))
            .await;
        assert_eq!(total_on_a_further_page(&one).await, number);
        let started = Instant::now();
        while total_on_a_further_page(&other).await != number {
            assert!(
                started.elapsed() < Duration::from_secs(5),
                "the old total stays"
            );
        }
    }
}

#[tokio::test]
async fn a_bulk_decision_is_seen_by_other_servers() {
    let [one, other] = two_shops(None).await;
    let (admin, mut products, mut ids) = (one.admin(), vec![], vec![]);
    for number in 0..40 {
        // The longest slug: 40 of them don't fit into one notification.
        let slug = format!("{number:0>255}");
        one.create_product(json!({ "name": "Eggs", "slug": slug }))
            .await;
        let path = format!("/api/products/{slug}");
        let review = one
            .anonymous()
            .post(&format!("{path}/reviews"), &a_review(json!({})))
            .await;
        ids.push(review.expect(201).json()["id"].clone());
        products.push(path);
    }
    let reader = other.anonymous();
    for path in &products {
        let rating = reader.get(path).await.expect(200).json()["rating"].clone();
        assert_eq!(rating["count"], 0);
    }
    let decision = json!({ "ids": ids, "decision": "verify" });
    admin.post("/api/reviews/bulk", &decision).await.expect(200);
    for path in &products {
        let deadline = Instant::now() + Duration::from_secs(10);
        while reader.get(path).await.expect(200).json()["rating"]["count"] != 1 {
            assert!(Instant::now() < deadline, "{path}");
        }
    }
}
