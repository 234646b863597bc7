//! Every operation is guarded as described.

use eggypro_auth::{AdminUser, SessionTokens};
use eggypro_tests::{JWT_SECRET, a_product};
use secrecy::ExposeSecret;
use time::OffsetDateTime;

use super::*;

/// Whether an operation requires credentials.
fn needs_credentials(operation: &Value) -> bool {
    let security = operation["security"].as_array().unwrap();
    !security.is_empty() && !security.contains(&json!({}))
}

#[tokio::test]
async fn every_operation_is_served_and_guarded_as_described() {
    let shop = TestShop::start().await;
    for (path, method, operation) in operations(&document()) {
        let path = address(&path);
        let called = async |user: eggypro_tests::User| {
            let request = user.request(&method, &path);
            let is_read = method == "GET" || method == "DELETE";
            let request = if is_read {
                request
            } else {
                request.json(&a_product(json!({ "name": "!" })))
            };
            user.send(request).await
        };
        let anonymous = called(shop.anonymous()).await;
        if needs_credentials(&operation) {
            anonymous.expect_problem(401);
            called(shop.bearer("wrong")).await.expect_problem(401);
            let admin = called(shop.admin()).await;
            assert!(
                !matches!(admin.status, 401 | 403 | 405),
                "{method} {path}: {}",
                admin.status
            );
        } else {
            assert!(
                !matches!(anonymous.status, 401 | 403 | 405),
                "{method} {path}: {}",
                anonymous.status
            );
        }
        let status = called(shop.admin()).await.status.to_string();
        assert!(
            operation["responses"].get(&status).is_some(),
            "{method} {path}: {status}"
        );
    }
}

#[tokio::test]
async fn a_session_without_the_permission_is_forbidden() {
    let shop = TestShop::start().await;
    let nobody = AdminUser::with(&[]);
    let session = SessionTokens::new(&JWT_SECRET.into()).issue(&nobody, OffsetDateTime::now_utc());
    let powerless = shop.bearer(session.unwrap().token.expose_secret());
    powerless.get("/api/auth/admin").await.expect(200);
    powerless
        .get("/api/products?status=all")
        .await
        .expect_problem(403);
    let mut guarded = 0;
    for (path, method, operation) in operations(&document()) {
        if operation["x-required-permission"].is_string() {
            let path = address(&path);
            let request = powerless
                .request(&method, &path)
                .json(&a_product(json!({})));
            let answer = powerless.send(request).await.expect_problem(403);
            let permission = &operation["x-required-permission"];
            assert_eq!(&answer.json()["required_permission"], permission);
            guarded += 1;
        }
    }
    assert_eq!(guarded, 47);
}
