//! Marked words in the texts of hits.

use eggypro_tests::TestShop;
use serde_json::json;

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
