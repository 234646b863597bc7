//! Several writes of products in one request.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use eggypro_tests::{Answer, TestShop, User, a_product};
use serde_json::{Value, json};

const BULK: &str = "/api/products/bulk";

async fn shop() -> TestShop {
    let shop = TestShop::start().await;
    for name in ["Bar", "Cake"] {
        shop.create_product(json!({ "name": name, "stock_quantity": 5 }))
            .await;
    }
    shop
}

async fn send(user: &User, is_atomic: bool, operations: &[Value]) -> Answer {
    let body = json!({ "atomic": is_atomic, "operations": operations });
    user.post(BULK, &body).await
}

/// The status, slug and type of problem of each result.
fn told(answer: &Value) -> Vec<(u64, &str, &str)> {
    let results = answer["results"].as_array().unwrap().iter();
    results
        .map(|result| {
            let problem = result["problem"]["type"].as_str().unwrap_or_default();
            let problem = problem
                .strip_prefix("urn:eggypro:problem:")
                .unwrap_or_default();
            let slug = result["slug"].as_str().unwrap_or_default();
            (result["status"].as_u64().unwrap(), slug, problem)
        })
        .collect()
}

fn every_action(tag: &str) -> Vec<Value> {
    vec![
        json!({ "action": "create", "body": a_product(json!({ "name": "Egg" })) }),
        json!({ "action": "create", "slug": "own", "body": a_product(json!({ "name": "Other" })) }),
        json!({ "action": "patch", "slug": "bar", "if_match": tag, "body": { "price": 1 } }),
        json!({ "action": "replace", "slug": "egg", "body": a_product(json!({ "name": "Egg 2", "stock_quantity": 2 })) }),
        json!({ "action": "stock", "slug": "bar", "body": { "change": -2, "reason": "sale" } }),
        json!({ "action": "deactivate", "slug": "own" }),
        json!({ "action": "remove", "slug": "cake" }),
    ]
}

#[tokio::test]
async fn every_action_has_the_effect_of_its_single_call() {
    let shop = shop().await;
    let admin = shop.admin();
    let tag = admin
        .get("/api/products/bar")
        .await
        .header("etag")
        .to_owned();
    let before = admin.get("/api/changes").await.json()["pagination"]["total"].clone();
    let answer = send(&admin, true, &every_action(&tag))
        .await
        .expect(200)
        .json();
    let expected = [
        (201, "egg", ""),
        (201, "own", ""),
        (200, "bar", ""),
        (200, "egg", ""),
        (201, "bar", ""),
        (204, "own", ""),
        (204, "cake", ""),
    ];
    assert_eq!(told(&answer), expected);
    let egg = admin.get("/api/products/egg").await.expect(200);
    assert_eq!(answer["results"][3]["etag"], egg.header("etag"));
    assert_eq!(
        (&egg.json()["name"], &egg.json()["stock_quantity"]),
        (&json!("Egg 2"), &json!(2))
    );
    let bar = admin.get("/api/products/bar").await.json();
    assert_eq!(
        (&bar["price"], &bar["stock_quantity"]),
        (&json!(1.0), &json!(3))
    );
    assert_eq!(
        admin.get("/api/products/own").await.json()["is_active"],
        false
    );
    admin.get("/api/products/cake").await.expect_problem(404);
    // One change for each product, by one transaction.
    let changes = admin.get("/api/changes").await.json();
    let total = changes["pagination"]["total"].as_u64().unwrap();
    assert_eq!(total, before.as_u64().unwrap() + 4);
    let movements = admin
        .get("/api/products/bar/stock")
        .await
        .expect(200)
        .json();
    assert_eq!(movements["data"][0]["reason"], "sale");
}

