//! Wrong credentials.

use eggypro_auth::{AdminUser, SessionTokens};
use eggypro_tests::{ADMIN_SECRET, JWT_SECRET};
use secrecy::ExposeSecret;
use time::OffsetDateTime;

use super::*;

const AUTH: &str = "/api/auth/admin";

#[tokio::test]
async fn after_five_wrong_secrets_the_right_one_is_refused() {
    let shop = limited_shop(|settings| settings.rates.max_requests = 1_000).await;
    let session = shop
        .admin()
        .send(shop.admin().request("POST", AUTH))
        .await
        .expect(200)
        .json();
    let in_session = shop.bearer(session["token"].as_str().unwrap());
    for _ in 0..4 {
        shop.bearer("wrong").get(AUTH).await.expect_problem(401);
    }
    // A success clears the count. A request without credentials does not count.
    shop.admin().get(AUTH).await.expect(200);
    for _ in 0..8 {
        shop.anonymous()
            .send(shop.anonymous().request("POST", AUTH))
            .await
            .expect_problem(401);
    }
    for _ in 0..5 {
        shop.bearer("wrong").get(AUTH).await.expect_problem(401);
    }
    for secret in ["wrong", ADMIN_SECRET] {
        let refused = shop.bearer(secret).get(AUTH).await.expect_problem(429);
        let wait: u64 = refused.header("retry-after").parse().unwrap();
        assert!((1..=1_000_000_000).contains(&wait));
    }
    shop.admin()
        .delete("/api/products/nothing")
        .await
        .expect_problem(429);
    in_session.get(AUTH).await.expect(200);
    shop.anonymous().get("/api/health/live").await.expect(200);
}

#[tokio::test]
async fn concurrent_wrong_secrets_get_no_more_guesses() {
    let shop = limited_shop(|settings| settings.rates.max_requests = 1_000).await;
    let guesses = (0..64).map(|number| {
        let user = shop.bearer(&format!("guess-{number}"));
        async move { user.get(AUTH).await }
    });
    let answers = join_all(guesses).await;
    assert_eq!((statuses(&answers, 401), statuses(&answers, 429)), (5, 59));
    shop.admin().get(AUTH).await.expect_problem(429);
}

#[tokio::test]
async fn an_expired_session_token_does_not_count_as_a_guess() {
    let shop = limited_shop(|settings| settings.rates.max_requests = 1_000).await;
    let an_hour_ago = OffsetDateTime::now_utc() - time::Duration::hours(1);
    let session = SessionTokens::new(&JWT_SECRET.into())
        .issue(&AdminUser::with(&[]), an_hour_ago)
        .unwrap();
    let ended = shop.bearer(session.token.expose_secret());
    for _ in 0..8 {
        ended.get(AUTH).await.expect_problem(401);
    }
    shop.admin().get(AUTH).await.expect(200);
}
