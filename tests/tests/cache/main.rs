//! Cached answers are never stale, with one server or several, with Redis or without.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod invalidation;
mod servers;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use eggypro_redis::testing;
use eggypro_server::RedisSettings;
use eggypro_tests::{PRICED, TestShop};
use futures_util::future::join_all;
use secrecy::SecretString;
use serde_json::json;

fn redis_at(url: SecretString) -> RedisSettings {
    RedisSettings {
        prefix: testing::prefix(),
        ..RedisSettings::new(url)
    }
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
