//! What is kept of answers is never stale, on one server or on several, with Redis or without.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use eggypro_persistence::testing::TestDatabase;
use eggypro_redis::testing::{self, Way};
use eggypro_server::{RedisSettings, ShopSettings};
use eggypro_tests::{Proxy, TestShop, Weather};
use futures_util::future::join_all;
use secrecy::SecretString;
use serde_json::json;

const PRODUCT: &str = "/api/products/eggypro-vanilla-1kg";

fn redis_at(url: SecretString) -> RedisSettings {
    RedisSettings {
        prefix: testing::prefix(),
        ..RedisSettings::new(url)
    }
}

async fn shop_with(change: impl FnOnce(&mut ShopSettings)) -> TestShop {
    TestShop::start_on(TestDatabase::migrated(), change).await
}

/// Two servers of one database.
async fn two_shops(redis: Option<RedisSettings>) -> [TestShop; 2] {
    let one = shop_with(|settings| settings.redis = redis.clone()).await;
    let url = one.database.url();
    let other = shop_with(|settings| {
        settings.database.url = url;
        settings.redis = redis;
    })
    .await;
    [one, other]
}

async fn price(shop: &TestShop) -> f64 {
    let answer = shop.anonymous().get(PRODUCT).await.expect(200).json();
    answer["price"].as_f64().unwrap()
}

async fn listed_price(shop: &TestShop) -> f64 {
    let answer = shop.anonymous().get("/api/products").await.expect(200);
    answer.json()["data"][0]["price"].as_f64().unwrap()
}

/// The price in a compressed answer, and the total that a further page shows.
async fn packed_price(shop: &TestShop) -> f64 {
    let user = shop.anonymous();
    let request = user
        .request("GET", PRODUCT)
        .header("Accept-Encoding", "gzip");
    let answer = user.send(request).await.expect(200);
    assert_eq!(answer.header("content-encoding"), "gzip");
    let mut text = String::new();
    flate2::read::GzDecoder::new(&answer.bytes[..])
        .read_to_string(&mut text)
        .unwrap();
    let product: serde_json::Value = serde_json::from_str(&text).unwrap();
    product["price"].as_f64().unwrap()
}

async fn total_on_a_further_page(shop: &TestShop) -> u64 {
    let answer = shop
        .anonymous()
        .get("/api/products?offset=1")
        .await
        .expect(200);
    answer.json()["pagination"]["total"].as_u64().unwrap()
}

async fn set_price(shop: &TestShop, price: u64) {
    let admin = shop.admin();
    admin
        .patch(PRODUCT, &json!({ "price": price }))
        .await
        .expect(200);
}

