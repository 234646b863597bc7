//! API keys: creation, permissions, rotation, revocation and rate limits.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::time::{Duration, Instant};

use eggypro_domain::Permission;
use eggypro_tests::{PRICED, REVIEWS, TestShop, User, a_product, a_review};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const KEYS: &str = "/api/keys";

/// Creates a key with these permissions. Returns the answer and a user with the key.
async fn make(shop: &TestShop, permissions: &[&str]) -> (Value, User) {
    let body = json!({ "name": "Warehouse", "permissions": permissions });
    let made = shop.admin().post(KEYS, &body).await.expect(201).json();
    let holder = shop.bearer(made["secret"].as_str().unwrap());
    (made, holder)
}

/// The status of a call that needs no permission.
async fn call(user: &User) -> u16 {
    user.get("/api/auth/admin").await.status
}

/// Waits for a status, with one try every 100 ms. A change in the database takes effect within that time, and more tries
/// would count as wrong credentials.
async fn until(user: &User, status: u16) {
    let deadline = Instant::now() + Duration::from_secs(5);
    let mut times = tokio::time::interval(Duration::from_millis(100));
    times.tick().await;
    loop {
        times.tick().await;
        if call(user).await == status {
            return;
        }
        assert!(Instant::now() < deadline, "not {status}");
    }
}

#[tokio::test]
async fn a_key_is_shown_once_and_has_its_permissions() {
    let shop = TestShop::start().await;
    let (made, holder) = make(&shop, &["products:read", "products:write"]).await;
    let (id, secret) = (
        made["id"].as_str().unwrap(),
        made["secret"].as_str().unwrap(),
    );
    assert_eq!(made["prefix"], format!("egg_{id}"));
    assert!(
        secret.starts_with(&format!("egg_{id}_")) && secret.len() == 55,
        "{secret}"
    );
    assert_eq!(
        (&made["created_by"], &made["revoked_at"]),
        (&json!("admin"), &json!(null))
    );
    let user = holder.get("/api/auth/admin").await.expect(200).json();
    let expected =
        json!({ "id": id, "role": "key", "permissions": ["products:read", "products:write"] });
    assert_eq!(user["user"], expected);
    holder
        .post("/api/products", &a_product(json!({})))
        .await
        .expect(201);
    let refused = holder.delete(PRICED).await.expect_problem(403).json();
    assert_eq!(refused["required_permission"], "products:delete");
    let refused = holder.get(KEYS).await.expect_problem(403).json();
    assert_eq!(refused["required_permission"], "keys:manage");

    // The log of changes names the key that created the product.
    let changes = shop
        .admin()
        .get("/api/changes?resource=product")
        .await
        .expect(200)
        .json();
    let actor = json!({ "kind": "key", "id": id, "name": "Warehouse" });
    assert_eq!(changes["data"][0]["actor"], actor);
    // No answer contains the secret or its digest.
    let digest = Sha256::digest(secret.as_bytes());
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let changes = shop.admin().get("/api/changes").await.expect(200).text();
    let list = shop.admin().get(KEYS).await.expect(200).text();
    for text in [&changes, &list] {
        assert!(text.contains(id) && !text.contains(&secret[17..]) && !text.contains(&digest));
    }
}

#[tokio::test]
async fn a_key_cannot_grant_permissions_that_it_lacks() {
    let shop = TestShop::start().await;
    let (made, manager) = make(&shop, &["keys:manage", "products:read"]).await;
    let body = |permissions: Value| json!({ "name": "Another", "permissions": permissions });
    manager
        .post(KEYS, &body(json!(["products:read"])))
        .await
        .expect(201);
    let refused = manager
        .post(KEYS, &body(json!(["products:read", "metrics:read"])))
        .await
        .expect_problem(403);
    assert_eq!(refused.json()["required_permission"], "metrics:read");
    let (stronger, _) = make(&shop, &["metrics:read"]).await;
    let rotate = |key: &Value| format!("{KEYS}/{}/rotate", key["id"].as_str().unwrap());
    manager
        .post(&rotate(&stronger), &json!({}))
        .await
        .expect_problem(403);
    manager.post(&rotate(&made), &json!({})).await.expect(201);
    for (broken, field) in [
        (json!({ "permissions": [] }), "name"),
        (json!({ "name": "A" }), "permissions"),
        (
            json!({ "name": "A", "permissions": ["all"] }),
            "permissions[0]",
        ),
        (
            json!({ "name": "A", "permissions": [], "expires_at": "2020-01-01T00:00:00Z" }),
            "expires_at",
        ),
        (
            json!({ "name": "A", "permissions": [], "expires_at": "soon" }),
            "expires_at",
        ),
        (
            json!({ "name": "A", "permissions": [], "digest": "x" }),
            "digest",
        ),
    ] {
        let answer = manager.post(KEYS, &broken).await.expect_problem(422);
        assert_eq!(answer.json()["errors"][0]["field"], field, "{broken}");
    }
    for id in ["x", "0123456789aZ"] {
        manager
            .delete(&format!("{KEYS}/{id}"))
            .await
            .expect_problem(404);
        manager
            .post(&format!("{KEYS}/{id}/rotate"), &json!({}))
            .await
            .expect_problem(404);
    }
    let overlap = json!({ "overlap_seconds": 604_801 });
    manager
        .post(&rotate(&made), &overlap)
        .await
        .expect_problem(422);
}

