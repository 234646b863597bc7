//! A shop with PgBouncer in transaction mode.

use eggypro_persistence::testing::TestDatabase;
use eggypro_persistence::{inspect, passes_notifications};
use eggypro_tests::{Pooler, REVIEWS, TestShop, a_review};
use futures_util::future::join_all;
use serde_json::json;

#[tokio::test]
async fn everything_works_behind_a_pooler() {
    let database = TestDatabase::migrated();
    let (pooler, direct) = (Pooler::before(&database).await, database.address());
    let shop = TestShop::start_on(database, |settings| {
        settings.database.url = pooler.address();
        settings.database.has_sessions = false;
        settings.listen_url = Some(direct);
    });
    let shop = shop.await;
    shop.create_product(json!({ "name": "Eggs" })).await;
    // More concurrent calls than the pooler has connections, so that each statement may run on a different connection.
    let (admin, anonymous) = (shop.admin(), shop.anonymous());
    let everything = async |number: usize| {
        let name = format!("Egg white {number}");
        let product = shop.create_product(json!({ "name": name })).await;
        let path = format!("/api/products/{}", product["slug"].as_str().unwrap());
        let change = json!({ "stock_quantity": number });
        admin.patch(&path, &change).await.expect(200);
        let read = anonymous.get(&path).await.expect(200);
        assert_eq!(
            read.json()["stock_quantity"],
            number,
            "a change is seen at once"
        );
        let send_back = async || {
            let returned = json!({ "change": 2, "reason": "return" });
            let request = admin
                .request("POST", &format!("{path}/stock"))
                .json(&returned);
            let request = request.header("Idempotency-Key", format!("return {number}"));
            admin.send(request).await.expect(201)
        };
        let (first, again) = (send_back().await, send_back().await);
        assert_eq!(
            (first.json(), again.header("idempotent-replayed")),
            (again.json(), "true")
        );
        let review = a_review(json!({ "comment": format!("{number}"), "rating": 4 }));
        let review = anonymous.post(REVIEWS, &review).await.expect(201).json();
        let path = format!("/api/reviews/{}", review["id"]);
        admin
            .patch(&path, &json!({ "is_verified": true }))
            .await
            .expect(200);
        for path in [
            format!("/api/products?maxPrice={number}&facets=category,stock"),
            format!("/api/products/search?q=white+{number}"),
            format!("/api/products/suggest?q=egg+{number}"),
            format!("{REVIEWS}?limit={}", number + 1),
        ] {
            anonymous.get(&path).await.expect(200);
        }
    };
    join_all((0..40).map(everything)).await;
    let eggs = anonymous.get("/api/products/eggs").await.expect(200).json();
    let rating = &eggs["rating"];
    assert_eq!(
        (&rating["average"], &rating["count"]),
        (&json!(4.0), &json!(40))
    );
    anonymous.get("/api/health/ready").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pooler_is_detected() {
    let database = TestDatabase::migrated();
    let running = Pooler::before(&database).await;
    let (pooler, direct) = (running.address(), database.address());
    tokio::task::block_in_place(|| {
        assert!(inspect(&pooler).unwrap().is_pooled);
        assert!(!inspect(&direct).unwrap().is_pooled);
        assert!(passes_notifications(&pooler, &direct).unwrap());
        assert!(!passes_notifications(&direct, &pooler).unwrap());
    });
}
