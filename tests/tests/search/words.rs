//! Misspelt and unfinished words.

use eggypro_tests::TestShop;
use serde_json::json;

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
