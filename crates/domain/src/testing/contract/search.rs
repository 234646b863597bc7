//! Search and suggestions.

use super::{Stores, named, slug};
use crate::products::{NewProduct, Total};

pub async fn search_finds_words(stores: Stores) {
    stores.create_category("Powders").await;
    let powder = NewProduct {
        description: "Tastes of <b>caramel</b> & cream.".into(),
        categories: vec![slug("powders")],
        ..named("Vanilla Powder")
    };
    stores.create(powder).await;
    stores
        .create(NewProduct {
            description: "With a note of vanilla.".into(),
            ..named("Chocolate Bar")
        })
        .await;
    stores
        .create(NewProduct {
            is_active: false,
            ..named("Vanilla secret")
        })
        .await;
    let found = stores.search("VANILLA").await;
    assert_eq!(found.total, Total::Exactly(2));
    assert_eq!(found.hits[0].product.name, "Vanilla Powder");
    assert_eq!(found.hits[0].highlight.name, "<mark>Vanilla</mark> Powder");
    assert_eq!(
        found.hits[1].highlight.description,
        "With a note of <mark>vanilla</mark>."
    );
    assert_eq!(
        stores.search("powder vanilla").await.hits[0].product.name,
        "Vanilla Powder"
    );
    let caramel = stores.search("caramel").await;
    assert_eq!(
        caramel.hits[0].highlight.description,
        "Tastes of &lt;b&gt;<mark>caramel</mark>&lt;/b&gt; &amp; cream."
    );
    assert_eq!(stores.search("xylophone").await.total, Total::Exactly(0));
}

pub async fn search_takes_any_text(stores: Stores) {
    stores.create(named("Vanilla Powder")).await;
    for text in [
        "'",
        "\"",
        "\\",
        "%",
        "_",
        "&",
        "|",
        "!",
        "(",
        ")",
        ":",
        "*",
        "<->",
        "a:*",
        "!!",
        "a & | b",
        "' OR 1=1 --",
        "\u{1}",
        "\u{2}",
        "🥚",
        "\u{202e}",
        "é",
        "-",
        "--",
        "-vanilla",
        "\"unclosed phrase",
        ":A",
        "vanilla:*A",
        "or",
        "and",
        "the",
        "((((((",
        "\u{feff}",
        "$1",
        "{}",
        "<script>",
    ] {
        stores.search(text).await;
        stores
            .products
            .suggest(&text.parse().unwrap(), 8)
            .await
            .unwrap();
    }
}

pub async fn suggestions_are_of_active_products(stores: Stores) {
    for index in 0..10 {
        stores.create(named(&format!("Vanilla {index}"))).await;
    }
    stores.create(named("Chocolate")).await;
    stores
        .create(NewProduct {
            is_active: false,
            ..named("Chocolate secret")
        })
        .await;
    let names = async |text: &str, limit| {
        let suggestions = stores
            .products
            .suggest(&text.parse().unwrap(), limit)
            .await
            .unwrap();
        suggestions
            .into_iter()
            .map(|suggestion| suggestion.name)
            .collect::<Vec<_>>()
    };
    assert_eq!(names("choc", 8).await, ["Chocolate"]);
    assert_eq!(names("VANI", 8).await.len(), 8);
    assert_eq!(names("vanilla 7", 8).await[0], "Vanilla 7");
    stores.create(named("Lemon_Sorbet")).await;
    assert_eq!(names("sor", 8).await, ["Lemon_Sorbet"]);
    stores.create(named("Monthly Creme Box")).await;
    for typed in [
        "m",
        "mo",
        "month",
        "monthl",
        "monthly c",
        "crème",
        "monthly-creme",
    ] {
        assert_eq!(names(typed, 8).await, ["Monthly Creme Box"], "{typed}");
    }
}