#[tokio::test]
async fn each_operation_needs_exactly_its_permission() {
    let shop = TestShop::start().await;
    let document = shop.anonymous().get("/api/openapi.json").await.json();
    let mut tried = 0;
    for permission in Permission::ALL.map(Permission::as_str) {
        let (_, holder) = make(&shop, &[permission]).await;
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let Some(needed) = operation["x-required-permission"].as_str() else {
                    continue;
                };
                // These resources do not exist, so the calls change nothing.
                let address = path
                    .replace("{slug}", "none")
                    .replace("{id}", "1")
                    .replace("{public_id}", "none");
                let request = holder
                    .request(&method.to_uppercase(), &address)
                    .json(&json!({ "x": 1 }));
                let status = holder.send(request).await.status;
                assert_eq!(
                    status == 403,
                    needed != permission,
                    "{permission} {method} {path}: {status}"
                );
                assert_ne!(status, 401);
                tried += 1;
            }
        }
    }
    assert_eq!(tried, 24 * Permission::ALL.len());
}

#[tokio::test]
async fn invalid_keys_are_refused() {
    let shop = TestShop::start_with(|settings| settings.rates.max_wrong_credentials = 5).await;
    let (made, holder) = make(&shop, &[]).await;
    let secret = made["secret"].as_str().unwrap();
    assert_eq!(call(&holder).await, 200);
    // An expired key does not count as a guess.
    shop.database
        .execute("UPDATE api_keys SET expires_at = now()");
    until(&holder, 401).await;
    for _ in 0..10 {
        let answer = holder.get("/api/auth/admin").await.expect_problem(401);
        assert!(
            answer.json()["detail"]
                .as_str()
                .unwrap()
                .contains("expired")
        );
    }
    shop.database
        .execute("UPDATE api_keys SET expires_at = NULL");
    until(&holder, 200).await;
    // A key with the right id and a wrong secret counts as a guess.
    shop.database
        .execute("UPDATE api_keys SET digest = sha256('another')");
    until(&holder, 401).await;
    let known = format!("UPDATE api_keys SET digest = sha256('{secret}')");
    shop.database.execute(&known);
    // A success clears the count.
    until(&holder, 200).await;
    // A malformed key is refused without asking the database, whose table is gone.
    shop.database.execute("ALTER TABLE api_keys RENAME TO away");
    let mistyped = secret
        .replace("egg_", "egg_x")
        .chars()
        .take(55)
        .collect::<String>();
    for status in [401, 401, 401, 401, 401, 429] {
        assert_eq!(call(&shop.bearer(&mistyped)).await, status);
    }
    assert_eq!(call(&shop.admin()).await, 429, "even with the right secret");
}

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
async fn a_locked_address_causes_no_look_up() {
    let shop = TestShop::start_with(|settings| settings.rates.max_wrong_credentials = 2).await;
    let (made, holder) = make(&shop, &[]).await;
    for status in [401, 401, 429] {
        assert_eq!(call(&shop.bearer("wrong")).await, status);
    }
    // Without the table, a look-up would fail.
    shop.database.execute("ALTER TABLE api_keys RENAME TO away");
    assert_eq!(call(&holder).await, 429, "{}", made["id"]);
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

#[tokio::test]
async fn each_key_has_its_own_budget() {
    let shop = TestShop::start_with(|settings| {
        settings.rates.max_key_requests = 3;
        settings.rates.max_requests = 1;
    })
    .await;
    let (_, one) = make(&shop, &[]).await;
    let (_, other) = make(&shop, &["products:read"]).await;
    shop.anonymous().get("/api/products").await.expect(200);
    shop.anonymous()
        .get("/api/products")
        .await
        .expect_problem(429);
    for left in ["2", "1", "0"] {
        let answer = one.get("/api/products").await.expect(200);
        assert_eq!(answer.header("ratelimit-remaining"), left);
        assert_eq!(answer.header("ratelimit-limit"), "3");
    }
    one.get("/api/products").await.expect_problem(429);
    other.get("/api/products?status=all").await.expect(200);
}

#[tokio::test]
async fn a_front_end_writes_reviews_for_its_shoppers() {
    let shop = TestShop::start_with(|settings| {
        settings.rates.max_anonymous_writes = 2;
        settings.http.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
    })
    .await;
    shop.create_product(json!({ "name": "Eggs" })).await;
    let (_, front_end) = make(&shop, &[]).await;
    let review = async |shopper: Option<&str>, number: usize| {
        let body = a_review(json!({ "comment": format!("Good {number}") }));
        let request = front_end.request("POST", REVIEWS).json(&body);
        let request = match shopper {
            Some(address) => request.header("X-Forwarded-For", address),
            None => request,
        };
        front_end.send(request).await.status
    };
    let mut number = 0;
    for shopper in [Some("198.51.100.1"), Some("198.51.100.2"), None] {
        let mut statuses = vec![];
        for _ in 0..3 {
            number += 1;
            statuses.push(review(shopper, number).await);
        }
        assert_eq!(statuses, [201, 201, 429], "{shopper:?}");
    }
    let changes = shop
        .admin()
        .get("/api/changes?resource=review")
        .await
        .json();
    assert_eq!(changes["data"][0]["actor"]["kind"], "key");
    // A key without permissions reads what the public reads, from the cache.
    let answer = front_end.get("/api/products/eggs").await.expect(200);
    assert!(answer.header("cache-control").starts_with("private"));
    front_end
        .get("/api/products?status=all")
        .await
        .expect_problem(403);
}
