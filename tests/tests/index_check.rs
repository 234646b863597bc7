//! The check for differences between the catalogue index and PostgreSQL.

use eggypro_tests::TestShop;
use serde_json::json;

#[tokio::test]
async fn differences_are_reported_and_repaired() {
    let shop = TestShop::start().await;
    let mut ids = vec![];
    for (name, price) in [("One", 1), ("Two", 2), ("Three", 3)] {
        let product = json!({ "name": name, "price": price });
        let made = shop.create_product(product).await;
        ids.push(made["id"].as_i64().unwrap());
    }
    let check = async || {
        let checked = shop.admin().post("/api/search/check", &json!({})).await;
        checked.expect(200).json()
    };
    let nothing = json!({ "products": 3, "mismatches": 0, "data": [] });
    assert_eq!(check().await, nothing);
    let cheapest = async || {
        let list = shop.anonymous().get("/api/products?sort=price-asc").await;
        list.expect(200).names()
    };
    assert_eq!(cheapest().await, ["One", "Two", "Three"]);

    // Without triggers, changes are not reported.
    let silently = "SET session_replication_role = replica";
    shop.database.execute(&format!(
        "{silently}; UPDATE products SET price = 0.5 WHERE slug = 'three'; \
         DELETE FROM products WHERE slug = 'two'; \
         INSERT INTO products (name, slug, description, details, price, ingredients) \
         VALUES ('Four', 'four', 'd', 'd', 4, '{{Egg}}')"
    ));
    let found = check().await;
    assert_eq!(
        (&found["products"], &found["mismatches"]),
        (&json!(3), &json!(3))
    );
    let mismatch = |id: i64, kind: &str| json!({ "product_id": id, "kind": kind });
    let data = found["data"].as_array().unwrap();
    let made = data[1]["product_id"].as_i64().unwrap();
    assert!(made > ids[2]);
    assert_eq!(
        data[..],
        [
            mismatch(ids[2], "different"),
            mismatch(made, "missing"),
            mismatch(ids[1], "surplus")
        ]
    );
    assert_eq!(cheapest().await, ["Three", "One", "Four"]);
    let list = shop.anonymous().get("/api/products?sort=price-asc").await;
    assert_eq!(list.json()["data"][0]["price"], 0.5);
    assert_eq!(check().await, nothing);
}
