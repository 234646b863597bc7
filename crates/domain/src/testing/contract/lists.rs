//! Pages, orders and filters.

use std::collections::HashSet;

use super::{Stores, named, query, slug, valid};
use crate::products::{
    Expected, NewProduct, PageSize, ProductChanges, ProductFilter, ProductId, ProductQuery,
    ProductSort, Start, StatusFilter, Total,
};

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
            .service()
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
            let limit = PageSize::try_from(4).unwrap();
            let page = stores
                .service()
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
        for offset in 0..30 {
            let query = ProductQuery {
                sort,
                start: Start::Offset(offset as u32),
                limit: PageSize::try_from(4).unwrap(),
                ..query()
            };
            let page = stores.service().list(&query).await.unwrap();
            assert_eq!(page.total, Total::Exactly(25));
            let expected = all.items.iter().skip(offset).take(4);
            assert!(page.items.iter().eq(expected), "{sort:?} {offset}");
            assert_eq!(page.next.is_some(), offset + 4 < 25);
        }
    }
}

pub async fn names_sort_as_people_expect(stores: Stores) {
    for name in ["bar 10", "Zebra", "Bar 2", "apple", "BAR 1"] {
        stores.create(named(name)).await;
    }
    let names = stores.names(query()).await;
    assert_eq!(names, ["apple", "BAR 1", "Bar 2", "bar 10", "Zebra"]);
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
            let limit = PageSize::try_from(2).unwrap();
            let page = stores
                .service()
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
        let limit = PageSize::try_from(1).unwrap();
        stores
            .service()
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
                categories: vec![slug("bars")],
                ..filter()
            })
            .await,
        ["Bar"]
    );
    assert!(
        stores
            .filtered(ProductFilter {
                categories: vec![slug("nothing")],
                ..filter()
            })
            .await
            .is_empty()
    );
    stores.create_category("Cheap things").await;
    let changes = ProductChanges {
        categories: Some(vec![slug("cheap-things")]),
        ..ProductChanges::default()
    };
    let cheap = slug("cheap");
    let update = stores
        .products
        .update(&cheap, valid(changes), Expected::Any);
    let cheap = update.await.unwrap();
    let any_of = ProductFilter {
        categories: vec![slug("nothing"), slug("bars"), slug("cheap-things")],
        ..filter()
    };
    assert_eq!(stores.filtered(any_of).await, ["Bar", "Cheap"]);
    let these = ProductFilter {
        ids: vec![cheap.id, ProductId(i32::MAX)],
        ..filter()
    };
    assert_eq!(stores.filtered(these).await, ["Cheap"]);
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
        .service()
        .list(&ProductQuery {
            filter: between.clone(),
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
