//! Every write is recorded.

use eggypro_tests::{
    Answer, IMAGES, REVIEWS, Receiver, a_category, a_photo, a_product, a_review, form,
};

use super::*;

/// Every writing operation of the OpenAPI document, with the resource and action that it must record in the log of
/// changes. In this order, each operation finds the resources that it needs.
const WRITES: [(&str, &str); 35] = [
    // The first, so that it has deliveries of what follows.
    ("createWebhook", "webhook created"),
    ("createCategory", "category created"),
    ("replaceCategory", "category updated"),
    ("createProduct", "product created"),
    ("replaceProduct", "product updated"),
    ("patchProduct", "product updated"),
    ("writeProducts", "product updated"),
    ("makeMovement", "product updated"),
    ("makeMovements", "product updated"),
    ("createReservation", "product updated"),
    ("releaseReservation", "product updated"),
    ("createReview", "review created"),
    ("verifyReview", "review updated"),
    ("decideReviews", "review updated"),
    ("deleteReview", "review deleted"),
    ("uploadImages", "image created"),
    ("uploadProductImages", "image created"),
    ("deleteImage", "image deleted"),
    ("deleteProduct", "product updated"),
    ("deleteCategory", "category deleted"),
    ("replaceSynonyms", "synonyms updated"),
    ("endSession", "session deleted"),
    ("createKey", "key created"),
    ("rotateKey", "key created"),
    ("revokeKey", "key updated"),
    // Operations that record nothing.
    ("confirmReservation", ""),
    ("beginSession", ""),
    ("checkIndex", ""),
    // Its rows are written later, and each is recorded then.
    ("importProducts", ""),
    ("cancelImport", ""),
    ("testWebhook", ""),
    ("retryDelivery", ""),
    // The last, since those before need it.
    ("patchWebhook", "webhook updated"),
    ("rotateWebhookSecret", "webhook updated"),
    ("deleteWebhook", "webhook deleted"),
];

/// The ids of all writing operations.
fn operations(document: &Value) -> Vec<String> {
    let paths = document["paths"].as_object().unwrap().values();
    let methods = paths.flat_map(|item| item.as_object().unwrap());
    let writing = methods.filter(|(method, _)| method.as_str() != "get");
    let ids = writing.filter_map(|(_, operation)| operation["operationId"].as_str());
    ids.map(str::to_owned).collect()
}

/// The changes recorded under a request id, as `resource action`.
async fn recorded(user: &User, id: &str) -> Vec<String> {
    let changes = changes(user, "").await;
    let mine = changes.iter().filter(|change| change["request_id"] == id);
    mine.map(|change| {
        let actor = change["actor"]["kind"].as_str().unwrap();
        let expected = if id == "createReview" {
            "customer"
        } else {
            "admin"
        };
        assert_eq!(actor, expected, "{change}");
        format!(
            "{} {}",
            change["resource"].as_str().unwrap(),
            change["action"].as_str().unwrap()
        )
    })
    .collect()
}