/// Eight readers of one product and of the list that shows it, beside a writer: nobody ever reads a price from before
/// the last one that was confirmed when the reading began.
async fn reads_follow_writes(shop: TestShop, rounds: u64) {
    shop.create_product(json!({ "price": 1, "details": "Egg white. ".repeat(200) }))
        .await;
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
                    price(&shop).await
                } else {
                    listed_price(&shop).await
                };
                assert!(read >= known, "{read} was read after {known} was confirmed");
                reads += 1;
            }
            reads
        })
    });
    let readers: Vec<_> = readers.collect();
    for round in 2..rounds + 2 {
        set_price(&shop, round).await;
        confirmed.store(round, Ordering::SeqCst);
        assert_eq!(price(&shop).await, round as f64);
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
async fn nor_is_it_with_redis() {
    let redis = redis_at(testing::url());
    let shop = shop_with(|settings| settings.redis = Some(redis)).await;
    reads_follow_writes(shop, 1_000).await;
}

/// Waits until a shop shows a price, and returns how long that took.
async fn shows(shop: &TestShop, expected: u64) -> Duration {
    let started = Instant::now();
    while price(shop).await != expected as f64
        || listed_price(shop).await != expected as f64
        || packed_price(shop).await != expected as f64
    {
        assert!(
            started.elapsed() < Duration::from_secs(5),
            "the old price stays"
        );
    }
    started.elapsed()
}

async fn servers_follow_each_other(redis: Option<RedisSettings>) {
    let [one, other] = two_shops(redis).await;
    one.create_product(json!({ "price": 1, "details": "Egg white. ".repeat(200) }))
        .await;
    shows(&other, 1).await;
    let mut delays = vec![];
    for round in 2..40 {
        let (writer, reader) = if round % 2 == 0 {
            (&one, &other)
        } else {
            (&other, &one)
        };
        shows(reader, round - 1).await;
        set_price(writer, round).await;
        assert_eq!(price(writer).await, round as f64);
        delays.push(shows(reader, round).await);
    }
    delays.sort();
    // The median, since other tests keep this machine busy, too.
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
async fn four_hundred_first_readers_ask_the_database_once() {
    let writer = TestShop::start().await;
    writer.create_product(json!({})).await;
    // Counting ends every session, also the one that hears of changes; a shop whose own is gone trusts nothing it read
    // before it has another. So the readers go to one that starts afterwards.
    let before = writer.database.settled_reads_of("products_slug_idx");
    let url = writer.database.url();
    let shop = TestShop::start_on(TestDatabase::migrated(), |settings| {
        settings.database.url = url
    })
    .await;
    let user = shop.anonymous();
    let readers = (0..400).map(|_| {
        let user = user.clone();
        async move { user.get(PRODUCT).await.expect(200) }
    });
    join_all(readers).await;
    assert_eq!(
        writer.database.settled_reads_of("products_slug_idx") - before,
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_past_every_server_is_seen_as_soon_as_it_is_told() {
    let shop = TestShop::start().await;
    shop.create_product(json!({ "price": 1, "details": "Egg white. ".repeat(200) }))
        .await;
    assert_eq!(price(&shop).await, 1.0);
    // As a writer that is killed between its commit and its answer leaves it.
    shop.database
        .execute(
            "UPDATE products SET price = 2; \
             SELECT pg_notify('eggypro_changes', gen_random_uuid()::text || ' products every-product')",
        );
    shows(&shop, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_missed_while_nobody_listened_is_given_up() {
    let database = TestDatabase::migrated();
    let proxy = Proxy::before(&database).await;
    let shop =
        TestShop::start_on(database, |settings| settings.listen_url = Some(proxy.url())).await;
    shop.create_product(json!({ "price": 1, "details": "Egg white. ".repeat(200) }))
        .await;
    shows(&shop, 1).await;
    proxy.set(Weather::Cut);
    shop.database.execute("UPDATE products SET price = 2");
    proxy.set(Weather::Fair);
    shows(&shop, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_listener_is_replaced() {
    let writer = TestShop::start().await;
    let (database, proxy) = (writer.database.url(), Proxy::before(&writer.database).await);
    let listen_url = proxy.url();
    let reader = TestShop::start_on(TestDatabase::migrated(), |settings| {
        settings.database.url = database;
        settings.listen_url = Some(listen_url);
    })
    .await;
    let product = json!({ "price": 1, "details": "Egg white. ".repeat(200) });
    writer.create_product(product).await;
    shows(&reader, 1).await;
    // From some moment on, it takes and acknowledges what is sent, and says nothing.
    proxy.set(Weather::Frozen);
    let shows_soon = async |expected: f64| {
        let started = Instant::now();
        while price(&reader).await != expected && started.elapsed() < Duration::from_secs(1) {}
        price(&reader).await == expected
    };
    let mut last = 2;
    set_price(&writer, last).await;
    while shows_soon(last as f64).await {
        last += 1;
        set_price(&writer, last).await;
    }
    // Only new connections get through from now on.
    proxy.set(Weather::Fresh);
    let started = Instant::now();
    while !shows_soon(last as f64).await {
        assert!(
            started.elapsed() < Duration::from_secs(30),
            "the old price stays"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cached_reads_go_on_while_the_database_is_away() {
    let database = TestDatabase::migrated();
    let proxy = Proxy::before(&database).await;
    let shop = TestShop::start_on(database, |settings| {
        settings.database.url = proxy.url();
    })
    .await;
    shop.create_product(json!({ "price": 1, "details": "Egg white. ".repeat(200) }))
        .await;
    shows(&shop, 1).await;
    proxy.set(Weather::Cut);
    let started = Instant::now();
    for _ in 0..100 {
        assert_eq!(price(&shop).await, 1.0);
        assert_eq!(listed_price(&shop).await, 1.0);
    }
    assert!(started.elapsed() < Duration::from_secs(2));
    let uncached = shop
        .anonymous()
        .get("/api/products?limit=7")
        .await
        .expect_problem(503);
    assert_eq!(uncached.header("retry-after"), "2");
    proxy.set(Weather::Fair);
    let started = Instant::now();
    while shop.anonymous().get("/api/products?limit=7").await.status != 200 {
        assert!(started.elapsed() < Duration::from_secs(5));
    }
    set_price(&shop, 2).await;
    assert_eq!(price(&shop).await, 2.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_request_is_lost_when_redis_goes_and_comes_back() {
    let way = Way::open().await;
    let redis = redis_at(way.url());
    let shop = Arc::new(shop_with(|settings| settings.redis = Some(redis)).await);
    shop.create_product(json!({ "price": 1, "details": "Egg white. ".repeat(200) }))
        .await;
    let is_over = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (0..4)
        .map(|_| {
            let (shop, is_over) = (Arc::clone(&shop), Arc::clone(&is_over));
            tokio::spawn(async move {
                while !is_over.load(Ordering::SeqCst) {
                    price(&shop).await;
                    listed_price(&shop).await;
                }
            })
        })
        .collect();
    let mut way = Some(way);
    for round in 2..200_u64 {
        // Away for a third of the time, twice.
        if round % 80 == 40 {
            way.as_ref().unwrap().cut();
        } else if round % 80 == 70 {
            way = Some(way.take().unwrap().mended().await);
        }
        set_price(&shop, round).await;
        assert_eq!(price(&shop).await, round as f64);
    }
    is_over.store(true, Ordering::SeqCst);
    for reader in join_all(readers).await {
        reader.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn that_something_is_not_there_is_forgotten_when_it_comes() {
    let shop = TestShop::start().await;
    for path in [PRODUCT, "/api/categories/bars"] {
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
    shop.anonymous().get(PRODUCT).await.expect(200);
    let admin = shop.admin();
    admin.delete(PRODUCT).await.expect(204);
    shop.anonymous().get(PRODUCT).await.expect_problem(404);
    assert!(
        shop.anonymous()
            .get("/api/products")
            .await
            .names()
            .is_empty()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_category_that_changes_is_seen_wherever_it_is_shown() {
    let shop = TestShop::start().await;
    shop.create_category("Bars").await;
    shop.create_product(json!({ "categories": ["bars"] })).await;
    let shown = async || {
        let user = shop.anonymous();
        let product = user.get(PRODUCT).await.json()["categories"][0]["name"].clone();
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
async fn who_brings_credentials_is_answered_anew_and_for_itself() {
    let shop = TestShop::start().await;
    shop.create_product(json!({ "price": 1, "details": "Egg white. ".repeat(200) }))
        .await;
    assert_eq!(price(&shop).await, 1.0);
    // A change that nobody is told of.
    shop.database.execute("UPDATE products SET price = 2");
    let answer = shop.admin().get(PRODUCT).await.expect(200);
    assert_eq!(answer.json()["price"].as_f64(), Some(2.0));
    assert_eq!(answer.header("cache-control"), "no-store");
    let wrong = shop.bearer("wrong").get(PRODUCT).await.expect(200);
    assert_eq!(wrong.header("cache-control"), "no-store");
    assert_eq!(price(&shop).await, 1.0);
}

#[tokio::test]
async fn an_answer_from_memory_is_as_the_first_one_was() {
    let shop = TestShop::start().await;
    shop.create_category("Bars").await;
    shop.create_product(json!({ "categories": ["bars"], "details": "Egg white. ".repeat(200) }))
        .await;
    let user = shop.anonymous();
    let get = async |path: &str, headers: &[(&str, &str)]| {
        let request = user.request("GET", path).header("X-Request-Id", "one");
        let request = headers.iter().fold(request, |request, (name, value)| {
            request.header(*name, *value)
        });
        let answer = user.send(request).await;
        let mut headers: Vec<(String, String)> = answer
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            // What differs from one request to the next.
            .filter(|(name, _)| {
                !["date", "ratelimit-remaining", "ratelimit-reset"].contains(&name.as_str())
            })
            .collect();
        headers.sort();
        (answer.status, headers, answer.bytes)
    };
    for path in [
        PRODUCT,
        "/api/products",
        "/api/products?limit=7&offset=1",
        "/api/products/search?q=vanilla",
        "/api/products/suggest?q=van",
        "/api/categories",
        "/api/categories/bars",
        "/api/products/nothing",
        "/api/products?limit=x",
    ] {
        for headers in [
            &[][..],
            &[("Accept-Encoding", "br")],
            &[("If-None-Match", "*")],
            &[("If-None-Match", "garbage")],
            &[("Origin", eggypro_tests::ORIGIN)],
            &[("Content-Encoding", "gzip")],
        ] {
            let first = get(path, headers).await;
            for _ in 0..2 {
                assert_eq!(get(path, headers).await, first, "{path} {headers:?}");
            }
        }
    }
}

#[tokio::test]
async fn what_a_cdn_may_keep_can_be_said() {
    let shop =
        shop_with(|settings| settings.http.shared_max_age = Some(Duration::from_secs(30))).await;
    for _ in 0..2 {
        let answer = shop.anonymous().get("/api/products").await.expect(200);
        assert_eq!(
            answer.header("cache-control"),
            "public, max-age=0, s-maxage=30, must-revalidate"
        );
        assert_eq!(answer.header("vary"), "Accept-Encoding, Origin");
    }
}
