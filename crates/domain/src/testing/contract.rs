//! What every store must do, as tests: run them with [`store_contract!`](crate::store_contract) over an empty shop
//! each.
#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    missing_docs,
    reason = "these are tests, named for what they show"
)]

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use garde::{Unvalidated, Valid, Validate};

use crate::Slug;
use crate::categories::{Category, CategoryError, CategoryRepository, NewCategory};
use crate::products::{
    Expected, NewProduct, PageSize, Product, ProductChanges, ProductError, ProductFilter,
    ProductQuery, ProductRepository, ProductSearch, ProductSort, SearchPage, Start, StatusFilter,
    Total,
};

/// The stores of one empty shop.
#[derive(Clone)]
pub struct Stores {
    /// Its products.
    pub products: Arc<dyn ProductRepository>,
    /// Its categories.
    pub categories: Arc<dyn CategoryRepository>,
}

impl fmt::Debug for Stores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stores").finish_non_exhaustive()
    }
}

/// Makes a test of each case of the contract. The argument is a function that takes the case, an
/// `AsyncFnOnce(Stores)`, and calls it with the stores of an empty shop.
#[macro_export]
macro_rules! store_contract {
    ($run:path) => {
        $crate::store_contract! { $run:
            a_created_product_is_found
            a_slug_is_taken_once
            unknown_categories_are_named
            a_change_changes_only_what_it_names
            a_write_needs_the_expected_revision
            a_removed_product_never_comes_back
            every_sort_pages_without_repeats
            cursors_survive_inserts
            offsets_skip
            filters_narrow
            contained_text_is_taken_literally
            inactive_products_are_a_status_away
            categories_are_made_and_replaced
            products_follow_their_categories
            a_category_is_removed_without_its_products
            search_finds_words
            search_takes_any_text
            suggestions_are_of_active_products
        }
    };
    ($run:path: $($case:ident)*) => {
        $(
            #[test]
            fn $case() {
                $run($crate::testing::contract::$case)
            }
        )*
    };
}

fn valid<T: Validate<Context = ()>>(value: T) -> Valid<T> {
    Unvalidated::new(value).validate().unwrap()
}

fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

fn named(name: &str) -> NewProduct {
    NewProduct {
        name: name.into(),
        ..NewProduct::example()
    }
}

fn query() -> ProductQuery {
    ProductQuery {
        filter: ProductFilter::default(),
        sort: ProductSort::default(),
        start: Start::Offset(0),
        limit: PageSize::new(100).unwrap(),
    }
}

impl Stores {
    async fn create(&self, product: NewProduct) -> Product {
        let slug = product.slug().unwrap();
        self.products.create(slug, valid(product)).await.unwrap()
    }

    async fn create_category(&self, name: &str) -> Category {
        let category = NewCategory {
            name: name.into(),
            slug: None,
            description: None,
            is_active: true,
        };
        self.categories
            .create(category.slug().unwrap(), valid(category))
            .await
            .unwrap()
    }

    async fn find(&self, product: &Product) -> Product {
        self.products.find(&product.slug).await.unwrap().unwrap()
    }

    async fn names(&self, query: ProductQuery) -> Vec<String> {
        self.products
            .list(&query)
            .await
            .unwrap()
            .items
            .into_iter()
            .map(|product| product.name)
            .collect()
    }

    async fn filtered(&self, filter: ProductFilter) -> Vec<String> {
        self.names(ProductQuery { filter, ..query() }).await
    }

    async fn search(&self, text: &str) -> SearchPage {
        let search = ProductSearch {
            text: text.parse().unwrap(),
            filter: ProductFilter::default(),
            offset: 0,
            limit: PageSize::default(),
        };
        self.products.search(&search).await.unwrap()
    }
}

pub async fn a_created_product_is_found(stores: Stores) {
    stores.create_category("Powders").await;
    stores.create_category("Bars").await;
    let new = NewProduct {
        images: vec!["https://example.com/a.jpg".into()],
        categories: vec![slug("powders"), slug("bars")],
        stock_quantity: i32::MAX.into(),
        price: "999999.99".parse().unwrap(),
        ..NewProduct::example()
    };
    let product = stores.create(new.clone()).await;
    assert_eq!(product.version, 1);
    assert_eq!(product.created_at, product.updated_at);
    assert_eq!(product.rating.count(), 0);
    assert_eq!(
        product
            .categories
            .iter()
            .map(|category| category.name.as_str())
            .collect::<Vec<_>>(),
        ["Bars", "Powders"]
    );
    assert_eq!(
        (&product.name, &product.description, &product.details),
        (&new.name, &new.description, &new.details)
    );
    assert_eq!(
        (product.price, &product.images, &product.ingredients),
        (new.price, &new.images, &new.ingredients)
    );
    assert_eq!(
        (product.stock_quantity, product.is_active),
        (i32::MAX, true)
    );
    assert_eq!(stores.find(&product).await, product);
    assert_eq!(stores.products.find(&slug("nothing")).await.unwrap(), None);
    assert_eq!(
        stores.products.list(&query()).await.unwrap().items,
        [product]
    );
}

