//! Every write of the API takes a key.

use eggypro_tests::{IMAGES, REVIEWS, Receiver, a_photo, form};

use super::*;

/// Sends a request twice, on two servers. The second answer must repeat the first.
async fn repeat(users: &[User; 2], method: &str, path: &str, body: &Value, status: u16) -> Answer {
    let key = format!("{method} {path}");
    let send = async |user: &User| {
        let request = user.request(method, path);
        let request = match body {
            Value::Null => request,
            body => request.json(body),
        };
        send(user, request, &key).await
    };
    let first = send(&users[0]).await.expect(status);
    assert_replay(&first, &send(&users[1]).await);
    first
}

#[tokio::test]
async fn writes_with_a_json_body_are_repeated() {
    let shop = TestShop::start_with_eggs().await;
    let other = beside(&shop).await;
    let admins = [shop.admin(), other.admin()];
    let eggs = "/api/products/eggs";
    let product = a_product(json!({ "name": "Eggs", "stock_quantity": 3 }));
    repeat(&admins, "PUT", eggs, &product, 200).await;
    let patched = repeat(&admins, "PATCH", eggs, &json!({ "price": 1 }), 200).await;
    assert_eq!(patched.json()["version"], 3);

    let category = json!({ "name": "Bars" });
    repeat(&admins, "POST", "/api/categories", &category, 201).await;
    repeat(&admins, "PUT", "/api/categories/bars", &category, 200).await;
    repeat(&admins, "DELETE", "/api/categories/bars", &Value::Null, 204).await;

    let synonyms = json!({ "groups": [["egg", "ovum"]] });
    repeat(&admins, "PUT", "/api/search/synonyms", &synonyms, 200).await;

    let review = a_review(json!({}));
    let customers = [shop.anonymous(), other.anonymous()];
    let review = repeat(&customers, "POST", REVIEWS, &review, 201)
        .await
        .json();
    let path = format!("/api/reviews/{}", review["id"]);
    repeat(
        &admins,
        "PATCH",
        &path,
        &json!({ "is_verified": true }),
        200,
    )
    .await;
    let decision = json!({ "ids": [review["id"]], "decision": "verify" });
    repeat(&admins, "POST", "/api/reviews/bulk", &decision, 200).await;
    repeat(&admins, "DELETE", &path, &Value::Null, 204).await;

    let session = repeat(&admins, "POST", "/api/auth/admin", &json!({}), 200)
        .await
        .json();
    let bearer = |shop: &TestShop| shop.bearer(session["token"].as_str().unwrap());
    let holders = [bearer(&shop), bearer(&other)];
    let till = json!({ "name": "Till", "permissions": [] });
    let key = repeat(&holders, "POST", "/api/keys", &till, 201)
        .await
        .json();
    let path = format!("/api/keys/{}", key["id"].as_str().unwrap());
    repeat(&admins, "POST", &format!("{path}/rotate"), &json!({}), 201).await;
    repeat(&admins, "DELETE", &path, &Value::Null, 204).await;
    let movement = json!({ "change": 9, "reason": "delivery" });
    repeat(&admins, "POST", &format!("{eggs}/stock"), &movement, 201).await;
    let order = json!({ "reason": "sale", "lines": [{ "slug": "eggs", "change": -1 }] });
    repeat(&admins, "POST", "/api/stock", &order, 201).await;
    let lines = json!([{ "slug": "eggs", "quantity": 2 }]);
    let reservation = json!({ "reference": "order", "lines": lines });
    let held = repeat(&admins, "POST", "/api/reservations", &reservation, 201).await;
    let path = held.header("location");
    repeat(
        &admins,
        "POST",
        &format!("{path}/confirm"),
        &Value::Null,
        200,
    )
    .await;
    repeat(
        &admins,
        "POST",
        &format!("{path}/release"),
        &Value::Null,
        409,
    )
    .await;
    for is_atomic in [true, false] {
        let operation = json!({ "action": "stock", "slug": "eggs", "body": { "change": -1, "reason": "sale" } });
        let bulk = json!({ "atomic": is_atomic, "operations": [operation] });
        let path = "/api/products/bulk";
        let key = format!("bulk {is_atomic}");
        let first = post(&admins[0], path, &bulk, &key).await.expect(200);
        assert_replay(&first, &post(&admins[1], path, &bulk, &key).await);
    }
    let stock = admins[0].get(eggs).await.json()["stock_quantity"].clone();
    assert_eq!(stock, 3 + 9 - 1 - 2 - 1 - 1);
    repeat(&admins, "POST", "/api/search/check", &Value::Null, 200).await;

    repeat(&admins, "DELETE", eggs, &Value::Null, 204).await;
    let removed = "/api/products/eggs?permanent=true";
    repeat(&admins, "DELETE", removed, &Value::Null, 204).await;
}

