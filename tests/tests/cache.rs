//! Cached answers are never stale, with one server or several, with Redis or without.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use eggypro_redis::testing;
use eggypro_server::RedisSettings;
use eggypro_tests::{PRICED, TestShop, a_review};
use futures_util::future::join_all;
use secrecy::SecretString;
use serde_json::json;

fn redis_at(url: SecretString) -> RedisSettings {
    RedisSettings {
        prefix: testing::prefix(),
        ..RedisSettings::new(url)
    }
}

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

/// Eight clients read a product and the list that shows it, while another one changes its price. No read returns a price
/// older than the last one that was confirmed before the read began.
async fn reads_follow_writes(shop: TestShop, rounds: u64) {
    shop.create_priced(1).await;
    let shop = Arc::new(shop);
    let (confirmed, is_over) = (
        Arc::new(AtomicU64::new(1)),
        Arc::new(AtomicBool::new(false)),
    );
    let readers = (0..8).map(|number| {
        let (shop, confirmed) = (Arc::clone(&shop), Arc::clone(&confirmed));
        let is_over = Arc::clone(&is_over);
        tokio::spawn(async move {
            let mut reads = 0_u64;
            while !is_over.load(Ordering::SeqCst) {
                let known = confirmed.load(Ordering::SeqCst) as f64;
                let read = if number % 2 == 0 {
                    shop.price().await
                } else {
                    shop.listed_price().await
                };
                assert!(read >= known, "{read} was read after {known} was confirmed");
                reads += 1;
            }
            reads
        })
    });
    let readers: Vec<_> = readers.collect();
    for round in 2..rounds + 2 {
        shop.set_price(round).await;
        confirmed.store(round, Ordering::SeqCst);
        assert_eq!(shop.price().await, round as f64);
    }
    is_over.store(true, Ordering::SeqCst);
    for reads in join_all(readers).await {
        assert!(reads.unwrap() > 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_after_a_write_is_never_stale() {
    reads_follow_writes(TestShop::start().await, 1_000).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_after_a_write_is_never_stale_with_redis() {
    let redis = redis_at(testing::url());
    let shop = TestShop::start_with(|settings| settings.redis = Some(redis)).await;
    reads_follow_writes(shop, 1_000).await;
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

#[tokio::test(flavor = "multi_thread")]
async fn four_hundred_concurrent_reads_query_the_database_once() {
    let writer = TestShop::start().await;
    writer.create_product(json!({})).await;
    // Counting ends every database session, including that of the change listener, and a disconnected shop caches
    // nothing. So the clients read from a shop that starts afterwards.
    let before = writer.database.settled_reads_of("products_slug_idx");
    let url = writer.database.address();
    let shop = TestShop::start_with(|settings| settings.database.url = url).await;
    let user = shop.anonymous();
    let readers = (0..400).map(|_| {
        let user = user.clone();
        async move { user.get(PRICED).await.expect(200) }
    });
    join_all(readers).await;
    assert_eq!(
        writer.database.settled_reads_of("products_slug_idx") - before,
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_direct_write_is_visible_once_notified() {
    let shop = TestShop::start().await;
    shop.create_priced(1).await;
    assert_eq!(shop.price().await, 1.0);
    // The state that a server leaves if it is killed between its commit and its answer.
    shop.database
        .execute(
            "UPDATE products SET price = 2; \
             SELECT pg_notify('eggypro_changes', gen_random_uuid()::text || ' products every-product')",
        );
    shop.shows(2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cached_404_is_invalidated_by_a_creation() {
    let shop = TestShop::start().await;
    for path in [PRICED, "/api/categories/bars"] {
        let user = shop.anonymous();
        let first = user.get(path).await.expect_problem(404);
        let again = user.get(path).await.expect_problem(404);
        assert_ne!(first.header("x-request-id"), again.header("x-request-id"));
    }
    shop.create_category("Bars").await;
    shop.create_product(json!({ "categories": ["bars"] })).await;
    shop.anonymous()
        .get("/api/categories/bars")
        .await
        .expect(200);
    shop.anonymous().get(PRICED).await.expect(200);
    let admin = shop.admin();
    admin.delete(PRICED).await.expect(204);
    shop.anonymous().get(PRICED).await.expect_problem(404);
    assert!(
        shop.anonymous()
            .get("/api/products")
            .await
            .names()
            .is_empty()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_category_is_shown_in_every_answer() {
    let shop = TestShop::start().await;
    shop.create_category("Bars").await;
    shop.create_product(json!({ "categories": ["bars"] })).await;
    let shown = async || {
        let user = shop.anonymous();
        let product = user.get(PRICED).await.json()["categories"][0]["name"].clone();
        let listed =
            user.get("/api/products").await.json()["data"][0]["categories"][0]["name"].clone();
        let found = user.get("/api/products/search?q=vanilla").await.json()["data"][0]["categories"][0]["name"].clone();
        let itself = user.get("/api/categories").await.json()["data"][0]["name"].clone();
        [product, listed, found, itself]
    };
    assert_eq!(shown().await, ["Bars"; 4]);
    let admin = shop.admin();
    admin
        .put("/api/categories/bars", &json!({ "name": "Egg bars" }))
        .await
        .expect(200);
    assert_eq!(shown().await, ["Egg bars"; 4]);
    admin.delete("/api/categories/bars").await.expect(204);
    assert_eq!(
        shown().await,
        [json!(null), json!(null), json!(null), json!(null)]
    );
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