pub async fn a_slug_is_taken_once(stores: Stores) {
    let first = stores.create(named("First")).await;
    let second = stores.create(named("Second")).await;
    let again = stores
        .products
        .create(first.slug.clone(), valid(named("Other")))
        .await;
    assert!(matches!(again, Err(ProductError::SlugTaken(taken)) if taken == first.slug));
    let changes = ProductChanges {
        slug: Some(first.slug.clone()),
        ..ProductChanges::default()
    };
    let renamed = stores
        .products
        .update(&second.slug, valid(changes.clone()), Expected::Any)
        .await;
    assert!(matches!(renamed, Err(ProductError::SlugTaken(taken)) if taken == first.slug));
    assert_eq!(stores.find(&second).await, second);
    let unchanged = stores
        .products
        .update(&first.slug, valid(changes), Expected::Any)
        .await
        .unwrap();
    assert_eq!(unchanged.slug, first.slug);
}

pub async fn unknown_categories_are_named(stores: Stores) {
    stores.create_category("Bars").await;
    let new = NewProduct {
        categories: vec![slug("bars"), slug("cars"), slug("stars")],
        ..NewProduct::example()
    };
    let created = stores.products.create(slug("a"), valid(new)).await;
    assert!(
        matches!(created, Err(ProductError::UnknownCategories(unknown)) if unknown == [slug("cars"), slug("stars")])
    );
    assert_eq!(stores.products.find(&slug("a")).await.unwrap(), None);

    let product = stores
        .create(NewProduct {
            categories: vec![slug("bars")],
            ..NewProduct::example()
        })
        .await;
    let changes = ProductChanges {
        categories: Some(vec![slug("cars")]),
        ..ProductChanges::default()
    };
    let updated = stores
        .products
        .update(&product.slug, valid(changes), Expected::Any)
        .await;
    assert!(matches!(updated, Err(ProductError::UnknownCategories(_))));
    assert_eq!(stores.find(&product).await, product);
}

pub async fn a_change_changes_only_what_it_names(stores: Stores) {
    stores.create_category("Bars").await;
    let before = stores
        .create(NewProduct {
            categories: vec![slug("bars")],
            ..NewProduct::example()
        })
        .await;
    let changes = ProductChanges {
        price: "1.50".parse().ok(),
        ..ProductChanges::default()
    };
    let after = stores
        .products
        .update(&before.slug, valid(changes), Expected::Any)
        .await
        .unwrap();
    assert!(after.updated_at > before.updated_at);
    let expected = Product {
        price: "1.50".parse().unwrap(),
        version: 2,
        updated_at: after.updated_at,
        ..before.clone()
    };
    assert_eq!(after, expected);

    let all = NewProduct {
        name: "New name".into(),
        slug: Some(slug("new-slug")),
        description: "New description".into(),
        details: "New details".into(),
        price: "2".parse().unwrap(),
        images: vec!["https://example.com/new.jpg".into()],
        ingredients: vec!["New".into()],
        stock_quantity: 7,
        is_active: false,
        categories: vec![],
    };
    let replaced = stores
        .products
        .update(&before.slug, valid(all.into()), Expected::Any)
        .await
        .unwrap();
    assert_eq!(
        (replaced.id, replaced.version, replaced.created_at),
        (before.id, 3, before.created_at)
    );
    assert_eq!(
        (replaced.name.as_str(), replaced.slug.as_str()),
        ("New name", "new-slug")
    );
    assert_eq!((replaced.stock_quantity, replaced.is_active), (7, false));
    assert_eq!(replaced.categories, []);
    assert_eq!(stores.products.find(&before.slug).await.unwrap(), None);
    assert_eq!(stores.find(&replaced).await, replaced);
}

