//! Searches while products are created, changed and removed.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use eggypro_domain::products::{
    Product, ProductId, ProductIndex, ProductSearch, SearchCursor, Start, Total,
};
use eggypro_domain::synonyms::Synonyms;
use eggypro_domain::time::{Duration, OffsetDateTime};
use eggypro_search::{CatalogueIndex, Changes};

/// A product with this name and no other searchable texts.
fn product(id: i32, name: &str) -> Product {
    let created_at = OffsetDateTime::UNIX_EPOCH + Duration::seconds(id.into());
    let slug = format!("p-{id}").parse().unwrap();
    Product::new(
        ProductId(id),
        name.to_owned(),
        slug,
        "1.00".parse().unwrap(),
        created_at,
    )
}

fn index_of(names: &[&str]) -> CatalogueIndex {
    let index = CatalogueIndex::new().unwrap();
    for (id, name) in (1..).zip(names) {
        enter(&index, vec![product(id, name)], vec![]);
    }
    index.set_ready(true);
    index
}

fn enter(index: &CatalogueIndex, products: Vec<Product>, gone: Vec<i32>) {
    let gone = gone.into_iter().map(ProductId).collect();
    index.apply(&Changes { products, gone }).unwrap();
}

fn search(
    index: &CatalogueIndex,
    text: &str,
    start: Start<SearchCursor>,
) -> (Vec<i32>, Option<SearchCursor>) {
    let mut search = ProductSearch::new(text.parse().unwrap());
    search.limit = 2.try_into().unwrap();
    search.start = start;
    let found = index.search(&search).unwrap();
    (
        found.products.iter().map(|of| of.id.0).collect(),
        found.next,
    )
}

fn found(index: &CatalogueIndex, text: &str) -> Vec<i32> {
    search(index, text, Start::default()).0
}

#[test]
fn further_pages_use_the_match_mode_of_the_first() {
    let index = index_of(&["Lemon 1", "Lemon 2", "Lemon 3", "Mocha 4", "Mocha 5"]);
    // No product has both words.
    let (first, next) = search(&index, "lemon mocha", Start::default());
    assert_eq!(first, [1, 2]);
    enter(&index, vec![product(6, "Lemon Mocha")], vec![]);
    let (mut others, mut next) = (vec![], next);
    while let Some(cursor) = next {
        let (more, after) = search(&index, "lemon mocha", Start::After(cursor));
        others.extend(more);
        next = after;
    }
    assert_eq!(others, [3, 4, 5]);
}

#[test]
fn words_of_removed_products_do_not_count() {
    let index = index_of(&["BC1010", "Vanila One", "Vanilla Two", "Vanilla Three"]);
    assert_eq!(found(&index, "bc1010"), [1]);
    // Once a part number is removed, it matches longer ones as a prefix.
    enter(&index, vec![product(5, "BC10105")], vec![1]);
    assert_eq!(found(&index, "bc1010"), [5]);
    // One edit leads to a removed word, two edits to an existing word.
    assert_eq!(found(&index, "vaniila").first(), Some(&2));
    enter(&index, vec![], vec![2]);
    assert_eq!(found(&index, "vanxla"), [3, 4]);
}

#[test]
fn a_sale_does_not_change_the_ranking() {
    let index = index_of(&["Egg bar 1", "Egg bar 2", "Egg bar 3"]);
    let before = found(&index, "egg bar");
    let mut sold = product(2, "Egg bar 2");
    (sold.stock_quantity, sold.version) = (7, 2);
    enter(&index, vec![sold], vec![]);
    assert_eq!(found(&index, "egg bar"), before);
}

