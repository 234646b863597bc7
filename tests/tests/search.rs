//! Searches, suggestions and facets, as anybody sees them.

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
        json!({ "data": [{ "name": "Vanilla Protein", "slug": "vanilla-protein" }] })
    );
}

#[tokio::test]
async fn accents_make_no_difference_and_are_marked() {
    let shop = TestShop::start().await;
    shop.create_product(json!({ "name": "Creme Brulee Powder", "description": "Like a crème brûlée, with jalapeño." })).await;
    for (text, description) in [
        ("creme", "Like a <mark>crème</mark> brûlée, with jalapeño."),
        ("CRÈME", "Like a <mark>crème</mark> brûlée, with jalapeño."),
        (
            "jalapeno",
            "Like a crème brûlée, with <mark>jalapeño</mark>.",
        ),
    ] {
        let found = shop
            .anonymous()
            .get_with("/api/products/search", &[("q", text)])
            .await
            .expect(200);
        assert_eq!(
            found.json()["data"][0]["highlight"]["description"],
            description,
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_search_that_finds_little_looks_for_what_may_be_meant() {
    let shop = TestShop::start().await;
    for name in ["Vanila Misprint", "Vanilla One", "Vanilla Two", "Lemon Bar"] {
        shop.create_product(
            json!({ "name": name, "ingredients": ["Egg"], "description": "Eggs." }),
        )
        .await;
    }
    let names = async |text: &str| {
        shop.anonymous()
            .get_with("/api/products/search", &[("q", text)])
            .await
            .expect(200)
            .names()
    };
    // What has the word as it was typed comes first.
    assert_eq!(
        names("vanila").await,
        ["Vanila Misprint", "Vanilla One", "Vanilla Two"]
    );
    // Where nothing has all words, any of them will do.
    assert_eq!(names("lemon xyzzy").await, ["Lemon Bar"]);
    let suggested = shop
        .anonymous()
        .get("/api/products/suggest?q=lemmon")
        .await
        .expect(200);
    assert_eq!(suggested.json()["data"][0]["name"], "Lemon Bar");
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

#[tokio::test]
async fn facets_count_the_whole_list() {
    let shop = TestShop::start().await;
    shop.create_category("Bars").await;
    let fields =
        json!({ "name": "Small Bar", "price": 4.99, "stock_quantity": 0, "categories": ["bars"] });
    shop.create_product(fields).await;
    let fields =
        json!({ "name": "Large Bar", "price": 25, "stock_quantity": 2, "categories": ["bars"] });
    shop.create_product(fields).await;
    let user = shop.anonymous();
    let expected = json!({
        "category": [{ "slug": "bars", "name": "Bars", "count": 2 }],
        "price": {
            "min": 4.99,
            "max": 25.0,
            "ranges": [{ "min": 0.0, "max": 4.99, "count": 1 }, { "min": 20.0, "max": 49.99, "count": 1 }],
        },
        "rating": [{ "stars": null, "count": 2 }],
        "stock": { "in_stock": 1, "out_of_stock": 1 },
    });
    for path in [
        "/api/products?limit=1",
        "/api/products/search?q=bar&limit=1",
    ] {
        let answer = user
            .get(&format!("{path}&facets=stock,rating,price,category"))
            .await
            .expect(200);
        assert_eq!(answer.json()["facets"], expected, "{path}");
        let answer = user.get(path).await.expect(200);
        assert_eq!(answer.json().get("facets"), None, "{path}");
    }
    let answer = user
        .get("/api/products?inStock=true&facets=category")
        .await
        .expect(200);
    assert_eq!(
        answer.json()["facets"],
        json!({ "category": [{ "slug": "bars", "name": "Bars", "count": 1 }] })
    );
    for facets in ["", "colour", "stock,", "Stock"] {
        let refused = user
            .get(&format!("/api/products?facets={facets}"))
            .await
            .expect_problem(400);
        assert_eq!(
            refused.errors(),
            ["facets: facets must be some of category, price, rating, stock, comma-separated"]
        );
    }
    // A rating that changes is counted at once.
    let review = json!({ "reviewer_name": "Ada", "rating": 5, "comment": "Good." });
    let review = user
        .post("/api/products/large-bar/reviews", &review)
        .await
        .expect(201)
        .json();
    let path = format!("/api/reviews/{}", review["id"]);
    shop.admin()
        .patch(&path, &json!({ "is_verified": true }))
        .await
        .expect(200);
    let answer = user.get("/api/products?facets=rating").await.expect(200);
    let counted: Value = json!([{ "stars": 5, "count": 1 }, { "stars": null, "count": 1 }]);
    assert_eq!(answer.json()["facets"]["rating"], counted);
}
