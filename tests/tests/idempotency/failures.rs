//! Which answers are kept, and what a failure leaves behind.

use eggypro_persistence::testing::TestDatabase;
use eggypro_tests::{NetworkState, Proxy};

use super::*;

/// Sends the same request twice under a key. Returns the first answer, and whether the second one repeats it.
async fn twice(user: &User, method: &str, path: &str, body: &Value, key: &str) -> (Answer, bool) {
    let send = async || {
        let request = user.request(method, path).json(body);
        send(user, request.header("If-Match", "\"1-99\""), key).await
    };
    let (first, again) = (send().await, send().await);
    assert_eq!(first.status, again.status);
    (first, is_replay(&again))
}

#[tokio::test]
async fn what_did_not_begin_is_not_kept() {
    let shop = TestShop::start().await;
    let (admin, body) = (shop.admin(), a_product(json!({})));
    shop.create_product(json!({})).await;
    let known = "/api/products/eggypro-vanilla-1kg";
    let made = json!({ "name": "Reader", "permissions": ["products:read"] });
    let made = admin.post("/api/keys", &made).await.json();
    let reader = shop.bearer(made["secret"].as_str().unwrap());
    for (key, user, method, path, body, status, is_kept) in [
        ("a", &admin, "POST", PRODUCTS, json!({}), 422, false),
        ("b", &admin, "POST", PRODUCTS, json!([]), 422, false),
        (
            "c",
            &admin,
            "POST",
            "/api/products?x=1",
            body.clone(),
            400,
            false,
        ),
        (
            "d",
            &shop.anonymous(),
            "POST",
            PRODUCTS,
            body.clone(),
            401,
            false,
        ),
        ("e", &reader, "POST", PRODUCTS, body.clone(), 403, false),
        ("f", &admin, "PATCH", PRODUCTS, body.clone(), 405, false),
        ("g", &admin, "POST", PRODUCTS, body.clone(), 409, true),
        (
            "h",
            &admin,
            "DELETE",
            "/api/products/unknown",
            json!({}),
            404,
            true,
        ),
        ("i", &admin, "DELETE", known, json!({}), 412, true),
    ] {
        let (first, is_replayed) = twice(user, method, path, &body, key).await;
        assert_eq!((first.status, is_replayed), (status, is_kept), "{key}");
    }
    let text = admin.request("POST", PRODUCTS).body("{}");
    send(&admin, text, "j").await.expect_problem(415);
    // The keys of what is not kept can be used for other requests.
    for key in ["a", "c", "f", "j"] {
        let body = a_product(json!({ "name": format!("Bar {key}") }));
        post(&admin, PRODUCTS, &body, key).await.expect(201);
    }
}

#[tokio::test]
async fn an_outage_leaves_nothing_and_the_key_free() {
    let database = TestDatabase::migrated();
    let proxy = Proxy::before(&database).await;
    let shop =
        TestShop::start_on(database, |settings| settings.database.url = proxy.address()).await;
    let (admin, body) = (shop.admin(), a_product(json!({})));
    // The commit fails, after all that comes before it.
    shop.database.execute(
        "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE disk_full; END'; \
         CREATE CONSTRAINT TRIGGER fail AFTER INSERT ON idempotency_keys DEFERRABLE INITIALLY DEFERRED \
         FOR EACH ROW EXECUTE FUNCTION fail()",
    );
    let failed = post(&admin, PRODUCTS, &body, "k").await;
    assert!(failed.status >= 500, "{}", failed.text());
    assert_eq!(admin.get(PRODUCTS).await.json()["pagination"]["total"], 0);
    shop.database
        .execute("DROP TRIGGER fail ON idempotency_keys");
    let first = post(&admin, PRODUCTS, &body, "k").await.expect(201);

    proxy.set(NetworkState::Cut);
    post(&admin, PRODUCTS, &body, "k").await.expect_problem(503);
    proxy.set(NetworkState::Fair);
    let mut again = post(&admin, PRODUCTS, &body, "k").await;
    while again.status == 503 {
        again = post(&admin, PRODUCTS, &body, "k").await;
    }
    assert_replay(&first, &again);
}

#[tokio::test]
async fn answers_are_encrypted_with_the_admin_secret() {
    let shop = TestShop::start().await;
    let body = json!({ "name": "Till", "permissions": [] });
    let first = post(&shop.admin(), "/api/keys", &body, "k")
        .await
        .expect(201);
    assert_replay(&first, &post(&shop.admin(), "/api/keys", &body, "k").await);
    let secret = first.json()["secret"].as_str().unwrap().to_owned();
    shop.database.execute(&format!(
        "DO $$ BEGIN IF EXISTS (SELECT FROM idempotency_keys k WHERE k::text LIKE '%{secret}%' \
         OR position('{secret}'::bytea IN body) > 0) THEN RAISE EXCEPTION 'it is readable'; END IF; END $$"
    ));
    // Under another secret the answer is lost, but nothing is written again.
    let url = shop.database.address();
    let with_secrets = async |secrets: &[&str]| {
        let (url, secrets) = (url.clone(), secrets.iter().map(|secret| (*secret).into()));
        TestShop::start_with(|settings| {
            settings.database.url = url;
            settings.admin_secrets = secrets.collect();
        })
        .await
    };
    let rotated = with_secrets(&[
        "another-secret-of-thirty-two-characters",
        eggypro_tests::ADMIN_SECRET,
    ])
    .await;
    assert_replay(
        &first,
        &post(&rotated.admin(), "/api/keys", &body, "k").await,
    );
    let replaced = with_secrets(&["another-secret-of-thirty-two-characters"]).await;
    let admin = replaced.bearer("another-secret-of-thirty-two-characters");
    let lost = post(&admin, "/api/keys", &body, "k")
        .await
        .expect_problem(409)
        .json();
    assert_eq!(lost["type"], "urn:eggypro:problem:idempotent-answer-lost");
    let keys = admin.get("/api/keys").await.json();
    assert_eq!(keys["data"].as_array().unwrap().len(), 1);
}
