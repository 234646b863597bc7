//! The form of cached answers, and which requests get none.

use std::time::Duration;

use eggypro_tests::{PRICED, TestShop};
use serde_json::json;

#[tokio::test]
async fn requests_with_credentials_get_private_cached_answers() {
    let shop = TestShop::start().await;
    shop.create_priced(1).await;
    assert_eq!(shop.price().await, 1.0);
    // Without triggers, no server is notified of the change.
    let silently = "SET session_replication_role = replica";
    shop.database
        .execute(&format!("{silently}; UPDATE products SET price = 2"));
    let answer = shop.admin().get(PRICED).await.expect(200);
    assert_eq!(answer.json()["price"].as_f64(), Some(1.0));
    let personal = "private, max-age=0, must-revalidate";
    assert_eq!(answer.header("cache-control"), personal);
    let wrong = shop.bearer("wrong").get(PRICED).await.expect(200);
    assert_eq!(wrong.header("cache-control"), personal);
    // An answer that depends on credentials is never cached.
    let all = shop.admin().get("/api/products?status=all").await;
    assert_eq!(all.json()["data"][0]["price"].as_f64(), Some(2.0));
    assert_eq!(all.header("cache-control"), "no-store");
    assert_eq!(shop.price().await, 1.0);
}

#[tokio::test]
async fn a_cached_answer_equals_the_first_one() {
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
            // These headers differ from one request to the next.
            .filter(|(name, _)| {
                !["date", "ratelimit-remaining", "ratelimit-reset"].contains(&name.as_str())
            })
            .collect();
        headers.sort();
        (answer.status, headers, answer.bytes)
    };
    for path in [
        PRICED,
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
async fn shared_caches_get_a_maximum_age_if_configured() {
    let shop = TestShop::start_with(|settings| {
        settings.http.shared_max_age = Some(Duration::from_secs(30))
    })
    .await;
    for _ in 0..2 {
        let answer = shop.anonymous().get("/api/products").await.expect(200);
        assert_eq!(
            answer.header("cache-control"),
            "public, max-age=0, s-maxage=30, must-revalidate"
        );
        assert_eq!(answer.header("vary"), "Accept-Encoding, Origin");
        // An answer that a shared cache may store has no headers of this client.
        for name in ["x-request-id", "ratelimit-limit", "ratelimit-remaining"] {
            assert_eq!(answer.header(name), "", "{name}");
        }
    }
    for unshared in [
        shop.admin().get("/api/products").await.expect(200),
        shop.anonymous().get("/api/products?x=1").await.expect(400),
    ] {
        assert_eq!(unshared.header("x-request-id").len(), 36);
    }
}