pub async fn a_write_needs_the_expected_revision(stores: Stores) {
    let product = stores.create(NewProduct::example()).await;
    let changes = || {
        valid(ProductChanges {
            stock_quantity: Some(1),
            ..ProductChanges::default()
        })
    };
    let seen = Expected::OneOf(vec![product.revision()]);
    let changed = stores
        .products
        .update(&product.slug, changes(), seen.clone())
        .await
        .unwrap();
    assert_eq!(changed.version, 2);
    let stale = stores
        .products
        .update(&product.slug, changes(), seen.clone())
        .await;
    assert!(matches!(stale, Err(ProductError::Changed)));
    let stale = stores.products.remove(&product.slug, seen.clone()).await;
    assert!(matches!(stale, Err(ProductError::Changed)));
    let never = stores
        .products
        .update(&product.slug, changes(), Expected::OneOf(vec![]))
        .await;
    assert!(matches!(never, Err(ProductError::Changed)));
    let either = Expected::OneOf(vec![product.revision(), changed.revision()]);
    assert_eq!(
        stores
            .products
            .update(&product.slug, changes(), either)
            .await
            .unwrap()
            .version,
        3
    );
    let unknown = stores
        .products
        .update(&slug("nothing"), changes(), seen.clone())
        .await;
    assert!(matches!(unknown, Err(ProductError::NotFound)));
    let unknown = stores.products.remove(&slug("nothing"), seen).await;
    assert!(matches!(unknown, Err(ProductError::NotFound)));
    // A change that fails for two reasons says first that it came too late.
    let broken = ProductChanges {
        categories: Some(vec![slug("nothing")]),
        ..ProductChanges::default()
    };
    let late = stores
        .products
        .update(&product.slug, valid(broken), Expected::OneOf(vec![]))
        .await;
    assert!(matches!(late, Err(ProductError::Changed)));
}

pub async fn a_removed_product_never_comes_back(stores: Stores) {
    let first = stores.create(NewProduct::example()).await;
    stores
        .products
        .remove(&first.slug, Expected::OneOf(vec![first.revision()]))
        .await
        .unwrap();
    assert_eq!(stores.products.find(&first.slug).await.unwrap(), None);
    let second = stores.create(NewProduct::example()).await;
    assert_ne!(first.revision(), second.revision());
    let remove = stores
        .products
        .remove(&second.slug, Expected::OneOf(vec![first.revision()]))
        .await;
    assert!(matches!(remove, Err(ProductError::Changed)));
    stores
        .products
        .remove(&second.slug, Expected::Any)
        .await
        .unwrap();
}

pub async fn every_sort_pages_without_repeats(stores: Stores) {
    for index in 0..25 {
        let product = NewProduct {
            slug: Some(slug(&format!("product-{index}"))),
            price: format!("{}.5", index % 4 + 1).parse().unwrap(),
            ..named(["Beta", "alpha", "Alpha", "Z_z", "A-a"][index % 5])
        };
        stores.create(product).await;
    }
    for sort in ProductSort::ALL {
        let all = stores
            .products
            .list(&ProductQuery { sort, ..query() })
            .await
            .unwrap();
        assert_eq!(
            (all.items.len(), all.total, all.next),
            (25, Total::Exactly(25), None)
        );
        let mut keys: Vec<_> = all
            .items
            .iter()
            .map(|product| (sort.key(product), product.id))
            .collect();
        if sort.is_descending() {
            keys.reverse();
        }
        assert!(keys.is_sorted(), "{sort:?}: {keys:?}");

        let mut paged = vec![];
        let mut start = Start::Offset(0);
        loop {
            let limit = PageSize::new(4).unwrap();
            let page = stores
                .products
                .list(&ProductQuery {
                    sort,
                    start,
                    limit,
                    ..query()
                })
                .await
                .unwrap();
            assert_eq!(page.total, Total::Exactly(25));
            assert!(page.items.len() == 4 || page.next.is_none());
            paged.extend(page.items);
            match page.next {
                Some(cursor) => start = Start::After(cursor),
                None => break,
            }
        }
        assert_eq!(paged, all.items, "{sort:?}");
    }
}

