//! Cached answers survive an outage, except those that changed meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use eggypro_persistence::testing::TestDatabase;
use eggypro_redis::testing;
use eggypro_server::RedisSettings;
use eggypro_tests::{NetworkState, Proxy, TestShop};
use futures_util::future::join_all;

/// Waits until PostgreSQL accepts a connection. That can take seconds while other tests create and drop databases, and
/// the test must not count that time as the shop's.
fn takes_connections(shop: &TestShop) {
    drop(shop.database.connect());
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_missed_while_disconnected_are_invalidated() {
    let database = TestDatabase::migrated();
    let proxy = Proxy::before(&database).await;
    let shop = TestShop::start_on(database, |settings| {
        settings.listen_url = Some(proxy.address())
    })
    .await;
    shop.create_priced(1).await;
    shop.shows(1).await;
    proxy.set(NetworkState::Cut);
    shop.database.execute("UPDATE products SET price = 2");
    proxy.set(NetworkState::Fair);
    takes_connections(&shop);
    shop.shows(2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_listener_is_replaced() {
    let writer = TestShop::start().await;
    let (database, proxy) = (
        writer.database.address(),
        Proxy::before(&writer.database).await,
    );
    let listen_url = proxy.address();
    let reader = TestShop::start_with(|settings| {
        settings.database.url = database;
        settings.listen_url = Some(listen_url);
    })
    .await;
    writer.create_priced(1).await;
    reader.shows(1).await;
    // The connection stays open but forwards nothing any more. It may take a moment to freeze.
    proxy.set(NetworkState::Frozen);
    let shows_soon = async |expected: f64| {
        let started = Instant::now();
        while reader.price().await != expected && started.elapsed() < Duration::from_secs(1) {}
        reader.price().await == expected
    };
    let mut last = 2;
    writer.set_price(last).await;
    while shows_soon(last as f64).await {
        last += 1;
        writer.set_price(last).await;
    }
    // From now on, only new connections work.
    proxy.set(NetworkState::Fresh);
    let started = Instant::now();
    while !shows_soon(last as f64).await {
        assert!(
            started.elapsed() < Duration::from_secs(30),
            "the old price stays"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cached_reads_work_while_the_database_is_unavailable() {
    let database = TestDatabase::migrated();
    let proxy = Proxy::before(&database).await;
    let shop = TestShop::start_on(database, |settings| {
        settings.database.url = proxy.address();
    })
    .await;
    shop.create_priced(1).await;
    shop.shows(1).await;
    proxy.set(NetworkState::Cut);
    let started = Instant::now();
    for _ in 0..100 {
        assert_eq!(shop.price().await, 1.0);
        assert_eq!(shop.listed_price().await, 1.0);
    }
    assert!(started.elapsed() < Duration::from_secs(2));
    let uncached = shop
        .anonymous()
        .get("/api/products/unheard-of")
        .await
        .expect_problem(503);
    assert_eq!(uncached.header("retry-after"), "2");
    proxy.set(NetworkState::Fair);
    takes_connections(&shop);
    let started = Instant::now();
    while shop
        .anonymous()
        .get("/api/products/unheard-of")
        .await
        .status
        != 404
    {
        assert!(started.elapsed() < Duration::from_secs(5));
    }
    shop.set_price(2).await;
    assert_eq!(shop.price().await, 2.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_request_fails_when_redis_stops_and_returns() {
    let proxy = testing::Proxy::open().await;
    let redis = RedisSettings {
        prefix: testing::prefix(),
        ..RedisSettings::new(proxy.url())
    };
    let shop = Arc::new(TestShop::start_with(|settings| settings.redis = Some(redis)).await);
    shop.create_priced(1).await;
    let is_over = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (0..4)
        .map(|_| {
            let (shop, is_over) = (Arc::clone(&shop), Arc::clone(&is_over));
            tokio::spawn(async move {
                while !is_over.load(Ordering::SeqCst) {
                    shop.price().await;
                    shop.listed_price().await;
                }
            })
        })
        .collect();
    let mut proxy = Some(proxy);
    for round in 2..200_u64 {
        // Redis is unavailable twice, for 30 of 80 rounds.
        if round % 80 == 40 {
            proxy.as_ref().unwrap().cut();
        } else if round % 80 == 70 {
            proxy = Some(proxy.take().unwrap().reopened().await);
        }
        shop.set_price(round).await;
        assert_eq!(shop.price().await, round as f64);
    }
    is_over.store(true, Ordering::SeqCst);
    for reader in join_all(readers).await {
        reader.unwrap();
    }
}
