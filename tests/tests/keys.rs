//! API keys: who may make them, what they may do, and how they end.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::time::{Duration, Instant};

use eggypro_domain::Permission;
use eggypro_tests::{PRICED, REVIEWS, TestShop, User, a_product, a_review};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const KEYS: &str = "/api/keys";

/// Makes a key that may do this: what it answers, and who holds it.
async fn make(shop: &TestShop, permissions: &[&str]) -> (Value, User) {
    let body = json!({ "name": "Warehouse", "permissions": permissions });
    let made = shop.admin().post(KEYS, &body).await.expect(201).json();
    let holder = shop.bearer(made["secret"].as_str().unwrap());
    (made, holder)
}

/// What a key needs no permission for, told by who calls.
async fn who(user: &User) -> u16 {
    user.get("/api/auth/admin").await.status
}

/// What is changed at the database is heard within 100 ms; no try more than that needs, since wrong ones count.
async fn until(user: &User, status: u16) {
    let deadline = Instant::now() + Duration::from_secs(5);
    let mut times = tokio::time::interval(Duration::from_millis(100));
    times.tick().await;
    loop {
        times.tick().await;
        if who(user).await == status {
            return;
        }
        assert!(Instant::now() < deadline, "not {status}");
    }
}

#[tokio::test]
async fn a_key_is_shown_once_and_does_what_it_may() {
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

    // Who made the product.
    let changes = shop
        .admin()
        .get("/api/changes?resource=product")
        .await
        .expect(200)
        .json();
    let actor = json!({ "kind": "key", "id": id, "name": "Warehouse" });
    assert_eq!(changes["data"][0]["actor"], actor);
    // Nothing of the secret is anywhere, nor of its digest.
    let digest = Sha256::digest(secret.as_bytes());
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let changes = shop.admin().get("/api/changes").await.expect(200).text();
    let list = shop.admin().get(KEYS).await.expect(200).text();
    for text in [&changes, &list] {
        assert!(text.contains(id) && !text.contains(&secret[17..]) && !text.contains(&digest));
    }
}

#[tokio::test]
async fn nobody_gives_a_permission_that_they_lack() {
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
async fn each_operation_needs_just_its_permission() {
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
                // Nothing that is there, so that nothing is done.
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
async fn what_is_no_key_is_refused() {
    let shop = TestShop::start_with(|settings| settings.rates.max_wrong_credentials = 5).await;
    let (made, holder) = make(&shop, &[]).await;
    let secret = made["secret"].as_str().unwrap();
    assert_eq!(who(&holder).await, 200);
    // One that has ended is no guess.
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
    // Right but for its secret, which is a guess.
    shop.database
        .execute("UPDATE api_keys SET digest = sha256('another')");
    until(&holder, 401).await;
    let known = format!("UPDATE api_keys SET digest = sha256('{secret}')");
    shop.database.execute(&known);
    // A success clears the count.
    until(&holder, 200).await;
    // Mistyped: nobody is asked for it.
    shop.database.execute("ALTER TABLE api_keys RENAME TO away");
    let mistyped = secret
        .replace("egg_", "egg_x")
        .chars()
        .take(55)
        .collect::<String>();
    for status in [401, 401, 401, 401, 401, 429] {
        assert_eq!(who(&shop.bearer(&mistyped)).await, status);
    }
    assert_eq!(who(&shop.admin()).await, 429, "even with the right secret");
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
        assert_eq!((who(&holder).await, who(&elsewhere).await), (200, 200));
    }
    // Its sessions end with it.
    let begun = holder
        .send(holder.request("POST", "/api/auth/admin"))
        .await
        .expect(200)
        .json();
    assert_eq!(begun["user"]["role"], "key");
    let token = begun["token"].as_str().unwrap();
    let (session, session_elsewhere) = (shop.bearer(token), other.bearer(token));
    session.get(KEYS).await.expect(200);
    assert_eq!(who(&session_elsewhere).await, 200);
    let id = made["id"].as_str().unwrap();
    holder.delete(&format!("{KEYS}/{id}")).await.expect(204);
    let deadline = Instant::now() + Duration::from_millis(100);
    assert_eq!((who(&holder).await, who(&session).await), (401, 401));
    while who(&elsewhere).await != 401 || who(&session_elsewhere).await != 401 {
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
async fn a_server_that_hears_nothing_refuses_a_revoked_key_all_the_same() {
    let shop = TestShop::start().await;
    let url = shop.database.address();
    let deaf = TestShop::start_with(|settings| {
        settings.database.url = url;
        settings.listen_url = "postgres://nobody@127.0.0.1:1/nowhere".parse().ok();
    })
    .await;
    let (made, _) = make(&shop, &["metrics:read"]).await;
    let elsewhere = deaf.bearer(made["secret"].as_str().unwrap());
    let begun = elsewhere
        .send(elsewhere.request("POST", "/api/auth/admin"))
        .await
        .expect(200)
        .json();
    let session = deaf.bearer(begun["token"].as_str().unwrap());
    for _ in 0..2 {
        assert_eq!((who(&elsewhere).await, who(&session).await), (200, 200));
    }
    let id = made["id"].as_str().unwrap();
    shop.admin()
        .delete(&format!("{KEYS}/{id}"))
        .await
        .expect(204);
    assert_eq!((who(&elsewhere).await, who(&session).await), (401, 401));
}

#[tokio::test]
async fn an_address_that_is_locked_costs_no_look_up() {
    let shop = TestShop::start_with(|settings| settings.rates.max_wrong_credentials = 2).await;
    let (made, holder) = make(&shop, &[]).await;
    for status in [401, 401, 429] {
        assert_eq!(who(&shop.bearer("wrong")).await, status);
    }
    // Whoever asked for it now would fail.
    shop.database.execute("ALTER TABLE api_keys RENAME TO away");
    assert_eq!(who(&holder).await, 429, "{}", made["id"]);
}

#[tokio::test]
async fn a_rotated_key_holds_for_the_overlap() {
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
    assert_eq!((who(&old).await, who(&new).await), (200, 200));
    assert_eq!(
        (&rotated["name"], &rotated["permissions"]),
        (&json!("Warehouse"), &json!(["metrics:read"]))
    );
    shop.admin()
        .post(&rotate, &json!({ "overlap_seconds": 0 }))
        .await
        .expect(201);
    assert_eq!((who(&old).await, who(&new).await), (401, 200));
}

#[tokio::test]
async fn each_key_has_a_budget_of_its_own() {
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
    // What it reads is what the public reads, and comes from memory.
    let answer = front_end.get("/api/products/eggs").await.expect(200);
    assert!(answer.header("cache-control").starts_with("private"));
    front_end
        .get("/api/products?status=all")
        .await
        .expect_problem(403);
}
