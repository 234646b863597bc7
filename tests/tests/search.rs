//! Searches and suggestions.

use std::time::{Duration, Instant};

use eggypro_persistence::testing::TestDatabase;
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
            { "name": "Vanilla Protein", "slug": "vanilla-protein", "price": 39.9, "image": null }
        ] })
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
async fn a_search_with_few_hits_corrects_typing_errors() {
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
    // Hits with the word as typed come first.
    assert_eq!(
        names("vanila").await,
        ["Vanila Misprint", "Vanilla One", "Vanilla Two"]
    );
    // If no product has all words, products with any of them are found.
    assert_eq!(names("lemon xyzzy").await, ["Lemon Bar"]);
    let suggested = shop
        .anonymous()
        .get("/api/products/suggest?q=lemmon")
        .await
        .expect(200);
    assert_eq!(suggested.json()["data"][0]["name"], "Lemon Bar");
}

#[tokio::test]
async fn every_prefix_of_a_word_finds_its_product() {
    let shop = TestShop::start().await;
    let names = [
        "Whole White Box 6",
        "Herb Thermos",
        "Onion 7days Kit",
        "Can Holder 600g",
        "Sticks 6x500ml",
    ];
    for name in names {
        let fields = json!({ "name": name, "description": "Bar.", "details": "Bar.", "ingredients": ["Salt"] });
        shop.create_product(fields).await;
    }
    for number in 0..25 {
        shop.create_product(
            json!({ "name": format!("Wall wheel w{number}x"), "description": "w" }),
        )
        .await;
    }
    let user = shop.anonymous();
    for name in names {
        let lower = name.to_lowercase();
        for word in lower.split(' ') {
            for end in 1..=word.len() {
                for path in ["search", "suggest"] {
                    let typed = &word[..end];
                    let limit = if path == "search" { "&limit=100" } else { "" };
                    let path = format!("/api/products/{path}?q={typed}{limit}");
                    let found = user.get(&path).await.expect(200).names();
                    let is_crowded = path.contains("suggest") && found.len() == 8;
                    assert!(
                        is_crowded || found.contains(&name.to_owned()),
                        "{path}: {found:?}"
                    );
                }
            }
        }
    }
    for (text, name) in [
        ("7days kit", "Onion 7days Kit"),
        ("can holder 6", "Can Holder 600g"),
        ("the can", "Can Holder 600g"),
    ] {
        let found = user
            .get_with("/api/products/search", &[("q", text)])
            .await
            .expect(200);
        assert_eq!(found.names()[0], name, "{text}");
    }
}

#[tokio::test]
async fn special_letters_match_their_ascii_spelling() {
    let shop = TestShop::start().await;
    let fields =
        json!({ "name": "Bottle", "description": "Bœuf, œuf, smør, straße, Łódź, протеин." });
    shop.create_product(fields).await;
    for (text, marked) in [
        ("oeuf", "<mark>œuf</mark>"),
        ("BOEUF", "<mark>Bœuf</mark>"),
        ("œuf", "<mark>œuf</mark>"),
        ("smor", "<mark>smør</mark>"),
        ("smør", "<mark>smør</mark>"),
        ("strasse", "<mark>straße</mark>"),
        ("lodz", "<mark>Łódź</mark>"),
        ("протеен", "<mark>протеин</mark>"),
        ("прот", "<mark>протеин</mark>"),
    ] {
        let found = shop
            .anonymous()
            .get_with("/api/products/search", &[("q", text)])
            .await
            .expect(200)
            .json();
        let description = found["data"][0]["highlight"]["description"].as_str();
        assert!(
            description.is_some_and(|shown| shown.contains(marked)),
            "{text}: {found}"
        );
    }
}

#[tokio::test]
async fn a_fragment_shows_hits_late_in_the_text() {
    let shop = TestShop::start().await;
    let filler = "Nothing of interest stands here at all. ".repeat(20);
    let description = format!(
        "{filler}Stir it into pancake batter, free-range/cage, at https://a.example/fizzbuzz.html."
    );
    shop.create_product(json!({ "name": "EggyPro Vanilla", "description": description }))
        .await;
    for (text, marked) in [
        // The other word is only in the name.
        ("eggypro pancake", "<mark>pancake</mark>"),
        ("cage", "free-range/<mark>cage</mark>"),
        ("fizzbuzz", "/<mark>fizzbuzz</mark>.html"),
    ] {
        let found = shop
            .anonymous()
            .get_with("/api/products/search", &[("q", text)])
            .await
            .expect(200)
            .json();
        let shown = found["data"][0]["highlight"]["description"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(
            shown.contains(marked) && shown.len() < 600,
            "{text}: {shown}"
        );
    }
}

#[tokio::test]
async fn long_texts_are_marked_in_time() {
    let shop = TestShop::start().await;
    let words = "mantra lotus repeat calm breath stone river light hollow winter summer green ";
    let description = words.repeat(120);
    for number in 0..100 {
        shop.create_product(json!({ "name": format!("Mat {number}"), "description": description }))
            .await;
    }
    let path = format!(
        "/api/products/search?limit=100&q={}",
        words.trim().replace(' ', "+")
    );
    assert_eq!(
        shop.anonymous().get(&path).await.expect(200).names().len(),
        100
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
