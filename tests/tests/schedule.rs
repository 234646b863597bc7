//! Products that are published, unpublished and reordered in time.

use std::time::{Duration, Instant};

use eggypro_tests::{TestShop, a_product};
use serde_json::{Value, json};

const BAR: &str = "/api/products/bar";

#[tokio::test]
async fn the_server_switches_products_in_time() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    let fields =
        json!({ "name": "Bar", "is_active": false, "publish_at": "2999-01-01T01:00:00+01:00" });
    let made = shop.create_product(fields).await;
    assert_eq!(
        (&made["publish_at"], &made["unpublish_at"]),
        (&json!("2999-01-01T00:00:00Z"), &json!(null))
    );
    shop.anonymous().get(BAR).await.expect_problem(404);
    // The time comes.
    shop.database
        .execute("UPDATE products SET publish_at = now(), unpublish_at = '2999-01-01Z'");
    let due = Instant::now();
    while shop.anonymous().get(BAR).await.status != 200 {
        assert!(due.elapsed() < Duration::from_secs(2));
    }
    let product = admin.get(BAR).await.json();
    assert_eq!(
        (&product["publish_at"], &product["is_active"]),
        (&json!(null), &json!(true))
    );
    let changes = admin.get("/api/changes?limit=1").await.json();
    let change = &changes["data"][0];
    assert_eq!(
        (&change["actor"]["kind"], &change["reason"]),
        (&json!("system"), &json!("scheduled"))
    );
    assert_eq!(change["diff"]["is_active"], json!([false, true]));
    assert!(
        change["diff"]["publish_at"][0]
            .as_str()
            .unwrap()
            .ends_with('Z')
    );
    // Once: what is switched back by hand stays so.
    admin
        .patch(BAR, &json!({ "is_active": false }))
        .await
        .expect(200);
    admin
        .patch(BAR, &json!({ "unpublish_at": null, "low_stock_at": 0 }))
        .await
        .expect(200);
    let product = admin.get(BAR).await.json();
    assert_eq!(
        (&product["unpublish_at"], &product["low_stock_at"]),
        (&json!(null), &json!(0))
    );
}

#[tokio::test]
async fn bad_schedules_are_named() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    shop.create_product(json!({ "name": "Bar", "unpublish_at": "2030-01-01T00:00:00Z" }))
        .await;
    let too_early = "unpublish_at: Unpublish at must be after publish at";
    for (body, errors) in [
        (
            json!({ "publish_at": "2030-01-01T00:00:00Z" }),
            vec![too_early],
        ),
        (
            json!({ "publish_at": "2031-01-01T00:00:00Z", "unpublish_at": "2031-01-01T01:00:00+01:00" }),
            vec![too_early],
        ),
        (
            json!({ "publish_at": "tomorrow", "unpublish_at": 7, "low_stock_at": -1 }),
            vec![
                "publish_at: Publish at must be a time as RFC 3339 writes it, such as 2027-01-05T10:00:00Z",
                "unpublish_at: Unpublish at must be a text",
                "low_stock_at: Low stock at must be between 0 and 2147483647",
            ],
        ),
    ] {
        let refused = admin.patch(BAR, &body).await.expect_problem(422);
        assert_eq!(refused.errors(), errors, "{body}");
    }
    let body = a_product(
        json!({ "name": "Egg", "publish_at": "2031-01-01T00:00:00Z", "unpublish_at": "2030-01-01T00:00:00Z" }),
    );
    let refused = admin.post("/api/products", &body).await.expect_problem(422);
    assert_eq!(refused.errors(), [too_early]);
    assert_eq!(admin.get(BAR).await.json()["version"], 1);
}

#[tokio::test]
async fn the_sale_that_makes_stock_low_is_an_event() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    shop.create_product(json!({ "name": "Bar", "stock_quantity": 5, "low_stock_at": 3 }))
        .await;
    let after = admin.get("/api/events?after=latest").await.json()["next_cursor"].clone();
    for change in [-1, -1, -1, 2, -2] {
        let movement = json!({ "change": change, "reason": "sale" });
        admin
            .post(&format!("{BAR}/stock"), &movement)
            .await
            .expect(201);
    }
    // Crossed and changed otherwise in one transaction.
    let operations = json!([
        { "action": "stock", "slug": "bar", "body": { "change": 2, "reason": "delivery" } },
        { "action": "stock", "slug": "bar", "body": { "change": -2, "reason": "sale" } },
        { "action": "patch", "slug": "bar", "body": { "price": 1 } }
    ]);
    admin
        .post("/api/products/bulk", &json!({ "operations": operations }))
        .await
        .expect(200);
    let after = after.as_str().unwrap();
    let events = admin
        .get(&format!("/api/events?after={after}&limit=100"))
        .await
        .json();
    let types: Vec<_> = events["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["type"].as_str().unwrap())
        .collect();
    let (updated, low, moved) = ("product.updated", "product.low_stock", "stock.moved");
    assert_eq!(
        types,
        [
            updated, moved, updated, low, moved, updated, moved, updated, moved, updated, low,
            moved, updated, low
        ]
    );
}

#[tokio::test]
async fn administrators_find_what_to_order() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    for (name, stock) in [("Enough", 9), ("Low", 2), ("Out", 0)] {
        shop.create_product(json!({ "name": name, "stock_quantity": stock, "low_stock_at": 2 }))
            .await;
    }
    let names = async |query: &str| -> Vec<Value> {
        let page = admin
            .get(&format!("/api/products?{query}"))
            .await
            .expect(200)
            .json();
        page["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|product| product["name"].clone())
            .collect()
    };
    assert_eq!(names("stock=low").await, ["Low"]);
    assert_eq!(names("stock=out").await, ["Out"]);
    assert_eq!(names("stock=low,out&limit=1").await, ["Low"]);
    assert_eq!(
        names("stock=out&stock=low&sort=name-desc").await,
        ["Out", "Low"]
    );
    admin
        .get("/api/products?stock=none")
        .await
        .expect_problem(400);
    shop.anonymous()
        .get("/api/products?stock=low")
        .await
        .expect_problem(401);
    // The product of a sale leaves the list at once.
    admin
        .patch("/api/products/low", &json!({ "stock_quantity": 3 }))
        .await
        .expect(200);
    assert_eq!(names("stock=low").await, Vec::<Value>::new());
}
