//! A stream over many products while others are created and removed.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use eggypro_client::products::{BulkWrite, ListProducts, Operation, SortProducts};

use super::*;

const PRODUCTS: usize = 5_000;

/// How many products are created or removed at least while the list is read.
const CHANGES: usize = 100;

/// The maximum number of operations of a bulk.
const BULK: usize = 500;

/// Creates the products of which the stream must return each once, and returns their slugs.
async fn fill(admin: &Client) -> HashSet<String> {
    let mut slugs = HashSet::new();
    for first in (0..PRODUCTS).step_by(BULK) {
        let operations = (first..first + BULK).map(|number| {
            let product = NewProduct {
                price: Decimal::from(number % 90 + 1),
                ..a_product(&format!("Egg bar {number}"))
            };
            Operation::Create(Box::new(product))
        });
        let write = BulkWrite::atomic(operations.collect::<Vec<_>>());
        let results = admin.products().bulk(&write).await.unwrap().results;
        slugs.extend(results.into_iter().filter_map(|result| result.slug));
    }
    assert_eq!(slugs.len(), PRODUCTS);
    slugs
}

/// Creates and removes products all over the list, again and again, and counts that.
async fn disturb(admin: Client, changes: &AtomicUsize) {
    for number in 0_u64.. {
        let product = NewProduct {
            price: Decimal::from(number * 37 % 90 + 1),
            ..a_product(&format!("Egg bar {} b{number}", number * 977 % 5_000))
        };
        let product = admin.products().create(&product).await.unwrap();
        changes.fetch_add(1, Ordering::Relaxed);
        if number % 2 == 0 {
            admin.products().remove(&product.slug).await.unwrap();
        } else {
            admin.products().deactivate(&product.slug).await.unwrap();
        }
        changes.fetch_add(1, Ordering::Relaxed);
    }
}

/// Reads the whole list in this order, and returns the slugs.
async fn read(client: &Client, sort: &SortProducts) -> HashSet<String> {
    let list = ListProducts {
        sort: Some(sort.clone()),
        limit: Some(100),
        ..ListProducts::default()
    };
    let mut products = client.products().all(list);
    let mut met = HashSet::new();
    while let Some(product) = products.next().await {
        let slug = product.unwrap().slug;
        assert!(met.insert(slug.clone()), "{sort} repeats {slug}");
    }
    met
}

#[tokio::test]
async fn each_product_that_stays_comes_once() {
    static MADE: AtomicUsize = AtomicUsize::new(0);
    let shop = TestShop::start().await;
    let admin = admin(&shop);
    let kept = fill(&admin).await;
    let disturber = tokio::spawn(disturb(admin.clone(), &MADE));
    let public = anonymous(&shop);
    let mut changes_while_reading = 0;
    // A fast reader reads the list several times, so that enough changes fall within its reading.
    while changes_while_reading < CHANGES {
        for sort in [
            SortProducts::NameAsc,
            SortProducts::PriceDesc,
            SortProducts::Newest,
        ] {
            let before = MADE.load(Ordering::Relaxed);
            let met = read(&public, &sort).await;
            changes_while_reading += MADE.load(Ordering::Relaxed) - before;
            let skipped = kept.difference(&met).count();
            assert_eq!(skipped, 0, "{sort} skips products");
            assert!(!disturber.is_finished(), "it has failed");
        }
    }
    disturber.abort();
}
