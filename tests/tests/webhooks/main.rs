//! Webhooks: other systems that receive events.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod deliveries;
mod ending;
mod refused;
mod secrets;
mod sending;
mod trials;

use eggypro_tests::{Received, Receiver, TestShop};
use serde_json::{Value, json};
use standardwebhooks::Webhook;

const WEBHOOKS: &str = "/api/webhooks";

/// The path of a webhook.
fn path_of(webhook: &Value) -> String {
    format!("{WEBHOOKS}/{}", webhook["id"].as_str().unwrap())
}

/// Whether the official library accepts a request with this secret.
fn is_signed(received: &Received, secret: &Value) -> bool {
    let webhook = Webhook::new(secret.as_str().unwrap()).unwrap();
    webhook.verify(&received.body, &received.headers).is_ok()
}

/// A webhook without its secret.
fn without_secret(webhook: &Value) -> Value {
    let mut webhook = webhook.clone();
    webhook.as_object_mut().unwrap().remove("secret").unwrap();
    webhook
}

/// The changes of webhooks, newest first.
async fn changes(shop: &TestShop) -> Vec<Value> {
    let page = shop.admin().get("/api/changes?resource=webhook").await;
    page.expect(200).json()["data"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_webhook_is_made_read_changed_and_deleted() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    let types = ["product.*", "stock.moved", "product.*"];
    let body = json!({ "url": "https://ERP.example/Hook", "types": types });
    let answer = admin.post(WEBHOOKS, &body).await.expect(201);
    assert_eq!(answer.header("cache-control"), "no-store");
    let made = answer.json();
    let path = path_of(&made);
    assert_eq!(answer.header("location"), path);
    assert_eq!(made["url"], "https://erp.example/Hook");
    assert_eq!(made["types"], json!(["product.*", "stock.moved"]));
    assert_eq!(
        (&made["is_active"], &made["disabled_reason"]),
        (&json!(true), &json!(null))
    );
    let read = admin.get(&path).await.expect(200);
    assert_eq!(read.json(), without_secret(&made));
    let request = admin.request("GET", &path);
    let again = request.header("If-None-Match", read.header("etag"));
    admin.send(again).await.expect(304);

    let paused = json!({ "url": "https://shop.example/", "types": ["*"], "is_active": false });
    let paused = admin.post(WEBHOOKS, &paused).await.expect(201).json();
    let list = admin.get(WEBHOOKS).await.expect(200).json();
    assert_eq!(
        list["data"],
        json!([without_secret(&paused), without_secret(&made)])
    );

    let same = admin.patch(&path, &json!({})).await.expect(200);
    assert_eq!(same.json(), without_secret(&made));
    let change = json!({ "url": "https://b.example/", "types": ["*"], "is_active": false });
    let changed = admin.patch(&path, &change).await.expect(200).json();
    for name in ["url", "types", "is_active"] {
        assert_eq!(changed[name], change[name]);
    }
    // The default is true.
    let reset = admin.patch(&path, &json!({ "is_active": null })).await;
    assert_eq!(reset.expect(200).json()["is_active"], true);

    admin.delete(&path).await.expect(204);
    admin.get(&path).await.expect_problem(404);
    let list = admin.get(WEBHOOKS).await.expect(200).json();
    assert_eq!(list["data"], json!([without_secret(&paused)]));
}

#[tokio::test]
async fn the_permission_of_webhooks_is_sufficient_and_needed() {
    let shop = TestShop::start().await;
    let user = async |permission: &str| {
        let key = json!({ "name": "ERP", "permissions": [permission] });
        let key = shop.admin().post("/api/keys", &key).await.expect(201);
        shop.bearer(key.json()["secret"].as_str().unwrap())
    };
    let (manager, other) = (user("webhooks:manage").await, user("changes:read").await);
    let body = json!({ "url": "https://erp.example/hook", "types": ["*"] });
    let made = manager.post(WEBHOOKS, &body).await.expect(201).json();
    let path = path_of(&made);
    let refused = other.post(WEBHOOKS, &body).await.expect_problem(403);
    assert_eq!(refused.json()["required_permission"], "webhooks:manage");
    for (user, status) in [(&shop.anonymous(), 401), (&other, 403)] {
        for path in [WEBHOOKS, path.as_str(), &format!("{path}/deliveries")] {
            user.get(path).await.expect_problem(status);
        }
        user.delete(&path).await.expect_problem(status);
    }
    // The log names the key that made it.
    let made = &changes(&shop).await[0];
    assert_eq!(
        (&made["action"], &made["actor"]["name"]),
        (&json!("created"), &json!("ERP"))
    );
    manager.delete(&path).await.expect(204);
}

#[tokio::test]
async fn an_unknown_webhook_is_not_found() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    for id in ["1", "none", "3f0b6c1e-6d0e-4c53-9d0c-5a5be0f0c1a8"] {
        let path = format!("{WEBHOOKS}/{id}");
        admin.get(&path).await.expect_problem(404);
        let change = json!({ "is_active": false });
        admin.patch(&path, &change).await.expect_problem(404);
        admin.delete(&path).await.expect_problem(404);
        let deliveries = format!("{path}/deliveries");
        admin.get(&deliveries).await.expect_problem(404);
        for call in ["secret", "test", "deliveries/1/retry"] {
            let path = format!("{path}/{call}");
            let unknown = admin.post(&path, &json!({})).await.expect_problem(404);
            assert_eq!(unknown.json()["detail"], "There is no such webhook.");
        }
    }
}