#[tokio::test]
async fn every_write_is_recorded_with_actor_and_request() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    let known = operations(&shop.anonymous().get("/api/openapi.json").await.json());
    for id in &known {
        assert!(
            WRITES.iter().any(|(name, _)| name == id),
            "nobody tried {id}"
        );
    }
    let receiver = Receiver::start().await;
    let (mut image, mut key, mut reservation) = (String::new(), String::new(), String::new());
    let mut webhook = String::new();
    for (id, expected) in WRITES.iter() {
        assert!(known.iter().any(|name| name == id), "there is no {id}");
        let request =
            |method: &str, path: &str| admin.request(method, path).header("X-Request-Id", *id);
        let bars = "/api/categories/bars";
        let sent = match *id {
            "createCategory" => request("POST", "/api/categories").json(&a_category("Bars")),
            "replaceCategory" => {
                request("PUT", bars).json(&json!({ "name": "Protein bars", "slug": "bars" }))
            }
            "replaceSynonyms" => request("PUT", "/api/search/synonyms")
                .json(&json!({ "groups": [["cocoa", "cacao"]] })),
            "checkIndex" => request("POST", "/api/search/check"),
            "importProducts" => request("POST", "/api/imports?dry_run=true").body("sku\nnone\n"),
            "cancelImport" => request("DELETE", shop.import_elsewhere()),
            "createProduct" => request("POST", "/api/products").json(&a_product(
                json!({ "name": "Eggs", "categories": ["bars"] }),
            )),
            "replaceProduct" => {
                request("PUT", EGGS).json(&a_product(json!({ "name": "Eggs", "price": 2 })))
            }
            "patchProduct" => request("PATCH", EGGS).json(&json!({ "price": 3 })),
            "writeProducts" => request("POST", "/api/products/bulk").json(
                &json!({ "operations": [{ "action": "patch", "slug": "eggs", "body": { "price": 4 } }] }),
            ),
            "makeMovement" => request("POST", &format!("{EGGS}/stock"))
                .json(&json!({ "change": 9, "reason": "delivery" })),
            "makeMovements" => request("POST", "/api/stock").json(
                &json!({ "reason": "sale", "lines": [{ "slug": "eggs", "change": -1 }] }),
            ),
            "createReservation" => request("POST", "/api/reservations").json(
                &json!({ "reference": "order", "lines": [{ "slug": "eggs", "quantity": 1 }] }),
            ),
            "releaseReservation" => request("POST", &format!("{reservation}/release")),
            "confirmReservation" => {
                shop.create_product(json!({ "name": "Bar", "stock_quantity": 1 })).await;
                let lines = json!([{ "slug": "bar", "quantity": 1 }]);
                let body = json!({ "reference": "order", "lines": lines });
                let held = admin.post("/api/reservations", &body).await.expect(201);
                request("POST", &format!("{}/confirm", held.header("location")))
            }
            "createReview" => {
                let request = shop.anonymous().request("POST", REVIEWS);
                request
                    .header("X-Request-Id", *id)
                    .json(&a_review(json!({})))
            }
            "verifyReview" => {
                request("PATCH", "/api/reviews/1").json(&json!({ "is_verified": true }))
            }
            "decideReviews" => request("POST", "/api/reviews/bulk")
                .json(&json!({ "ids": [1], "decision": "unverify" })),
            "deleteReview" => request("DELETE", "/api/reviews/1"),
            "uploadImages" => request("POST", "/api/images").multipart(form([a_photo()])),
            "uploadProductImages" => request("POST", IMAGES).multipart(form([a_photo()])),
            "deleteImage" => request("DELETE", &format!("/api/images/{image}")),
            "deleteProduct" => request("DELETE", EGGS),
            "deleteCategory" => request("DELETE", bars),
            "createKey" => {
                request("POST", "/api/keys").json(&json!({ "name": "A", "permissions": [] }))
            }
            "rotateKey" => request("POST", &format!("/api/keys/{key}/rotate")).json(&json!({})),
            "revokeKey" => request("DELETE", &format!("/api/keys/{key}")),
            "createWebhook" => request("POST", "/api/webhooks")
                .json(&json!({ "url": receiver.url(), "types": ["*"] })),
            "patchWebhook" => request("PATCH", &webhook).json(&json!({ "types": ["product.*"] })),
            "rotateWebhookSecret" => request("POST", &format!("{webhook}/secret")),
            "testWebhook" => request("POST", &format!("{webhook}/test")),
            "retryDelivery" => {
                let delivery = admin.delivery(&webhook, |_| true).await;
                let event = delivery["event"]["id"].as_str().unwrap();
                request("POST", &format!("{webhook}/deliveries/{event}/retry"))
            }
            "deleteWebhook" => request("DELETE", &webhook),
            "beginSession" => request("POST", "/api/auth/admin"),
            "endSession" => {
                let begun = admin
                    .send(admin.request("POST", "/api/auth/admin"))
                    .await
                    .json();
                let session = shop.bearer(begun["token"].as_str().unwrap());
                session
                    .request("DELETE", "/api/auth/admin")
                    .header("X-Request-Id", *id)
            }
            other => panic!("nobody tried {other}"),
        };
        let answer: Answer = admin.send(sent).await;
        assert!(
            answer.status < 300,
            "{id}: {} {}",
            answer.status,
            answer.text()
        );
        if *id == "createReservation" {
            reservation = answer.header("location").to_owned();
        }
        if *id == "createWebhook" {
            webhook = answer.header("location").to_owned();
        }
        if *id == "createKey" {
            key = answer.json()["id"].as_str().unwrap().to_owned();
        }
        if *id == "uploadImages" {
            image = answer.json()["images"][0]["public_id"]
                .as_str()
                .unwrap()
                .to_owned();
        }
        let recorded = recorded(&admin, id).await;
        let is_as_expected = if expected.is_empty() {
            recorded.is_empty()
        } else {
            recorded.iter().any(|row| row == expected)
        };
        assert!(is_as_expected, "{id}: {recorded:?}");
    }
}

#[tokio::test]
async fn a_failed_write_is_not_recorded() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    shop.create_product(json!({ "name": "Eggs", "price": 1 }))
        .await;
    let count = changes(&admin, "").await.len();
    for (method, path, body, status) in [
        (
            "POST",
            "/api/products",
            a_product(json!({ "name": "Eggs" })),
            409,
        ),
        ("PATCH", EGGS, json!({ "price": -1 }), 422),
        ("PATCH", EGGS, json!({ "categories": ["none"] }), 422),
        ("PATCH", "/api/products/none", json!({ "price": 1 }), 404),
        ("PATCH", EGGS, json!({ "price": 1 }), 200),
        ("PATCH", EGGS, json!({}), 200),
    ] {
        let answer = admin.send(admin.request(method, path).json(&body)).await;
        answer.expect(status);
    }
    shop.anonymous()
        .patch(EGGS, &json!({ "price": 9 }))
        .await
        .expect_problem(401);
    let stale = admin.request("PATCH", EGGS).header("If-Match", "\"1-9\"");
    admin
        .send(stale.json(&json!({ "price": 9 })))
        .await
        .expect_problem(412);
    assert_eq!(changes(&admin, "").await.len(), count);
}
