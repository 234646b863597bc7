//! A Redis with restricted users, and one that becomes unavailable.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::time::{Duration, Instant};

use eggypro_redis::redis::{Value, cmd};
use eggypro_redis::testing::{self, Proxy};
use eggypro_server::RedisSettings;
use eggypro_tests::TestShop;
use secrecy::SecretString;

async fn shop_at(url: SecretString, prefix: &str) -> TestShop {
    let redis = RedisSettings {
        prefix: prefix.to_owned(),
        timeout: Duration::from_secs(5),
        ..RedisSettings::new(url)
    };
    TestShop::start_with(|settings| settings.redis = Some(redis)).await
}

/// The status of Redis in `/api/health`. The server asks Redis at most once a second.
async fn health(shop: &TestShop) -> String {
    let health = shop.anonymous().get("/api/health").await;
    let health = health.expect(200).json();
    health["services"]["cache"]["status"]
        .as_str()
        .unwrap()
        .to_owned()
}

async fn becomes(shop: &TestShop, status: &str) {
    let started = Instant::now();
    while health(shop).await != status {
        assert!(started.elapsed() < Duration::from_secs(20), "not {status}");
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn health_notices_when_redis_stops_and_returns() {
    let proxy = Proxy::open().await;
    let shop = shop_at(proxy.url(), &testing::prefix()).await;
    assert_eq!(health(&shop).await, "healthy");
    proxy.cut();
    becomes(&shop, "unhealthy").await;
    let _proxy = proxy.reopened().await;
    becomes(&shop, "healthy").await;
}

/// The rights in the documented line `ACL SETUSER`, with another key prefix.
fn documented_rights(prefix: &str) -> Vec<String> {
    let document = include_str!("../../docs/deploy.md");
    let line = document
        .lines()
        .find(|line| line.starts_with("ACL SETUSER"));
    let words = line.unwrap().split_whitespace().skip(5);
    words.map(|word| word.replace("eggypro", prefix)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documented_rights_are_sufficient() {
    let prefix = testing::prefix();
    let rights = documented_rights(&prefix);
    let rights: Vec<&str> = rights.iter().map(String::as_str).collect();
    let shop = shop_at(testing::url_of_user(&prefix, &rights).await, &prefix).await;
    assert_eq!(health(&shop).await, "healthy");
    // Reads, changes and wrong credentials use every command for counting, caching and invalidating.
    shop.create_priced(1).await;
    shop.shows(1).await;
    shop.set_price(2).await;
    shop.shows(2).await;
    let anonymous = shop.anonymous();
    anonymous.get("/api/products?search=eggs").await.expect(200);
    let wrong = shop.bearer("wrong").get("/api/auth/admin").await;
    assert_eq!(wrong.status, 401);
    shop.create_category("Powders").await;
    assert_eq!(health(&shop).await, "healthy");
    let denied = async |mut connection| {
        cmd("ACL")
            .arg("LOG")
            .arg(1_000)
            .query_async::<Value>(&mut connection)
            .await
    };
    let denied = testing::redis().call(denied).await.unwrap();
    assert!(!format!("{denied:?}").contains(&prefix), "{denied:?}");
}
