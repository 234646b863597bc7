//! Orders of several lines.

use super::*;

#[tokio::test]
async fn an_order_takes_all_or_nothing() {
    let shop = shop().await;
    let admin = shop.admin();
    shop.create_product(json!({ "name": "Cake", "stock_quantity": 1 }))
        .await;
    let lines = json!([{ "slug": "bar", "change": -1 }, { "slug": "cake", "change": -1 }, { "slug": "bar", "change": -2 }]);
    let order = json!({ "reason": "sale", "reference": "order-1", "lines": lines });
    let made = admin.post("/api/stock", &order).await.expect(201).json();
    let made: Vec<_> = made["movements"].as_array().unwrap().iter().collect();
    let of = |made: &Value| {
        (
            made["slug"].clone(),
            made["change"].clone(),
            made["balance"].clone(),
        )
    };
    assert_eq!(made.len(), 2);
    assert_eq!(of(made[0]), (json!("bar"), json!(-3), json!(2)));
    assert_eq!(of(made[1]), (json!("cake"), json!(-1), json!(0)));

    let refused = admin
        .post("/api/stock", &order)
        .await
        .expect_problem(409)
        .json();
    assert_eq!(kind(&refused), "insufficient-stock");
    let shortages = json!([{ "slug": "bar", "available": 2 }, { "slug": "cake", "available": 0 }]);
    assert_eq!(refused["shortages"], shortages);
    assert_eq!(
        (stock(&admin, BAR).await, changes(&admin, BAR).await.len()),
        (2, 2)
    );
}

#[tokio::test]
async fn orders_bulks_reservations_and_sales_do_not_deadlock() {
    const EACH: i64 = 40;
    let shop = TestShop::start().await;
    let admin = shop.admin();
    // Their order by id is not that by slug.
    let products = ["j", "i", "h", "g", "f", "e", "d", "c", "b", "a"];
    for name in products {
        shop.create_product(json!({ "name": name, "stock_quantity": 1000 }))
            .await;
    }
    let sale = json!({ "change": -1, "reason": "sale" });
    let held =
        json!({ "reference": "r", "expires_in": 900, "lines": [{ "slug": "a", "quantity": 1 }] });
    let lines = products.map(|slug| json!({ "slug": slug, "change": -1 }));
    let order = json!({ "reason": "sale", "lines": lines });
    let moves = products.map(|slug| json!({ "action": "stock", "slug": slug, "body": sale }));
    let bulk = json!({ "operations": moves });
    let repeat = async |path: &str, body: &Value, status: u16| {
        for _ in 0..EACH {
            admin.post(path, body).await.expect(status);
        }
    };
    tokio::join!(
        repeat("/api/products/a/stock", &sale, 201),
        repeat("/api/reservations", &held, 201),
        repeat("/api/stock", &order, 201),
        repeat("/api/stock", &order, 201),
        repeat("/api/products/bulk", &bulk, 200),
        repeat("/api/products/bulk", &bulk, 200),
    );
    assert_eq!(stock(&admin, "/api/products/a").await, 1000 - 6 * EACH);
    assert_eq!(stock(&admin, "/api/products/j").await, 1000 - 4 * EACH);
}

#[tokio::test]
async fn bad_lines_are_named() {
    let shop = shop().await;
    let admin = shop.admin();
    let many: Vec<_> = (0..201)
        .map(|_| json!({ "slug": "bar", "change": -1 }))
        .collect();
    let range = "Change must be between -2147483648 and 2147483647, and not 0";
    let high = json!({ "slug": "bar", "change": i32::MAX });
    for (lines, errors) in [
        (
            json!([]),
            vec!["lines: At least one line is required".to_owned()],
        ),
        (
            json!(many),
            vec!["lines: At most 200 lines are allowed".into()],
        ),
        (json!("bar"), vec!["lines: Lines must be a list".into()]),
        (json!(null), vec!["lines: Lines is required".into()]),
        (
            json!([{ "slug": "bar", "change": 0 }, 7, { "slug": "A" }]),
            vec![
                format!("lines[0].change: {range}"),
                "lines[1]: This must be an object".into(),
                "lines[2].slug: Slug must contain only lowercase letters, numbers, and hyphens"
                    .into(),
                "lines[2].change: Change is required".into(),
            ],
        ),
        (
            json!([{ "slug": "y", "change": 1 }, { "slug": "bar", "change": -1 }, { "slug": "x", "change": 1 }]),
            vec![
                "lines[0].slug: Unknown product: y".into(),
                "lines[2].slug: Unknown product: x".into(),
            ],
        ),
        (
            json!([high, high]),
            vec!["change: The stock of bar would exceed 2147483647".into()],
        ),
    ] {
        let order = json!({ "reason": "sale", "lines": lines });
        let refused = admin.post("/api/stock", &order).await.expect_problem(422);
        assert_eq!(refused.errors(), errors, "{order}");
    }
    assert_eq!(changes(&admin, BAR).await.len(), 1);
}