#[tokio::test]
async fn a_failure_undoes_all() {
    let shop = shop().await;
    let admin = shop.admin();
    let list = admin.get("/api/products?status=all").await.bytes;
    let mut operations = every_action("\"1-99\"");
    operations.push(
        json!({ "action": "stock", "slug": "bar", "body": { "change": -9, "reason": "sale" } }),
    );
    operations.push(json!({ "action": "patch", "slug": "unknown", "body": {} }));
    let refused = send(&admin, true, &operations)
        .await
        .expect_problem(409)
        .json();
    assert_eq!(refused["type"], "urn:eggypro:problem:operations-failed");
    assert_eq!(
        refused["detail"],
        "3 of 9 operations have failed, so none was made."
    );
    let expected = [
        (424, "egg", ""),
        (424, "own", ""),
        (412, "bar", "precondition-failed"),
        (424, "egg", ""),
        (424, "bar", ""),
        (424, "own", ""),
        (424, "cake", ""),
        (409, "bar", "insufficient-stock"),
        (404, "unknown", "not-found"),
    ];
    assert_eq!(told(&refused), expected);
    let failed = &refused["results"][2]["problem"];
    assert!(failed["current_etag"].is_string() && failed["request_id"].is_null());
    assert_eq!(admin.get("/api/products?status=all").await.bytes, list);

    // If some are invalid, the failures of the others are found as well.
    let operations = [
        json!({ "action": "patch", "slug": "bar", "body": { "price": -1, "x": 1 } }),
        json!({ "action": "patch", "slug": "unknown", "body": {} }),
        json!({ "action": "create", "body": a_product(json!({ "name": "!" })) }),
        json!({ "action": "sell", "slug": "A", "x": 1 }),
        json!({ "action": "remove", "body": {}, "if_match": "7-4" }),
        json!([]),
    ];
    let refused = send(&admin, true, &operations)
        .await
        .expect_problem(409)
        .json();
    let errors: Vec<Vec<&str>> = refused["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|result| {
            let errors = result["problem"]["errors"].as_array().into_iter().flatten();
            errors
                .map(|error| error["field"].as_str().unwrap())
                .collect()
        })
        .collect();
    let expected: [&[&str]; 6] = [
        &["price", "x"],
        &[],
        &["name"],
        &["action", "slug", "x"],
        &["slug", "if_match", "body"],
        &[],
    ];
    assert_eq!(errors, expected);
    let statuses: Vec<_> = told(&refused).iter().map(|(status, ..)| *status).collect();
    assert_eq!(statuses, [422, 404, 422, 422, 422, 422]);
    let operations = [
        json!({ "action": "patch", "slug": "bar", "body": { "price": 1 } }),
        json!({ "action": "stock", "slug": "bar", "if_match": "\"1-1\"", "body": { "change": -1, "reason": "sale" } }),
        json!({ "action": "create", "slug": "one", "body": a_product(json!({ "slug": "other" })) }),
        json!({ "action": "patch", "slug": "bar", "if_match": "W/\"1-1\"", "body": {} }),
    ];
    let refused = send(&admin, true, &operations)
        .await
        .expect_problem(422)
        .json();
    let statuses: Vec<_> = told(&refused).iter().map(|(status, ..)| *status).collect();
    assert_eq!(statuses, [424, 422, 422, 422]);
    assert_eq!(admin.get("/api/products?status=all").await.bytes, list);
}

#[tokio::test]
async fn operations_can_stand_for_themselves() {
    let shop = shop().await;
    let operations = [
        json!({ "action": "create", "body": a_product(json!({ "name": "Bar" })) }),
        json!({ "action": "patch", "slug": "bar", "body": { "price": 0 } }),
        json!({ "action": "patch", "slug": "bar", "body": { "price": 1 } }),
        json!({ "action": "patch", "slug": "bar", "body": { "categories": ["unknown"] } }),
        json!({ "action": "remove", "slug": "cake" }),
    ];
    let made = json!({ "name": "Editor", "permissions": ["products:write"] });
    let made = shop.admin().post("/api/keys", &made).await.json();
    let editor = shop.bearer(made["secret"].as_str().unwrap());
    let answer = send(&editor, false, &operations).await.expect(200).json();
    let expected = [
        (409, "bar", "slug-taken"),
        (422, "bar", "validation-failed"),
        (200, "bar", ""),
        (422, "bar", "validation-failed"),
        (403, "cake", "forbidden"),
    ];
    assert_eq!(told(&answer), expected);
    assert_eq!(
        shop.anonymous().get("/api/products/bar").await.json()["price"],
        1.0
    );

    let refused = send(&editor, true, &operations[2..])
        .await
        .expect_problem(403)
        .json();
    assert_eq!(refused["required_permission"], "products:delete");
    send(&shop.anonymous(), true, &operations)
        .await
        .expect_problem(401);
    let made = json!({ "name": "Front end", "permissions": [] });
    let made = shop.admin().post("/api/keys", &made).await.json();
    let front_end = shop.bearer(made["secret"].as_str().unwrap());
    send(&front_end, false, &operations)
        .await
        .expect_problem(403);
}

