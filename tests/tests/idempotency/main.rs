//! Idempotency keys: a repeated write has its effect once.

mod every_write;
mod failures;
mod races;

use eggypro_tests::{Answer, TestShop, User, a_product, a_review};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

const PRODUCTS: &str = "/api/products";

/// Another server with the same database.
async fn beside(shop: &TestShop) -> TestShop {
    let url = shop.database.address();
    TestShop::start_with(|settings| settings.database.url = url).await
}

/// Sends a request under a key.
async fn send(user: &User, request: RequestBuilder, key: &str) -> Answer {
    user.send(request.header("Idempotency-Key", key)).await
}

/// Posts a body under a key.
async fn post(user: &User, path: &str, body: &Value, key: &str) -> Answer {
    send(user, user.request("POST", path).json(body), key).await
}

/// Whether an answer is a repetition of an earlier one.
fn is_replay(answer: &Answer) -> bool {
    answer.headers.contains_key("idempotent-replayed")
}

/// Asserts that an answer repeats another one.
fn assert_replay(first: &Answer, again: &Answer) {
    assert!(!is_replay(first) && is_replay(again), "{}", again.text());
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!((first.status, &first.bytes), (again.status, &again.bytes));
    for name in ["location", "etag", "content-type", "cache-control", "vary"] {
        assert_eq!(first.headers.get(name), again.headers.get(name), "{name}");
    }
}

#[tokio::test]
async fn a_repetition_gets_the_first_answer_from_every_server() {
    let shop = TestShop::start().await;
    let (admin, body) = (shop.admin(), a_product(json!({ "stock_quantity": 3 })));
    let request = admin.request("POST", PRODUCTS).json(&body);
    let request = request.header("Accept-Encoding", "gzip");
    let first = send(&admin, request, "order-1").await.expect(201);
    assert_eq!(
        first.header("location"),
        "/api/products/eggypro-vanilla-1kg"
    );

    // The product changes, the answer does not.
    let path = first.header("location").to_owned();
    admin
        .patch(&path, &json!({ "stock_quantity": 2 }))
        .await
        .expect(200);
    assert_replay(&first, &post(&admin, PRODUCTS, &body, "order-1").await);
    assert_replay(&first, &post(&admin, PRODUCTS, &body, "\"order-1\"").await);
    let other = beside(&shop).await;
    assert_replay(
        &first,
        &post(&other.admin(), PRODUCTS, &body, "order-1").await,
    );
    // A session of the administrator is the same caller.
    let session = admin.post("/api/auth/admin", &json!({})).await.json();
    let session = shop.bearer(session["token"].as_str().unwrap());
    assert_replay(&first, &post(&session, PRODUCTS, &body, "order-1").await);
    let list = shop.anonymous().get(PRODUCTS).await.json();
    assert_eq!(list["pagination"]["total"], 1);
}

#[tokio::test]
async fn a_write_with_a_key_is_read_at_once() {
    let shop = TestShop::start().await;
    let (admin, anonymous) = (shop.admin(), shop.anonymous());
    post(&admin, PRODUCTS, &a_product(json!({})), "k").await;
    let path = "/api/products/eggypro-vanilla-1kg";
    for stock in [5, 6] {
        let change = json!({ "set": stock, "reason": "count" });
        let key = stock.to_string();
        post(&admin, &format!("{path}/stock"), &change, &key)
            .await
            .expect(201);
        // The answer is kept, so that the next write must refresh it.
        let read = anonymous.get(path).await.json();
        assert_eq!(read["stock_quantity"], stock);
    }
}

#[tokio::test]
async fn a_key_belongs_to_one_request_of_one_caller() {
    let shop = TestShop::start().await;
    let (admin, body) = (shop.admin(), a_product(json!({})));
    let first = post(&admin, PRODUCTS, &body, "k").await.expect(201);
    let path = first.header("location");
    let other = a_product(json!({ "price": 1 }));
    for request in [
        admin.request("POST", PRODUCTS).json(&other),
        admin.request("POST", "/api/products?").json(&body),
        admin.request("POST", "/api/categories").json(&body),
        admin.request("PUT", PRODUCTS).json(&body),
        admin.request("DELETE", path),
    ] {
        let refused = send(&admin, request, "k").await.expect_problem(422).json();
        assert_eq!(
            refused["type"],
            "urn:eggypro:problem:idempotency-key-reused"
        );
    }
    let permissions = json!({ "name": "Till", "permissions": ["products:write"] });
    let made = admin.post("/api/keys", &permissions).await.json();
    let till = shop.bearer(made["secret"].as_str().unwrap());
    post(&till, PRODUCTS, &other, "k").await.expect_problem(409);
    // Reads ignore keys.
    let read = admin.request("GET", path);
    assert!(!is_replay(&send(&admin, read, "k").await.expect(200)));
}

#[tokio::test]
async fn a_rotated_key_is_the_same_caller() {
    let shop = TestShop::start().await;
    let new = json!({ "name": "Till", "permissions": ["products:write"] });
    let mut key = shop.admin().post("/api/keys", &new).await.json();
    let body = a_product(json!({}));
    let till = shop.bearer(key["secret"].as_str().unwrap());
    let first = post(&till, PRODUCTS, &body, "k").await.expect(201);
    for _ in 0..2 {
        let rotate = format!("/api/keys/{}/rotate", key["id"].as_str().unwrap());
        key = shop.admin().post(&rotate, &json!({})).await.json();
        let till = shop.bearer(key["secret"].as_str().unwrap());
        assert_replay(&first, &post(&till, PRODUCTS, &body, "k").await);
        let session = till.post("/api/auth/admin", &json!({})).await.json();
        let session = shop.bearer(session["token"].as_str().unwrap());
        assert_replay(&first, &post(&session, PRODUCTS, &body, "k").await);
    }
}

#[tokio::test]
async fn a_malformed_key_is_refused() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    let long = "k".repeat(256);
    for key in ["", " ", "\"\"", "\"a", "\"a\\b\"", long.as_str()] {
        let refused = post(&admin, PRODUCTS, &a_product(json!({})), key).await;
        let problem = refused.expect_problem(400).json();
        assert!(
            problem["detail"]
                .as_str()
                .unwrap()
                .contains("Idempotency-Key")
        );
    }
    let request = admin.request("POST", PRODUCTS).json(&a_product(json!({})));
    let request = request.header("Idempotency-Key", "a");
    send(&admin, request, "b").await.expect_problem(400);
    let longest = "k".repeat(255);
    post(&admin, PRODUCTS, &a_product(json!({})), &longest)
        .await
        .expect(201);
}

#[tokio::test]
async fn old_answers_are_forgotten() {
    let shop = TestShop::start().await;
    let (admin, body) = (shop.admin(), a_product(json!({})));
    let first = post(&admin, PRODUCTS, &body, "k").await.expect(201);
    let age = |age: &str| {
        let age = format!("UPDATE idempotency_keys SET created_at = now() - interval '{age}'");
        shop.database.execute(&age);
    };
    age("23 hours 59 minutes");
    assert_replay(&first, &post(&admin, PRODUCTS, &body, "k").await);
    age("24 hours 1 second");
    // The key is free again, and the slug is taken.
    let second = post(&admin, PRODUCTS, &body, "k").await.expect_problem(409);
    assert_replay(&second, &post(&admin, PRODUCTS, &body, "k").await);
}