pub async fn cursors_survive_inserts(stores: Stores) {
    for sort in ProductSort::ALL {
        let fixture = |group: &str, index: usize| NewProduct {
            slug: Some(slug(&format!("{}-{group}-{index}", sort.as_str()))),
            price: format!("{}", index % 3 + 1).parse().unwrap(),
            ..named(&format!("Name {}", index % 3))
        };
        let mut before = HashSet::new();
        for index in 0..9 {
            before.insert(stores.create(fixture("before", index)).await.id);
        }
        let mut seen = vec![];
        let mut start = Start::Offset(0);
        let mut inserted = 0;
        loop {
            let limit = PageSize::new(2).unwrap();
            let page = stores
                .products
                .list(&ProductQuery {
                    sort,
                    start,
                    limit,
                    ..query()
                })
                .await
                .unwrap();
            seen.extend(page.items.into_iter().map(|product| product.id));
            let Some(cursor) = page.next else { break };
            start = Start::After(cursor);
            if inserted < 6 {
                stores.create(fixture("during", inserted)).await;
                inserted += 1;
            }
        }
        let unique: HashSet<_> = seen.iter().copied().collect();
        assert_eq!(unique.len(), seen.len(), "{sort:?} repeats");
        assert!(unique.is_superset(&before), "{sort:?} skips");
    }
}

pub async fn offsets_skip(stores: Stores) {
    for name in ["A", "B", "C"] {
        stores.create(named(name)).await;
    }
    let from = async |offset| {
        let limit = PageSize::new(1).unwrap();
        stores
            .products
            .list(&ProductQuery {
                start: Start::Offset(offset),
                limit,
                ..query()
            })
            .await
            .unwrap()
    };
    assert_eq!(from(1).await.items[0].name, "B");
    assert!(from(1).await.next.is_some());
    assert!(from(2).await.next.is_none());
    let beyond = from(10_000).await;
    assert_eq!(
        (beyond.items.len(), beyond.total, beyond.next),
        (0, Total::Exactly(3), None)
    );
}

pub async fn filters_narrow(stores: Stores) {
    stores.create_category("Bars").await;
    let bar = NewProduct {
        categories: vec![slug("bars")],
        stock_quantity: 1,
        ..named("Bar")
    };
    stores.create(bar).await;
    stores
        .create(NewProduct {
            price: "10".parse().unwrap(),
            ..named("Cheap")
        })
        .await;
    stores
        .create(NewProduct {
            price: "10.01".parse().unwrap(),
            stock_quantity: 5,
            ..named("Dear")
        })
        .await;
    let filter = ProductFilter::default;
    assert_eq!(stores.filtered(filter()).await, ["Bar", "Cheap", "Dear"]);
    assert_eq!(
        stores
            .filtered(ProductFilter {
                category: Some(slug("bars")),
                ..filter()
            })
            .await,
        ["Bar"]
    );
    assert!(
        stores
            .filtered(ProductFilter {
                category: Some(slug("nothing")),
                ..filter()
            })
            .await
            .is_empty()
    );
    assert_eq!(
        stores
            .filtered(ProductFilter {
                in_stock: true,
                ..filter()
            })
            .await,
        ["Bar", "Dear"]
    );
    assert_eq!(
        stores
            .filtered(ProductFilter {
                max_price: Some(10.into()),
                ..filter()
            })
            .await,
        ["Cheap"]
    );
    let between = ProductFilter {
        min_price: Some(10.into()),
        max_price: Some(11.into()),
        ..filter()
    };
    assert_eq!(stores.filtered(between.clone()).await, ["Cheap", "Dear"]);
    let page = stores
        .products
        .list(&ProductQuery {
            filter: between,
            ..query()
        })
        .await
        .unwrap();
    assert_eq!(page.total, Total::Exactly(2));
}

pub async fn contained_text_is_taken_literally(stores: Stores) {
    stores
        .create(NewProduct {
            description: "100% pure, C:\\egg_white ÉCLAIR".into(),
            ..named("First_one")
        })
        .await;
    stores
        .create(NewProduct {
            description: "1000 grams".into(),
            ..named("Second one")
        })
        .await;
    let containing = async |text: &str| {
        stores
            .filtered(ProductFilter {
                contains: text.parse().ok(),
                ..ProductFilter::default()
            })
            .await
    };
    assert_eq!(containing("one").await, ["First_one", "Second one"]);
    assert_eq!(containing("FIRST").await, ["First_one"]);
    assert_eq!(containing("éclair").await, ["First_one"]);
    assert_eq!(containing("100%").await, ["First_one"]);
    assert_eq!(containing("_").await, ["First_one"]);
    assert_eq!(containing("c:\\egg").await, ["First_one"]);
    assert_eq!(containing("\\").await, ["First_one"]);
    assert!(containing("%%").await.is_empty());
    assert!(containing("'").await.is_empty());
}

