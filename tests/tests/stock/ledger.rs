//! Movements of one product.

use super::*;

#[tokio::test]
async fn a_sale_its_retry_and_its_return() {
    let shop = shop().await;
    let admin = shop.admin();
    let path = format!("{BAR}/stock");
    let sale = json!({ "change": -2, "reason": "sale", "reference": "order-1001" });
    let send = async || {
        let request = admin.request("POST", &path).json(&sale);
        admin
            .send(request.header("Idempotency-Key", "order-1001"))
            .await
            .expect(201)
    };
    let (sold, again) = (send().await, send().await);
    assert_eq!(sold.bytes, again.bytes);
    let mut sold = sold.json();
    assert!(sold["at"].as_str().unwrap().ends_with('Z') && sold["id"].is_number());
    let members = sold.as_object_mut().unwrap();
    members.retain(|name, _| name != "at" && name != "id");
    let expected = json!({
        "slug": "bar", "change": -2, "balance": 3, "reason": "sale", "reference": "order-1001",
        "actor": { "kind": "admin", "id": "admin", "name": null }
    });
    assert_eq!(sold, expected);
    assert_eq!(stock(&admin, BAR).await, 3);
    let sent_back = json!({ "change": 2, "reason": "return" });
    let returned = admin.post(&path, &sent_back).await.expect(201).json();
    assert_eq!(
        (&returned["balance"], &returned["reference"]),
        (&json!(5), &json!(null))
    );
    // A write of the product is a correction, and one that changes nothing is none.
    admin
        .patch(BAR, &json!({ "stock_quantity": 9 }))
        .await
        .expect(200);
    admin
        .patch(BAR, &json!({ "stock_quantity": 9 }))
        .await
        .expect(200);
    let expected = [
        (4, "correction"),
        (2, "return"),
        (-2, "sale"),
        (5, "correction"),
    ];
    let expected = expected.map(|(change, reason)| (change, reason.to_owned()));
    assert_eq!(changes(&admin, BAR).await, expected);
}

#[tokio::test]
async fn stock_is_set_if_it_is_as_expected() {
    let shop = shop().await;
    let (admin, path) = (shop.admin(), format!("{BAR}/stock"));
    let count = json!({ "set": 48, "expected": 50, "reason": "count" });
    let refused = admin.post(&path, &count).await.expect_problem(409).json();
    assert_eq!(
        (kind(&refused), &refused["available"]),
        ("stock-changed", &json!(5))
    );
    let count = json!({ "set": 48, "expected": 5, "reason": "count" });
    let counted = admin.post(&path, &count).await.expect(201).json();
    assert_eq!(
        (&counted["change"], &counted["balance"]),
        (&json!(43), &json!(48))
    );
    let confirmed = json!({ "set": 48, "reason": "count" });
    let counted = admin.post(&path, &confirmed).await.expect(201).json();
    assert_eq!(
        (&counted["change"], &counted["balance"]),
        (&json!(0), &json!(48))
    );
    let version = admin.get(BAR).await.json()["version"].clone();
    assert_eq!(version, 2);
    let sale = json!({ "change": -49, "reason": "sale" });
    let refused = admin.post(&path, &sale).await.expect_problem(409).json();
    assert_eq!(
        (kind(&refused), &refused["available"]),
        ("insufficient-stock", &json!(48))
    );
    assert_eq!(
        refused["shortages"],
        json!([{ "slug": "bar", "available": 48 }])
    );
}

#[tokio::test]
async fn movements_come_page_by_page() {
    let shop = shop().await;
    let (admin, path) = (shop.admin(), format!("{BAR}/stock"));
    for change in 1..=4 {
        let delivery = json!({ "change": change, "reason": "delivery" });
        admin.post(&path, &delivery).await.expect(201);
    }
    let (mut read, mut address) = (vec![], format!("{path}?limit=2"));
    loop {
        let page = admin.get(&address).await.expect(200);
        let body = page.json();
        assert_eq!(body["pagination"]["total"], 5);
        let movements = body["data"].as_array().unwrap();
        read.extend(
            movements
                .iter()
                .map(|movement| movement["change"].as_i64().unwrap()),
        );
        let Some(cursor) = body["pagination"]["next_cursor"].as_str() else {
            assert!(!page.headers.contains_key("link"));
            break;
        };
        assert!(page.header("link").contains(cursor));
        address = format!("{path}?limit=2&cursor={cursor}");
        // New movements don't disturb the pages.
        let delivery = json!({ "change": 9, "reason": "delivery" });
        let other = shop
            .create_product(json!({ "name": format!("Bar {}", read.len()) }))
            .await;
        let other = format!("/api/products/{}", other["slug"].as_str().unwrap());
        admin
            .post(&format!("{other}/stock"), &delivery)
            .await
            .expect(201);
        admin
            .get(&format!("{other}/stock?cursor={cursor}"))
            .await
            .expect_problem(400);
    }
    assert_eq!(read, [4, 3, 2, 1, 5]);
}

