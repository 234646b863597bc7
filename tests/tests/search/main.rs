//! Searches and suggestions.

mod codes;
mod highlights;
mod pages;
mod words;

use eggypro_tests::TestShop;
use serde_json::{Value, json};

#[tokio::test]
async fn search_ranks_forgives_and_highlights() {
    let shop = TestShop::start().await;
    shop.create_category("Protein powder").await;
    let fields = json!({ "name": "Vanilla Protein", "description": "Tastes of <b>vanilla</b> & egg.", "categories": ["protein-powder"] });
    shop.create_product(fields).await;
    shop.create_product(json!({ "name": "Cocoa Bar", "description": "With a hint of vanilla.", "stock_quantity": 3 })).await;
    let search = async |text: &str| {
        shop.anonymous()
            .get_with("/api/products/search", &[("q", text)])
            .await
            .expect(200)
    };
    let found = search("vanilla").await;
    assert_eq!(found.names(), ["Vanilla Protein", "Cocoa Bar"]);
    let first = &found.json()["data"][0];
    assert_eq!(first["highlight"]["name"], "<mark>Vanilla</mark> Protein");
    let expected = "Tastes of &lt;b&gt;<mark>vanilla</mark>&lt;/b&gt; &amp; egg.";
    assert_eq!(first["highlight"]["description"], expected);
    assert_eq!(first["price"].to_string(), "39.9");
    assert_eq!(found.json()["pagination"]["total"], 2);
    assert_eq!(found.json()["pagination"]["next_cursor"], Value::Null);
    assert_eq!(search("vanila protien").await.names()[0], "Vanilla Protein");
    assert_eq!(search("powders").await.names(), ["Vanilla Protein"]);
    assert_eq!(search("coc").await.names(), ["Cocoa Bar"]);
    assert!(search("xyzzy").await.names().is_empty());
    let in_stock = shop
        .anonymous()
        .get("/api/products/search?q=vanilla&inStock=true")
        .await
        .expect(200);
    assert_eq!(in_stock.names(), ["Cocoa Bar"]);
    let second = shop
        .anonymous()
        .get("/api/products/search?q=vanilla&limit=1&offset=1")
        .await
        .expect(200);
    assert_eq!(second.names(), ["Cocoa Bar"]);

    let suggested = shop
        .anonymous()
        .get("/api/products/suggest?q=van")
        .await
        .expect(200);
    assert_eq!(
        suggested.json(),
        json!({ "data": [
            { "name": "Vanilla Protein", "title": "Vanilla Protein", "slug": "vanilla-protein", "price": 39.9, "image": null }
        ] })
    );
}

#[tokio::test]
async fn similar_searches_are_cached_separately() {
    let shop = TestShop::start().await;
    shop.create_product(json!({ "name": "Category Mocha" }))
        .await;
    let user = shop.anonymous();
    let has_facets = async |query: &str| {
        let path = format!("/api/products/search?q={query}");
        user.get(&path)
            .await
            .expect(200)
            .json()
            .get("facets")
            .is_some()
    };
    assert!(!has_facets("by+category+mocha").await);
    assert!(has_facets("mocha&facets=category").await);
    assert!(!has_facets("by+category+mocha").await);
    assert!(!has_facets("active+by+category+%22mocha%22").await);
}
