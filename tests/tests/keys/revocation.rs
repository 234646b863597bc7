//! Revoked and rotated keys.

use std::time::{Duration, Instant};

use super::*;

#[tokio::test]
async fn a_revoked_key_is_refused_everywhere_at_once() {
    let shop = TestShop::start().await;
    let url = shop.database.address();
    let other = TestShop::start_with(|settings| settings.database.url = url).await;
    let (made, holder) = make(&shop, &["keys:manage"]).await;
    let secret = made["secret"].as_str().unwrap();
    let elsewhere = other.bearer(secret);
    for _ in 0..3 {
        assert_eq!((call(&holder).await, call(&elsewhere).await), (200, 200));
    }
    // The sessions of a key end with the key.
    let begun = holder
        .send(holder.request("POST", "/api/auth/admin"))
        .await
        .expect(200)
        .json();
    assert_eq!(begun["user"]["role"], "key");
    let token = begun["token"].as_str().unwrap();
    let (session, session_elsewhere) = (shop.bearer(token), other.bearer(token));
    session.get(KEYS).await.expect(200);
    assert_eq!(call(&session_elsewhere).await, 200);
    let id = made["id"].as_str().unwrap();
    holder.delete(&format!("{KEYS}/{id}")).await.expect(204);
    let deadline = Instant::now() + Duration::from_millis(100);
    assert_eq!((call(&holder).await, call(&session).await), (401, 401));
    while call(&elsewhere).await != 401 || call(&session_elsewhere).await != 401 {
        assert!(Instant::now() < deadline, "not within 100 ms");
    }
    shop.admin()
        .delete(&format!("{KEYS}/{id}"))
        .await
        .expect(204);
    let list = shop.admin().get(KEYS).await.json();
    assert!(list["data"][0]["revoked_at"].is_string());
    shop.admin()
        .post(&format!("{KEYS}/{id}/rotate"), &json!({}))
        .await
        .expect_problem(409);
}

#[tokio::test]
async fn a_disconnected_server_refuses_a_revoked_key() {
    let shop = TestShop::start().await;
    let url = shop.database.address();
    let disconnected = TestShop::start_with(|settings| {
        settings.database.url = url;
        settings.listen_url = "postgres://nobody@127.0.0.1:1/nowhere".parse().ok();
    })
    .await;
    let (made, _) = make(&shop, &["metrics:read"]).await;
    let elsewhere = disconnected.bearer(made["secret"].as_str().unwrap());
    let begun = elsewhere
        .send(elsewhere.request("POST", "/api/auth/admin"))
        .await
        .expect(200)
        .json();
    let session = disconnected.bearer(begun["token"].as_str().unwrap());
    for _ in 0..2 {
        assert_eq!((call(&elsewhere).await, call(&session).await), (200, 200));
    }
    let id = made["id"].as_str().unwrap();
    shop.admin()
        .delete(&format!("{KEYS}/{id}"))
        .await
        .expect(204);
    assert_eq!((call(&elsewhere).await, call(&session).await), (401, 401));
}

#[tokio::test]
async fn a_rotated_key_is_valid_for_the_overlap() {
    let shop = TestShop::start().await;
    let (made, old) = make(&shop, &["metrics:read"]).await;
    let rotate = format!("{KEYS}/{}/rotate", made["id"].as_str().unwrap());
    let rotated = shop
        .admin()
        .post(&rotate, &json!({ "overlap_seconds": 60 }))
        .await
        .expect(201)
        .json();
    let new = shop.bearer(rotated["secret"].as_str().unwrap());
    assert_eq!((call(&old).await, call(&new).await), (200, 200));
    assert_eq!(
        (&rotated["name"], &rotated["permissions"]),
        (&json!("Warehouse"), &json!(["metrics:read"]))
    );
    shop.admin()
        .post(&rotate, &json!({ "overlap_seconds": 0 }))
        .await
        .expect(201);
    assert_eq!((call(&old).await, call(&new).await), (401, 200));
}
