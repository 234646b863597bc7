//! Authentication by secret and by session.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::time::Instant;

use eggypro_auth::{AdminUser, SessionTokens};
use eggypro_domain::Permission;
use eggypro_tests::{ADMIN_SECRET, JWT_SECRET, TestShop, a_product};
use secrecy::ExposeSecret;
use serde_json::json;
use time::{Duration, OffsetDateTime};

const PATH: &str = "/api/auth/admin";

#[tokio::test]
async fn a_session_token_authenticates_like_the_secret() {
    let shop = TestShop::start().await;
    let begun = shop
        .admin()
        .send(shop.admin().request("POST", PATH))
        .await
        .expect(200);
    assert_eq!(begun.header("cache-control"), "no-store");
    let session = begun.json();
    let user = json!({
        "id": "admin",
        "role": "admin",
        "permissions": ["products:read", "products:write", "products:delete", "reviews:moderate", "metrics:read", "changes:read", "keys:manage"],
    });
    assert_eq!(session["user"], user);
    assert!(session["expires_at"].as_str().unwrap().ends_with('Z'));
    let token = session["token"].as_str().unwrap();

    let in_session = shop.bearer(token);
    assert_eq!(
        in_session.get(PATH).await.expect(200).json(),
        json!({ "user": user })
    );
    assert_eq!(
        shop.admin().get(PATH).await.expect(200).json(),
        json!({ "user": user })
    );
    in_session
        .post("/api/products", &a_product(json!({})))
        .await
        .expect(201);
    in_session.get("/api/products?status=all").await.expect(200);
    in_session
        .delete("/api/products/eggypro-vanilla-1kg")
        .await
        .expect(204);
    // A new session can't be renewed yet.
    let early = in_session.send(in_session.request("POST", PATH)).await;
    let wait: i64 = early
        .expect_problem(409)
        .header("retry-after")
        .parse()
        .unwrap();
    assert!((590..=601).contains(&wait), "{wait}");
}

/// A token of a session that began this long ago.
fn begun(ago: Duration) -> String {
    let user = AdminUser::with(&Permission::ALL);
    let tokens = SessionTokens::new(&JWT_SECRET.into());
    let session = tokens.issue(&user, OffsetDateTime::now_utc() - ago);
    session.unwrap().token.expose_secret().to_owned()
}

#[tokio::test]
async fn a_session_token_can_be_renewed_and_ended() {
    let shop = TestShop::start().await;
    let console = shop.bearer(&begun(Duration::minutes(11)));
    let renewed = console
        .send(console.request("POST", PATH))
        .await
        .expect(200)
        .json();
    let token = renewed["token"].as_str().unwrap();
    let renewed = shop.bearer(token);
    renewed.get("/api/products?status=all").await.expect(200);
    // Both tokens belong to one session.
    renewed.delete(PATH).await.expect(204);
    for ended in [&renewed, &console] {
        let refused = ended.get(PATH).await.expect_problem(401);
        assert!(refused.text().contains("has ended"), "{}", refused.text());
        ended
            .send(ended.request("POST", PATH))
            .await
            .expect_problem(401);
        ended.delete(PATH).await.expect_problem(401);
        // Public reads still work.
        ended.get("/api/products").await.expect(200);
    }
    let other = shop.bearer(&begun(Duration::minutes(11)));
    other.get(PATH).await.expect(200);
    shop.admin().delete(PATH).await.expect_problem(409);
    shop.anonymous().delete(PATH).await.expect_problem(401);
}

#[tokio::test]
async fn an_ended_session_ends_on_every_server() {
    let one = TestShop::start().await;
    let url = one.database.address();
    let other = TestShop::start_with(|settings| settings.database.url = url).await;
    let token = begun(Duration::minutes(1));
    other.bearer(&token).get(PATH).await.expect(200);
    one.bearer(&token).delete(PATH).await.expect(204);
    let deadline = Instant::now() + std::time::Duration::from_secs(10);
    while other.bearer(&token).get(PATH).await.status != 401 {
        assert!(Instant::now() < deadline);
    }
}

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