#[test]
fn a_renamed_product_is_found_by_its_new_name() {
    let index = index_of(&["Lemon bar"]);
    enter(&index, vec![product(1, "Mocha bar")], vec![]);
    assert_eq!(found(&index, "mocha"), [1]);
    assert!(found(&index, "lemon").is_empty());
    // Its row is reused by another product.
    enter(&index, vec![product(2, "Walnut")], vec![1]);
    assert!(found(&index, "mocha").is_empty());
    assert_eq!(found(&index, "walnut"), [2]);
    let mut all = ProductSearch::new("walnut".parse().unwrap());
    all.limit = 100.try_into().unwrap();
    assert_eq!(index.search(&all).unwrap().total, Total::Exactly(1));
}

#[test]
fn a_slug_belongs_to_the_product_that_was_applied_last() {
    let index = index_of(&["One", "Two"]);
    let of = |id, slug: &str| {
        let mut product = product(id, "Egg");
        product.slug = slug.parse().unwrap();
        product
    };
    let leads_to = |slug: &str| index.id_of(&slug.parse().unwrap()).map(|id| id.0);
    // Two products can exchange their slugs between two reads.
    enter(&index, vec![of(1, "x")], vec![]);
    enter(&index, vec![of(2, "x")], vec![]);
    enter(&index, vec![of(1, "x")], vec![]);
    enter(&index, vec![of(2, "y")], vec![]);
    assert_eq!((leads_to("x"), leads_to("y")), (Some(1), Some(2)));
    // The new product is applied before the old one is removed.
    enter(&index, vec![of(2, "x")], vec![]);
    enter(&index, vec![], vec![1]);
    assert_eq!((leads_to("x"), leads_to("y")), (Some(2), None));
}

#[test]
fn an_exact_name_comes_first() {
    let index = index_of(&["Egg bar box", "Egg bar 2", "Egg bar"]);
    assert_eq!(found(&index, "egg bar"), [3, 1]);
}

#[test]
fn a_complete_word_is_no_prefix_in_descriptions() {
    let mut described = product(2, "Other");
    described.description = "For eggnog, not from an egg.".to_owned();
    let mut drink = product(3, "Drink");
    drink.description = "Like eggnog.".to_owned();
    let index = index_of(&["Egg"]);
    enter(&index, vec![described.clone(), drink], vec![]);
    assert_eq!(found(&index, "egg"), [1, 2]);
    let search = ProductSearch::new("egg".parse().unwrap());
    let highlighter = index.search(&search).unwrap().highlighter;
    assert_eq!(
        highlighter.highlight(&described).description,
        "For eggnog, not from an <mark>egg</mark>."
    );
    // An incomplete word matches as a prefix.
    assert_eq!(found(&index, "eggn"), [2, 3]);
}

#[test]
fn a_part_number_stands_alone() {
    let index = index_of(&["BC1010", "BC1011", "BC10105"]);
    assert_eq!(found(&index, "bc1010"), [1]);
    assert_eq!(found(&index, "BC-1011"), [2]);
    assert_eq!(found(&index, "bc101"), [1, 2]);
    assert!(found(&index, "bc1019").is_empty());
}

#[test]
fn contractions_are_single_words() {
    let mut tea = product(2, "Don of tea");
    tea.description = "Does not melt.".to_owned();
    let index = index_of(&["Tin"]);
    enter(&index, vec![tea], vec![]);
    for text in ["don't", "we're", "don’t"] {
        assert!(found(&index, text).is_empty(), "{text}");
    }
    assert_eq!(found(&index, "tea that don't melt"), [2]);
}

#[test]
fn synonyms_may_be_phrases() {
    let index = index_of(&["Albumen One", "Egg White Two", "Egg Three", "White Four"]);
    let group = ["albumen", "egg white"].map(String::from).to_vec();
    index.set_synonyms(&Synonyms::new(vec![group], 2));
    assert_eq!(found(&index, "albumen"), [1, 2]);
    for text in ["egg white", "egg-white", "eggs whites"] {
        assert_eq!(found(&index, text), [2, 1], "{text}");
    }
    assert_eq!(found(&index, "egg three"), [3]);
    index.set_synonyms(&Synonyms::new(vec![], 3));
    assert_eq!(found(&index, "albumen"), [1]);
}
