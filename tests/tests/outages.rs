//! A database that is unavailable, frozen or slow: the server answers 503 in time, other calls work, and it recovers by
//! itself.

use std::time::{Duration, Instant};

use eggypro_persistence::testing::TestDatabase;
use eggypro_tests::{NetworkState, Proxy, TestShop, a_product};
use secrecy::ExposeSecret;
use serde_json::json;

const PRODUCT: &str = "/api/products/eggypro-vanilla-1kg";

async fn shop_behind_a_proxy() -> (TestShop, Proxy) {
    let database = TestDatabase::migrated();
    let proxy = Proxy::before(&database).await;
    let shop =
        TestShop::start_on(database, |settings| settings.database.url = proxy.address()).await;
    shop.create_product(json!({})).await;
    // The document is made with the first request, which takes long in a debug build.
    shop.anonymous().get("/api/openapi.json").await.expect(200);
    (shop, proxy)
}

async fn recovers(shop: &TestShop) {
    let started = Instant::now();
    // The server checks its database for `ready` once a second, so that may come later.
    for path in [PRODUCT, "/api/health/ready"] {
        while shop.anonymous().get(path).await.status != 200 {
            assert!(
                started.elapsed() < Duration::from_secs(5),
                "{path} is not well after five seconds"
            );
        }
    }
}

async fn answers_503_in_time(shop: &TestShop) {
    let admin = shop.admin();
    let body = a_product(json!({ "name": "Other" }));
    for request in [
        admin.request("GET", PRODUCT),
        admin.request("GET", "/api/products"),
        admin.request("GET", "/api/categories"),
        admin.request("GET", "/feeds/google.xml"),
        admin.request("GET", "/feeds/openai.jsonl.gz"),
        admin.request("GET", "/sitemap.xml"),
        admin
            .request("POST", "/ucp/catalog/search")
            .json(&json!({ "query": "egg" })),
        admin.request("GET", "/api/health/ready"),
        admin.request("POST", "/api/products").json(&body),
        admin.request("DELETE", PRODUCT),
    ] {
        let started = Instant::now();
        let refused = admin.send(request).await.expect_problem(503);
        assert_eq!(refused.header("retry-after"), "2");
        assert!(started.elapsed() < Duration::from_secs(5));
    }
    let started = Instant::now();
    shop.anonymous().get("/api/health/live").await.expect(200);
    shop.anonymous().get("/api/openapi.json").await.expect(200);
    assert!(started.elapsed() < Duration::from_secs(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_cannot_be_checked_gets_503() {
    const SESSION: &str = "/api/auth/admin";
    let (shop, proxy) = shop_behind_a_proxy().await;
    let admin = shop.admin();
    let begun = admin.send(admin.request("POST", SESSION)).await;
    let session = begun.expect(200).json();
    let in_session = shop.bearer(session["token"].as_str().unwrap());
    proxy.set(NetworkState::Cut);
    // The call reads nothing from the database but whether the session has ended.
    let refused = in_session.get(SESSION).await.expect_problem(503);
    assert_eq!(refused.header("retry-after"), "2");
    shop.admin().get(SESSION).await.expect(200);
    proxy.set(NetworkState::Fair);
    recovers(&shop).await;
    in_session.get(SESSION).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreachable_database_is_503_until_it_returns() {
    let (shop, proxy) = shop_behind_a_proxy().await;
    proxy.set(NetworkState::Cut);
    answers_503_in_time(&shop).await;
    proxy.set(NetworkState::Fair);
    recovers(&shop).await;
    assert_eq!(shop.anonymous().get("/api/products").await.names().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_database_is_503_until_it_returns() {
    let (shop, proxy) = shop_behind_a_proxy().await;
    proxy.set(NetworkState::Frozen);
    answers_503_in_time(&shop).await;
    proxy.set(NetworkState::Fair);
    recovers(&shop).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_required_sslmode_is_enforced() {
    let database = TestDatabase::migrated();
    let proxy = Proxy::before(&database).await;
    let encrypted = proxy
        .url()
        .expose_secret()
        .replace("sslmode=disable", "sslmode=require");
    let shop = TestShop::start_on(database, |settings| {
        settings.database.url = encrypted.parse().unwrap()
    })
    .await;
    shop.anonymous()
        .get("/api/products")
        .await
        .expect_problem(503);
}