#[tokio::test]
async fn bad_movements_are_named() {
    let shop = shop().await;
    let (admin, path) = (shop.admin(), format!("{BAR}/stock"));
    let range = "change: Change must be between -2147483648 and 2147483647, and not 0";
    for (body, errors) in [
        (json!({ "change": 0, "reason": "sale" }), vec![range]),
        (
            json!({ "change": 2_147_483_648_i64, "reason": "sale" }),
            vec![range],
        ),
        (
            json!({ "change": 0.5, "reason": "sale" }),
            vec!["change: Change must be an integer"],
        ),
        (
            json!({ "reason": "sale" }),
            vec!["change: Change or set is required"],
        ),
        (
            json!({ "change": 1, "set": 1, "reason": "sale" }),
            vec!["set: Set can't be given together with change"],
        ),
        (
            json!({ "change": 1, "expected": 1, "reason": "sale" }),
            vec!["expected: Expected goes with set, not with change"],
        ),
        (
            json!({ "set": -1, "expected": -1, "reason": "count" }),
            vec![
                "set: Stock must be between 0 and 2147483647",
                "expected: Stock must be between 0 and 2147483647",
            ],
        ),
        (
            json!({ "change": 1, "reason": "release", "reference": "" }),
            vec![
                "reason: Reason must be one of sale, delivery, return, count, loss, correction",
                "reference: Reference is required",
            ],
        ),
        (
            json!({ "change": 1, "reason": "sale", "reference": "a\nb", "x": 1 }),
            vec![
                "x: Unknown field: x. Known here: change, set, expected, reason, reference.",
                "reference: Reference must not contain control characters",
            ],
        ),
        (
            json!({ "change": 2_147_483_643, "reason": "delivery" }),
            vec!["change: The stock of bar would exceed 2147483647"],
        ),
    ] {
        let refused = admin.post(&path, &body).await.expect_problem(422);
        assert_eq!(refused.errors(), errors, "{body}");
    }
    let sale = json!({ "change": -1, "reason": "sale" });
    admin
        .post("/api/products/unknown/stock", &sale)
        .await
        .expect_problem(404);
    admin
        .get("/api/products/unknown/stock")
        .await
        .expect_problem(404);
    shop.anonymous()
        .post(&path, &sale)
        .await
        .expect_problem(401);
    shop.anonymous().get(&path).await.expect_problem(401);
    assert_eq!(changes(&admin, BAR).await.len(), 1);
}

#[tokio::test]
async fn no_path_changes_stock_without_a_movement() {
    let shop = shop().await;
    let admin = shop.admin();
    shop.database
        .execute("UPDATE products SET stock_quantity = 7");
    let page = admin.get(&format!("{BAR}/stock")).await.expect(200).json();
    let by_hand = &page["data"][0];
    assert_eq!(
        (&by_hand["change"], &by_hand["reason"]),
        (&json!(2), &json!("correction"))
    );
    assert_eq!(by_hand["actor"]["kind"], "database");
    shop.create_product(json!({ "name": "Sold out" })).await;
    for forbidden in [
        "INSERT INTO stock_movements (product_id, change, balance, reason) SELECT id, 1, 1, 'sale' FROM products",
        "UPDATE stock_movements SET change = 1",
        "DELETE FROM stock_movements",
        "TRUNCATE stock_movements",
    ] {
        shop.database.execute(&format!(
            "DO $$ BEGIN {forbidden}; RAISE 'it was allowed'; EXCEPTION WHEN restrict_violation THEN END $$"
        ));
    }
    // Nor while nothing is in stock.
    shop.database
        .execute("UPDATE products SET stock_quantity = 0");
    shop.database.execute(
        "DO $$ BEGIN TRUNCATE stock_movements; RAISE 'it was allowed'; EXCEPTION WHEN restrict_violation THEN END $$",
    );
    // A removed product takes its movements along, and its slug begins anew.
    admin
        .delete(&format!("{BAR}?permanent=true"))
        .await
        .expect(204);
    shop.create_product(json!({ "name": "Bar", "stock_quantity": 1 }))
        .await;
    assert_eq!(changes(&admin, BAR).await, [(1, "correction".to_owned())]);
    shop.database.execute("TRUNCATE products CASCADE");
    shop.database.execute(
        "DO $$ BEGIN IF EXISTS (SELECT FROM stock_movements) THEN RAISE 'movements stay'; END IF; END $$",
    );
}

#[tokio::test]
async fn a_role_with_few_rights_can_not_get_round_the_ledger() {
    let shop = shop().await;
    shop.database.execute(
        "DO $$ BEGIN CREATE ROLE eggypro_clerk; EXCEPTION WHEN duplicate_object THEN END $$; \
         GRANT SELECT, UPDATE ON products TO eggypro_clerk; SET ROLE eggypro_clerk; \
         CREATE TEMPORARY TABLE stock_movements (product_id int, change int, balance int, reason text, reference text); \
         GRANT ALL ON stock_movements TO PUBLIC; UPDATE products SET stock_quantity = 2; \
         DO $$ BEGIN IF EXISTS (SELECT FROM stock_movements) THEN RAISE 'it went astray'; END IF; END $$",
    );
    assert_eq!(
        changes(&shop.admin(), BAR).await,
        [(-3, "correction".to_owned()), (5, "correction".to_owned())]
    );
    shop.database.execute(
        "SET ROLE eggypro_clerk; CREATE TEMPORARY TABLE forged (id int, stock_quantity int); \
         DO $$ BEGIN CREATE TRIGGER forge AFTER UPDATE ON forged FOR EACH ROW EXECUTE FUNCTION log_changed_product(); \
         RAISE 'it was allowed'; EXCEPTION WHEN insufficient_privilege THEN END $$",
    );
}
