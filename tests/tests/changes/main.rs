//! The log of changes: `/api/changes`.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod writes;

use std::time::{Duration, Instant};

use eggypro_tests::{PRICED, TestShop, User};
use serde_json::{Value, json};

const EGGS: &str = "/api/products/eggs";

async fn changes(user: &User, filter: &str) -> Vec<Value> {
    let page = user.get(&format!("/api/changes?limit=100&{filter}")).await;
    page.expect(200).json()["data"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_price_changed_by_hand_is_shown_and_recorded_at_once() {
    let shop = TestShop::start().await;
    let url = shop.database.address();
    let other = TestShop::start_with(|settings| settings.database.url = url).await;
    shop.create_priced(1).await;
    for server in [&shop, &other] {
        assert_eq!(server.price().await, 1.0);
    }
    shop.database.execute("UPDATE products SET price = 2");
    let deadline = Instant::now() + Duration::from_millis(100);
    for server in [&shop, &other] {
        while server.price().await != 2.0 {
            assert!(Instant::now() < deadline, "not within 100 ms");
        }
    }
    let product = shop.anonymous().get(PRICED).await.json();
    assert_eq!(product["version"], 2);
    let change = &changes(&shop.admin(), "actor=database").await[0];
    assert_eq!(change["diff"], json!({ "price": [1.0, 2.0] }));
    assert_eq!(
        (&change["resource"], &change["resource_id"], &change["slug"]),
        (
            &json!("product"),
            &product["id"],
            &json!("eggypro-vanilla-1kg")
        )
    );
    assert!(change["actor"]["id"].is_string(), "{change}");
}

#[tokio::test]
async fn changes_need_a_permission_and_come_in_pages() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    shop.create_product(json!({ "name": "Eggs", "price": 1 }))
        .await;
    for price in 2..6 {
        admin
            .patch(EGGS, &json!({ "price": price }))
            .await
            .expect(200);
    }
    shop.create_category("Bars").await;
    for path in ["/api/changes", "/api/events"] {
        shop.anonymous().get(path).await.expect_problem(401);
    }
    let mut path = "/api/changes?limit=2&resource=product".to_owned();
    let mut prices = vec![];
    loop {
        let answer = admin.get(&path).await.expect(200);
        let page = answer.json();
        assert_eq!(page["pagination"]["total"], 5);
        prices.extend(
            page["data"]
                .as_array()
                .unwrap()
                .iter()
                .map(|change| change["diff"]["price"][1].as_f64().unwrap()),
        );
        let Some(cursor) = page["pagination"]["next_cursor"].as_str() else {
            break;
        };
        path = format!("/api/changes?limit=2&resource=product&cursor={cursor}");
        assert_eq!(answer.header("link"), format!("<{path}>; rel=\"next\""));
    }
    assert_eq!(prices, [5.0, 4.0, 3.0, 2.0, 1.0]);
    assert_eq!(changes(&admin, "slug=bars").await.len(), 1);
    assert_eq!(changes(&admin, "until=2026-01-01T00:00:00Z").await.len(), 0);
    assert_eq!(
        changes(&admin, "since=2026-01-01T00:00:00Z&actor=admin")
            .await
            .len(),
        6
    );
    for broken in [
        "resource=order",
        "since=yesterday",
        "cursor=x",
        "actor=%00",
        "limit=0",
        "offset=1",
    ] {
        let answer = admin.get(&format!("/api/changes?{broken}")).await;
        assert!(
            matches!(answer.status, 400 | 422),
            "{broken}: {}",
            answer.status
        );
    }
}
