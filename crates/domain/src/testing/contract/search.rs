//! Searches and suggestions.

use std::collections::HashSet;

use super::{Stores, named, slug};
use crate::products::{
    Expected, FacetSet, NewProduct, PageSize, ProductFilter, ProductSearch, ProductSort,
    SearchCursor, SearchError, Start, Total,
};

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
            .service()
            .suggest(&text.parse().unwrap())
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
    let names = async |text: &str| {
        let suggestions = stores
            .service()
            .suggest(&text.parse().unwrap())
            .await
            .unwrap();
        suggestions
            .into_iter()
            .map(|suggestion| suggestion.name)
            .collect::<Vec<_>>()
    };
    assert_eq!(names("choc").await, ["Chocolate"]);
    assert_eq!(names("VANI").await.len(), 8);
    assert_eq!(names("vanilla 7").await[0], "Vanilla 7");
    stores.create(named("Lemon_Sorbet")).await;
    assert_eq!(names("sor").await, ["Lemon_Sorbet"]);
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
        assert_eq!(names(typed).await, ["Monthly Creme Box"], "{typed}");
    }
}

fn scroll(text: &str, sort: Option<ProductSort>) -> ProductSearch {
    ProductSearch {
        text: text.parse().unwrap(),
        filter: ProductFilter::default(),
        sort,
        start: Start::default(),
        limit: PageSize::try_from(3).unwrap(),
        facets: FacetSet::default(),
    }
}

pub async fn every_search_is_scrolled_through_once(stores: Stores) {
    let sorts = || [None].into_iter().chain(ProductSort::ALL.map(Some));
    let mut kept = HashSet::new();
    for number in 0..20 {
        let product = NewProduct {
            price: format!("{}", number % 4 + 1).parse().unwrap(),
            description: ["Of eggs.", "Eggs, eggs and vanilla.", "Plain."][number % 3].into(),
            ..named(&format!(
                "{} {number}",
                ["Egg bar", "Vanilla egg"][number % 2]
            ))
        };
        kept.insert(stores.create(product).await.id);
    }
    let create = async |name: String| stores.create(named(&name)).await;
    for (turn, sort) in sorts().enumerate() {
        let mut search = scroll("egg", sort);
        let (mut seen, mut extra) = (vec![], create(format!("Egg {turn}")).await);
        loop {
            let page = stores.service().search(&search).await.unwrap();
            assert!(page.hits.len() == 3 || page.next.is_none());
            seen.extend(page.hits.iter().map(|hit| hit.product.id));
            let Some(next) = page.next else { break };
            search.start = Start::After(next);
            // Remove a product that may be on an earlier or a later page, and create another one with a new word.
            let remove = stores.products.remove(&extra.slug, Expected::Any);
            remove.await.unwrap();
            extra = create(format!("Eggs{turn}x{}", seen.len())).await;
        }
        let remove = stores.products.remove(&extra.slug, Expected::Any);
        remove.await.unwrap();
        let unique: HashSet<_> = seen.iter().copied().collect();
        assert_eq!(unique.len(), seen.len(), "{sort:?} repeats");
        assert!(unique.is_superset(&kept), "{sort:?} skips");
    }
}

pub async fn search_cursors_are_of_their_sort(stores: Stores) {
    for number in 0..5 {
        stores.create(named(&format!("Egg {number}"))).await;
    }
    let first = stores.service().search(&scroll("egg", None)).await.unwrap();
    let next = first.next.unwrap();
    for (cursor, sort) in [
        (next, Some(ProductSort::Newest)),
        (SearchCursor(String::new()), None),
        (SearchCursor("1".into()), Some(ProductSort::NameAsc)),
    ] {
        let search = ProductSearch {
            start: Start::After(cursor),
            ..scroll("egg", sort)
        };
        let refused = stores.service().search(&search).await;
        assert!(matches!(refused, Err(SearchError::UnknownCursor)));
    }
    let by_price = scroll("egg", Some(ProductSort::NameDesc));
    let page = stores.service().search(&by_price).await.unwrap();
    let names = page.hits.iter().map(|hit| hit.product.name.as_str());
    assert_eq!(names.collect::<Vec<_>>(), ["Egg 4", "Egg 3", "Egg 2"]);
    assert_eq!(page.hits[0].highlight.name, "<mark>Egg</mark> 4");
    assert_eq!(page.total, Total::Exactly(5));
}