#[tokio::test]
async fn an_upload_is_repeated_with_another_boundary() {
    let shop = TestShop::start_with_eggs().await;
    let admin = shop.admin();
    let upload = async |key: &str| {
        let request = admin.request("POST", IMAGES).multipart(form([a_photo()]));
        send(&admin, request, key).await
    };
    let first = upload("photo").await.expect(201);
    let files = shop.image_files();
    assert_replay(&first, &upload("photo").await);
    assert_eq!(
        (shop.image_files(), shop.shown_images().await.len()),
        (files, 1)
    );
    let request = admin.request("POST", IMAGES);
    let other = request.multipart(form([a_photo(), a_photo()]));
    send(&admin, other, "photo").await.expect_problem(422);

    // A deleted image goes after the commit.
    let id = first.json()["images"][0]["public_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/api/images/{id}");
    let users = [shop.admin(), shop.admin()];
    repeat(&users, "DELETE", &path, &Value::Null, 204).await;
    assert_eq!(shop.shown_images().await, Vec::<String>::new());
    while shop.image_files() > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn an_import_is_repeated() {
    let shop = TestShop::start().await;
    let other = beside(&shop).await;
    let users = [shop.admin(), other.admin()];
    let upload = async |user: &User, file: &'static str| {
        let request = user.request("POST", "/api/imports").body(file);
        send(user, request, "file").await
    };
    let first = upload(&users[0], "sku\nA\n").await.expect(202);
    assert_replay(&first, &upload(&users[1], "sku\nA\n").await);
    upload(&users[0], "sku\nB\n").await.expect_problem(422);
    shop.database.execute(
        "DO $$ BEGIN IF (SELECT count(*) FROM imports) <> 1 THEN RAISE 'it is imported twice'; END IF; END $$",
    );
    let path = shop.import_elsewhere();
    repeat(&users, "DELETE", path, &Value::Null, 200).await;
}

#[tokio::test]
async fn writes_of_webhooks_are_repeated() {
    let shop = TestShop::start().await;
    let other = beside(&shop).await;
    let receiver = Receiver::start().await;
    let admins = [shop.admin(), other.admin()];
    let body = json!({ "url": receiver.url(), "types": ["*"] });
    // The repetition has the same secret.
    let made = repeat(&admins, "POST", "/api/webhooks", &body, 201).await;
    assert!(made.json()["secret"].is_string());
    let path = made.header("location");
    let types = json!({ "types": ["product.created"] });
    repeat(&admins, "PATCH", path, &types, 200).await;
    repeat(
        &admins,
        "POST",
        &format!("{path}/secret"),
        &Value::Null,
        201,
    )
    .await;
    repeat(&admins, "POST", &format!("{path}/test"), &Value::Null, 200).await;
    assert_eq!(receiver.received().len(), 1);
    shop.create_product(json!({})).await;
    let received = receiver.wait_for(2).await;
    let event = received[1].id();
    admins[0]
        .delivery(path, |of| of["state"] == "delivered")
        .await;
    let retry = format!("{path}/deliveries/{event}/retry");
    repeat(&admins, "POST", &retry, &Value::Null, 202).await;
    receiver.wait_for(3).await;
    repeat(&admins, "DELETE", path, &Value::Null, 204).await;
}

#[tokio::test]
async fn the_keys_of_customers_belong_to_their_address() {
    let shop = TestShop::start_with_eggs().await;
    let customer = shop.anonymous();
    let first = post(&customer, REVIEWS, &a_review(json!({})), "k")
        .await
        .expect(201);
    assert_replay(
        &first,
        &post(&customer, REVIEWS, &a_review(json!({})), "k").await,
    );
    let (admin, other) = (shop.admin(), a_review(json!({ "comment": "Mine." })));
    let by_admin = post(&admin, REVIEWS, &other, "k").await.expect(201);
    assert!(!is_replay(&by_admin));
}

#[tokio::test]
async fn strangers_can_not_fill_the_disk() {
    let shop = TestShop::start_with_eggs().await;
    let stranger = shop.anonymous();
    for (path, status) in [
        ("/api/nothing", 404),
        ("/api/products/none/reviews", 404),
        ("/api/health/live", 405),
        ("/api/products", 401),
    ] {
        post(&stranger, path, &a_review(json!({})), "k")
            .await
            .expect_problem(status);
    }
    shop.database.execute(
        "DO $$ BEGIN IF EXISTS (SELECT FROM idempotency_keys) THEN RAISE 'something is kept'; END IF; END $$",
    );
}
