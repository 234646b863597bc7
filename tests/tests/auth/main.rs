//! Authentication by secret and by session.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod sessions;

use eggypro_tests::{ADMIN_SECRET, TestShop};
use serde_json::json;

const PATH: &str = "/api/auth/admin";

#[tokio::test]
async fn wrong_credentials_are_refused_in_every_form() {
    let shop = TestShop::start().await;
    let session = shop
        .admin()
        .send(shop.admin().request("POST", PATH))
        .await
        .json();
    let token = session["token"].as_str().unwrap().to_owned();
    let unsigned = format!(
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0.{}.",
        token.split('.').nth(1).unwrap()
    );
    for wrong in [
        &token[..token.len() - 1],
        &unsigned,
        "a.b.c",
        "",
        "x",
        &ADMIN_SECRET[1..],
    ] {
        for method in ["GET", "POST"] {
            let user = shop.bearer(wrong);
            let refused = user
                .send(user.request(method, PATH))
                .await
                .expect_problem(401);
            assert_eq!(refused.header("www-authenticate"), "Bearer");
        }
    }
    let twice = shop
        .admin()
        .request("GET", PATH)
        .header("Authorization", "Bearer x");
    shop.admin().send(twice).await.expect_problem(401);
    let bytes = shop
        .anonymous()
        .request("GET", PATH)
        .header("Authorization", &b"Bearer \xff"[..]);
    shop.anonymous().send(bytes).await.expect_problem(401);
    shop.anonymous().get(PATH).await.expect_problem(401);
}

#[tokio::test]
async fn every_answer_has_security_headers() {
    let shop = TestShop::start().await;
    for (path, status) in [
        ("/api/products", 200),
        ("/api/nothing", 404),
        ("/api/products?x=1", 400),
        ("/api/auth/admin", 401),
    ] {
        let answer = shop.anonymous().get(path).await.expect(status);
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(
            answer.header("content-security-policy"),
            "default-src 'none'; frame-ancestors 'none'"
        );
        assert_eq!(answer.header("strict-transport-security"), "");
        assert_eq!(answer.header("server"), "");
    }
    let page = shop.anonymous().get("/api/docs").await.expect(200);
    assert!(
        page.header("content-security-policy")
            .starts_with("default-src 'self';")
    );
}

#[tokio::test]
async fn headers_have_a_maximum_size() {
    let shop = TestShop::start().await;
    let request = shop
        .anonymous()
        .request("GET", "/api/products")
        .header("X-Long", "a".repeat(17 * 1024));
    shop.anonymous().send(request).await.expect_problem(431);
}