#[tokio::test]
async fn bulks_have_limits() {
    let shop = shop().await;
    let admin = shop.admin();
    let patch = json!({ "action": "patch", "slug": "bar", "body": { "stock_quantity": 1 } });
    let many = vec![patch.clone(); 501];
    for (body, error) in [
        (
            json!({ "operations": [] }),
            "operations: At least one operation is required",
        ),
        (
            json!({ "operations": many }),
            "operations: At most 500 operations are allowed",
        ),
        (
            json!({ "operations": {} }),
            "operations: Operations must be a list",
        ),
        (json!({}), "operations: Operations is required"),
        (
            json!({ "atomic": 1, "operations": [patch] }),
            "atomic: Atomic must be true or false",
        ),
    ] {
        let refused = admin.post(BULK, &body).await.expect_problem(422);
        assert_eq!(refused.errors(), [error]);
    }
    // More than a single write may have, and more than a bulk may.
    let text = "x".repeat(10_000);
    let large = |operations: usize| -> Vec<Value> {
        let body = json!({ "description": text });
        vec![json!({ "action": "patch", "slug": "bar", "body": body }); operations]
    };
    let body = json!({ "operations": large(400) });
    let request = || {
        admin
            .request("POST", BULK)
            .json(&body)
            .header("Idempotency-Key", "large")
    };
    let first = admin.send(request()).await.expect(200);
    let again = admin.send(request()).await.expect(200);
    assert_eq!(
        (first.bytes, again.header("idempotent-replayed")),
        (again.bytes.clone(), "true")
    );
    let larger = json!({ "operations": large(400), "x": "y".repeat(2_000_000) });
    admin.post(BULK, &larger).await.expect_problem(413);
    // Reads of the address are those of a product.
    shop.create_product(json!({ "name": "Bulk" })).await;
    assert_eq!(admin.get(BULK).await.expect(200).json()["slug"], "bulk");
}

#[tokio::test]
async fn many_patches_are_one_notification_and_one_answer() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    let create: Vec<_> = (0..500)
        .map(|number| json!({ "action": "create", "body": a_product(json!({ "name": format!("Bar {number}") })) }))
        .collect();
    send(&admin, true, &create).await.expect(200);
    let patch: Vec<_> = (0..500)
        .map(|number| json!({ "action": "patch", "slug": format!("bar-{number}"), "body": { "price": 1 } }))
        .collect();
    let body = json!({ "operations": patch });
    let request = || {
        admin
            .request("POST", BULK)
            .json(&body)
            .header("Idempotency-Key", "k")
    };
    let first = admin.send(request()).await.expect(200);
    let again = admin.send(request()).await.expect(200);
    assert_eq!(
        (first.bytes, again.header("idempotent-replayed")),
        (again.bytes.clone(), "true")
    );
    shop.database.execute(
        "DO $$ BEGIN IF (SELECT count(DISTINCT transaction_id) FROM changes WHERE action = 'updated') <> 1 \
         OR (SELECT count(*) FROM changes WHERE action = 'updated') <> 500 THEN RAISE 'several transactions'; END IF; END $$",
    );
    let found = admin.get("/api/products?maxPrice=1&limit=1").await.json();
    assert_eq!(found["pagination"]["total"], 500);
}

#[tokio::test(flavor = "multi_thread")]
async fn bulks_in_opposite_orders_do_not_wait_for_each_other() {
    let shop = shop().await;
    let (one, other) = (shop.admin(), shop.admin());
    for round in 0..10 {
        // Both want the same numbers and groups, one of them from the last to the first.
        let create = |who: &str, number: i32| {
            let body = a_product(json!({
                "name": format!("{who} {round} {number}"), "sku": format!("R{round}-{number}"),
                "group": format!("g-{round}-{number}"), "options": { "By": who }
            }));
            json!({ "action": "create", "body": body })
        };
        let forwards: Vec<Value> = (0..40).map(|number| create("one", number)).collect();
        let mut backwards: Vec<Value> = (0..40).map(|number| create("other", number)).collect();
        backwards.reverse();
        let (first, second) =
            tokio::join!(send(&one, true, &forwards), send(&other, true, &backwards));
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "{}", first.text());
    }
}
