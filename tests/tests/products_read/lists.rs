//! Lists of products.

use eggypro_tests::TestShop;
use serde_json::{Value, json};

#[tokio::test]
async fn a_page_shows_products_and_pagination() {
    let shop = TestShop::start().await;
    for name in ["A", "B", "C"] {
        shop.create_product(json!({ "name": name })).await;
    }
    let page = shop
        .anonymous()
        .get("/api/products?limit=2")
        .await
        .expect(200);
    assert_eq!(page.names(), ["A", "B"]);
    let json = page.json();
    assert_eq!(
        json["data"][0]["rating"],
        json!({ "average": null, "count": 0 })
    );
    let pagination = &json["pagination"];
    assert_eq!(
        (&pagination["total"], &pagination["total_precision"]),
        (&json!(3), &json!("exact"))
    );
    assert_eq!(
        (&pagination["limit"], &pagination["offset"]),
        (&json!(2), &json!(0))
    );
    let cursor = pagination["next_cursor"].as_str().unwrap();
    let next = shop
        .anonymous()
        .get(&format!("/api/products?limit=2&cursor={cursor}"))
        .await
        .expect(200);
    assert_eq!(next.names(), ["C"]);
    assert_eq!(next.json()["pagination"]["next_cursor"], Value::Null);
    let skipped = shop
        .anonymous()
        .get("/api/products?offset=1")
        .await
        .expect(200);
    assert_eq!(skipped.names(), ["B", "C"]);
}

#[tokio::test]
async fn filters_and_sorts_narrow_and_order() {
    let shop = TestShop::start().await;
    shop.create_category("Bars").await;
    shop.create_product(
        json!({ "name": "Alpha", "price": 3, "stock_quantity": 1, "categories": ["bars"] }),
    )
    .await;
    shop.create_product(
        json!({ "name": "Beta", "price": 2, "description": "Crunchy 100% egg_white" }),
    )
    .await;
    shop.create_product(json!({ "name": "Gamma", "price": 1, "stock_quantity": 9 }))
        .await;
    let names = async |query: &str| {
        shop.anonymous()
            .get(&format!("/api/products?{query}"))
            .await
            .expect(200)
            .names()
    };
    assert_eq!(names("sort=name-asc").await, ["Alpha", "Beta", "Gamma"]);
    assert_eq!(names("sort=name-desc").await, ["Gamma", "Beta", "Alpha"]);
    assert_eq!(names("sort=price-asc").await, ["Gamma", "Beta", "Alpha"]);
    assert_eq!(names("sort=price-desc").await, ["Alpha", "Beta", "Gamma"]);
    assert_eq!(names("sort=newest").await, ["Gamma", "Beta", "Alpha"]);
    assert_eq!(names("sort=rating-desc").await.len(), 3);
    assert_eq!(names("category=bars").await, ["Alpha"]);
    assert!(names("category=nothing").await.is_empty());
    assert_eq!(names("inStock=true").await, ["Alpha", "Gamma"]);
    assert_eq!(names("inStock=false").await, ["Alpha", "Beta", "Gamma"]);
    assert_eq!(names("minPrice=1.5&maxPrice=2").await, ["Beta"]);
    assert_eq!(names("search=CRUNCHY").await, ["Beta"]);
    assert_eq!(names("search=100%25").await, ["Beta"]);
    assert_eq!(names("search=egg_").await, ["Beta"]);
    assert!(names("search=%25%25").await.is_empty());
    assert_eq!(names("search=").await.len(), 3);
}