pub async fn inactive_products_are_a_status_away(stores: Stores) {
    stores.create(named("Active")).await;
    stores
        .create(NewProduct {
            is_active: false,
            ..named("Inactive")
        })
        .await;
    let of = async |status| {
        stores
            .filtered(ProductFilter {
                status,
                ..ProductFilter::default()
            })
            .await
    };
    assert_eq!(of(StatusFilter::Active).await, ["Active"]);
    assert_eq!(of(StatusFilter::Inactive).await, ["Inactive"]);
    assert_eq!(of(StatusFilter::All).await, ["Active", "Inactive"]);
}

pub async fn categories_are_made_and_replaced(stores: Stores) {
    let snacks = stores.create_category("Snacks").await;
    let bars = stores.create_category("Bars").await;
    assert_eq!(
        stores.categories.list_active().await.unwrap(),
        [bars.clone(), snacks.clone()]
    );
    let again = NewCategory {
        name: "Bars".into(),
        slug: None,
        description: None,
        is_active: true,
    };
    let taken = stores
        .categories
        .create(slug("bars"), valid(again.clone()))
        .await;
    assert!(matches!(taken, Err(CategoryError::SlugTaken(_))));
    let taken = NewCategory {
        slug: Some(slug("snacks")),
        ..again.clone()
    };
    let taken = stores.categories.replace(&bars.slug, valid(taken)).await;
    assert!(matches!(taken, Err(CategoryError::SlugTaken(_))));

    let new = NewCategory {
        name: "Energy bars".into(),
        slug: None,
        description: Some("Chewy".into()),
        is_active: false,
    };
    let replaced = stores
        .categories
        .replace(&bars.slug, valid(new))
        .await
        .unwrap();
    let expected = Category {
        name: "Energy bars".into(),
        description: Some("Chewy".into()),
        is_active: false,
        ..bars.clone()
    };
    assert_eq!(replaced, expected);
    assert_eq!(
        stores.categories.find(&bars.slug).await.unwrap(),
        Some(expected)
    );
    assert_eq!(stores.categories.list_active().await.unwrap(), [snacks]);
    let unknown = stores
        .categories
        .replace(&slug("nothing"), valid(again))
        .await;
    assert!(matches!(unknown, Err(CategoryError::NotFound)));
}

pub async fn products_follow_their_categories(stores: Stores) {
    let bars = stores.create_category("Bars").await;
    let product = stores
        .create(NewProduct {
            categories: vec![slug("bars")],
            ..named("Inside")
        })
        .await;
    let outside = stores.create(named("Outside")).await;
    let rename = |is_active| {
        valid(NewCategory {
            name: "Sticks".into(),
            slug: Some(slug("sticks")),
            description: None,
            is_active,
        })
    };
    stores
        .categories
        .replace(&bars.slug, rename(true))
        .await
        .unwrap();
    let renamed = stores.find(&product).await;
    assert_eq!(
        (renamed.version, renamed.categories[0].name.as_str()),
        (2, "Sticks")
    );
    assert_eq!(renamed.categories[0].slug, slug("sticks"));

    stores
        .categories
        .replace(&slug("sticks"), rename(false))
        .await
        .unwrap();
    let hidden = stores.find(&product).await;
    assert_eq!((hidden.version, hidden.categories.len()), (3, 0));
    let filter = ProductFilter {
        category: Some(slug("sticks")),
        ..ProductFilter::default()
    };
    assert!(stores.filtered(filter.clone()).await.is_empty());

    stores
        .categories
        .replace(&slug("sticks"), rename(true))
        .await
        .unwrap();
    assert_eq!(stores.find(&product).await.categories.len(), 1);
    assert_eq!(stores.filtered(filter).await, ["Inside"]);
    assert_eq!(stores.find(&outside).await, outside);

    // What products don't show of their category is no change of theirs.
    let shown = stores.find(&product).await;
    let described = NewCategory {
        name: "Sticks".into(),
        slug: None,
        description: Some("Chewy".into()),
        is_active: true,
    };
    stores
        .categories
        .replace(&slug("sticks"), valid(described))
        .await
        .unwrap();
    assert_eq!(stores.find(&product).await, shown);
}

pub async fn a_category_is_removed_without_its_products(stores: Stores) {
    let bars = stores.create_category("Bars").await;
    let product = stores
        .create(NewProduct {
            categories: vec![slug("bars")],
            ..NewProduct::example()
        })
        .await;
    stores.categories.remove(&bars.slug).await.unwrap();
    let left = stores.find(&product).await;
    assert_eq!((left.version, left.categories.len()), (2, 0));
    assert_eq!(stores.categories.find(&bars.slug).await.unwrap(), None);
    assert!(matches!(
        stores.categories.remove(&bars.slug).await,
        Err(CategoryError::NotFound)
    ));
}

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
