//! Pages of hits.

use std::time::{Duration, Instant};

use eggypro_persistence::testing::TestDatabase;
use eggypro_tests::TestShop;
use serde_json::json;

#[tokio::test]
async fn pages_of_many_hits_are_consistent() {
    let database = TestDatabase::migrated();
    // Before the start, so that the index is filled with all of them at once.
    database.execute(
        "INSERT INTO products (name, slug, description, details, price, ingredients, rating_counts) \
         SELECT CASE WHEN n = 777 THEN 'Egg' ELSE 'Egg ' || n END, 'egg-' || n, repeat('egg ', n % 7), 'd', 1, '{Salt}', \
         ARRAY[0, 0, 0, n % 5, n % 3] FROM generate_series(1, 10100) n",
    );
    let shop = TestShop::start_on(database, |_| ()).await;
    let user = shop.anonymous();
    let started = Instant::now();
    while user.get("/api/health/ready").await.status != 200 {
        assert!(started.elapsed() < Duration::from_secs(5));
    }
    let page = async |offset: u32, limit: u32| {
        let path = format!("/api/products/search?q=egg&offset={offset}&limit={limit}");
        user.get(&path).await.expect(200)
    };
    let first = page(0, 20).await;
    assert_eq!(first.names()[0], "Egg");
    let pagination = &first.json()["pagination"];
    assert_eq!(pagination["total"], 10_100);
    assert_eq!(pagination["total_precision"], "exact");
    // Offsets up to the last page.
    for start in [240, 490, 9_950] {
        let whole = page(start, 50).await.names();
        let parts = [
            page(start, 10).await.names(),
            page(start + 10, 40).await.names(),
        ]
        .concat();
        assert_eq!((whole.len(), &parts), (50, &whole));
    }
    assert_eq!(page(10_000, 100).await.names().len(), 100);
    let all: std::collections::HashSet<String> = {
        let mut all = std::collections::HashSet::new();
        for start in (0..2_000).step_by(100) {
            all.extend(page(start, 100).await.names());
        }
        all
    };
    assert_eq!(all.len(), 2_000);
    // A change of the stock writes a new row in the database, but does not change the order of hits.
    let sold = page(0, 5).await.names();
    shop.admin()
        .patch("/api/products/egg-777", &json!({ "stock_quantity": 3 }))
        .await
        .expect(200);
    assert_eq!(page(0, 5).await.names(), sold);
}

#[tokio::test]
async fn equal_hits_keep_their_order_from_page_to_page() {
    let shop = TestShop::start().await;
    for number in 0..30 {
        shop.create_product(json!({ "name": format!("Egg bar {number}"), "description": "Eggs." }))
            .await;
    }
    let user = shop.anonymous();
    let all = user
        .get("/api/products/search?q=egg+bar&limit=100")
        .await
        .expect(200)
        .names();
    let mut paged = vec![];
    for offset in (0..30).step_by(7) {
        let page = user
            .get(&format!(
                "/api/products/search?q=egg+bar&limit=7&offset={offset}"
            ))
            .await;
        paged.extend(page.expect(200).names());
    }
    assert_eq!((all.len(), &paged), (30, &all));
}
