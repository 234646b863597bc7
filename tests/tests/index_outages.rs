//! Lists become equal to the database, whatever happens to the change listener's connection.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use eggypro_persistence::testing::TestDatabase;
use eggypro_tests::{NetworkState, Proxy, TestShop};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;

#[derive(QueryableByName)]
struct Slug {
    #[diesel(sql_type = Text)]
    slug: String,
}

/// The slugs of a category by price, read from PostgreSQL.
fn expected(database: &TestDatabase, category: &str) -> Vec<String> {
    let query = format!(
        "SELECT p.slug::text FROM products p JOIN product_categories ON product_id = p.id \
         JOIN categories c ON c.id = category_id AND c.is_active AND c.slug = '{category}' \
         WHERE p.is_active ORDER BY p.price, p.id"
    );
    let rows: Vec<Slug> = sql_query(query).load(&mut database.connect()).unwrap();
    rows.into_iter().map(|row| row.slug).collect()
}

/// The slugs of a category by price, listed by a shop; `None` while the shop answers 503, as it knows that its index is
/// outdated. A new `number` each time makes sure that the answer does not come from the cache.
async fn listed(shop: &TestShop, category: &str, number: u32) -> Option<Vec<String>> {
    let path = format!(
        "/api/products?category={category}&sort=price-asc&limit=100&maxPrice={}&fields=slug",
        100_000 + number
    );
    let answer = shop.anonymous().get(&path).await;
    if answer.status == 503 {
        return None;
    }
    let page = answer.expect(200).json();
    let slugs = page["data"].as_array().unwrap().iter();
    let slugs = slugs.map(|product| product["slug"].as_str().unwrap().to_owned());
    Some(slugs.collect())
}

/// A change by hand in the database, or a network state for the change listener.
fn step() -> impl Strategy<Value = Result<String, NetworkState>> {
    let numbered =
        |sql: &'static str| (0..20_u32).prop_map(move |n| sql.replace("#", &n.to_string()));
    let hand = prop_oneof![
        numbered("UPDATE products SET price = 1 + # WHERE slug = 'p-#'"),
        numbered("DELETE FROM products WHERE slug = 'p-#'"),
        numbered(
            "WITH made AS (INSERT INTO products (name, slug, description, details, price, ingredients) \
             VALUES ('P', 'p-#', 'd', 'd', 40 - #, '{Egg}') ON CONFLICT DO NOTHING RETURNING id) \
             INSERT INTO product_categories SELECT made.id, c.id FROM made, categories c WHERE c.slug LIKE 'bars%'"
        ),
        numbered("UPDATE products SET is_active = NOT is_active WHERE slug = 'p-#'"),
        numbered("DELETE FROM product_categories USING products p WHERE p.id = product_id AND slug = 'p-#'"),
        numbered("UPDATE categories SET name = 'Bars #' WHERE slug LIKE 'bars%'"),
        Just("UPDATE categories SET slug = CASE slug WHEN 'bars' THEN 'bars-2' ELSE 'bars' END WHERE slug LIKE 'bars%'".to_owned()),
    ];
    let weather = select(vec![
        NetworkState::Cut,
        NetworkState::Cut,
        NetworkState::Fair,
        NetworkState::Fair,
        NetworkState::Frozen,
    ]);
    prop_oneof![4 => hand.prop_map(Ok), 1 => weather.prop_map(Err)]
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_become_equal_to_the_database() {
    let database = TestDatabase::migrated();
    let proxy = Proxy::before(&database).await;
    let listen_url = proxy.address();
    let shop =
        TestShop::start_on(database, |settings| settings.listen_url = Some(listen_url)).await;
    shop.create_category("Bars").await;
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    let mut number = 0;
    for _ in 0..6 {
        let steps = prop::collection::vec(step(), 40)
            .new_tree(&mut runner)
            .unwrap()
            .current();
        for step in &steps {
            match step {
                Ok(sql) => shop.database.execute(sql),
                Err(weather) => proxy.set(*weather),
            }
            if number % 7 == 0 {
                listed(&shop, "bars", number).await;
            }
            number += 1;
        }
        // The cut also closes frozen connections. When the last product is listed, the shop receives changes again.
        proxy.set(NetworkState::Cut);
        proxy.set(NetworkState::Fair);
        let slug = format!("last-{number}");
        shop.database.execute(&format!(
            "WITH made AS (INSERT INTO products (name, slug, description, details, price, ingredients) \
             VALUES ('Last', '{slug}', 'd', 'd', 50, '{{Egg}}') RETURNING id) \
             INSERT INTO product_categories SELECT made.id, c.id FROM made, categories c WHERE c.slug LIKE 'bars%'"
        ));
        let started = Instant::now();
        for category in ["bars", "bars-2"] {
            let expected = expected(&shop.database, category);
            loop {
                number += 1;
                let listed = listed(&shop, category, number).await;
                if listed.as_ref() == Some(&expected) {
                    break;
                }
                let waited = started.elapsed();
                assert!(
                    waited < Duration::from_secs(20),
                    "{listed:?} is not {expected:?} after {steps:?}"
                );
            }
        }
        let checked = shop.admin().post("/api/search/check", &json!({})).await;
        assert_eq!(checked.expect(200).json()["mismatches"], 0, "{steps:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_backup_is_listed() {
    let database = TestDatabase::migrated();
    let proxy = Proxy::before(&database).await;
    let listen_url = proxy.address();
    let shop =
        TestShop::start_on(database, |settings| settings.listen_url = Some(listen_url)).await;
    shop.create_category("Bars").await;
    for (name, price) in [("One", 1), ("Two", 2), ("Three", 3)] {
        let product = json!({ "name": name, "price": price, "categories": ["bars"] });
        shop.create_product(product).await;
    }
    let execute = |sql: &str| shop.database.execute(sql);
    execute(
        "CREATE TABLE backup AS SELECT * FROM products; CREATE TABLE links AS SELECT * FROM product_categories",
    );
    let price = json!({ "price": 10 });
    shop.admin()
        .patch("/api/products/one", &price)
        .await
        .expect(200);
    shop.admin()
        .delete("/api/products/two?permanent=true")
        .await
        .expect(204);
    assert_eq!(listed(&shop, "bars", 1).await.unwrap(), ["three", "one"]);

    // Like a restore, this notifies nobody, resets versions and times, and starts another log of changes.
    proxy.set(NetworkState::Cut);
    execute(
        "SET session_replication_role = replica; DELETE FROM product_categories; DELETE FROM products; \
         INSERT INTO products SELECT * FROM backup; INSERT INTO product_categories SELECT * FROM links; \
         UPDATE change_log SET identity = 'of the backup'",
    );
    // The new version has the same number as one in the index, but another price.
    execute("UPDATE products SET price = 0.5 WHERE slug = 'three'");
    execute("UPDATE products SET price = 1.5 WHERE slug = 'one'");
    proxy.set(NetworkState::Fair);
    let started = Instant::now();
    let mut number = 2;
    let restored = ["three", "one", "two"].map(String::from).to_vec();
    while listed(&shop, "bars", number).await.as_ref() != Some(&restored) {
        number += 1;
        assert!(started.elapsed() < Duration::from_secs(10));
    }
    let one = shop
        .anonymous()
        .get("/api/products/one")
        .await
        .expect(200)
        .json();
    assert_eq!((&one["price"], &one["version"]), (&json!(1.5), &json!(2)));
}
