//! Sessions.

use std::time::Instant;

use eggypro_auth::{AdminUser, SessionTokens};
use eggypro_domain::Permission;
use eggypro_tests::{JWT_SECRET, a_product};
use secrecy::ExposeSecret;
use time::{Duration, OffsetDateTime};

use super::*;

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
        "permissions": ["products:read", "products:write", "products:delete", "stock:write", "reviews:moderate", "metrics:read", "changes:read", "webhooks:manage", "keys:manage"],
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
