//! Pages at a large offset agree with the pages that cursors lead to, also while products change.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use eggypro_domain::products::ProductSort;
use eggypro_persistence::seed;
use eggypro_persistence::testing::TestDatabase;
use eggypro_tests::{Answer, TestShop};
use futures_util::future::join_all;
use serde_json::{Value, json};

async fn shop_of(products: u32) -> TestShop {
    let database = TestDatabase::migrated();
    seed::generate(&database.address(), products, |_| ()).unwrap();
    TestShop::start_on(database, |_| ()).await
}

async fn page(shop: &TestShop, query: &str) -> Answer {
    let path = format!("/api/products?{query}");
    shop.anonymous().get(&path).await.expect(200)
}

/// All items of a list, read by following its cursors.
async fn whole(shop: &TestShop, list: &str) -> Vec<Value> {
    let (mut items, mut cursor) = (vec![], String::new());
    loop {
        let json = page(shop, &format!("{list}&limit=100{cursor}"))
            .await
            .json();
        items.extend(json["data"].as_array().unwrap().iter().cloned());
        match json["pagination"]["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn far_pages_equal_the_pages_that_cursors_reach() {
    let shop = shop_of(450).await;
    for sort in ProductSort::ALL.map(ProductSort::as_str) {
        for filter in ["", "&inStock=true", "&category=bundles", "&minPrice=20"] {
            let list = format!("sort={sort}{filter}");
            let whole = whole(&shop, &list).await;
            // Near and far offsets alternate, so that some pages begin at an offset anchor and others create one.
            for step in 0..45 {
                let offset = step * 17 % 45 * 10 + step % 2 * 5;
                let limit = [20, 7, 100][step % 3];
                let json = page(&shop, &format!("{list}&offset={offset}&limit={limit}"))
                    .await
                    .json();
                let expected = whole.iter().skip(offset).take(limit);
                assert!(
                    json["data"].as_array().unwrap().iter().eq(expected),
                    "{list} {offset} {limit}"
                );
                assert_eq!(json["pagination"]["total"], whole.len());
                let is_last = offset + limit >= whole.len();
                assert_eq!(json["pagination"]["next_cursor"].is_null(), is_last);
            }
        }
    }
}

/// The ids of all hits from an offset on, read by following the cursors.
async fn found_from(shop: &TestShop, offset: usize) -> Vec<Value> {
    let (mut ids, mut start) = (vec![], format!("&offset={offset}"));
    loop {
        let path = format!("/api/products/search?q=protein&limit=100{start}");
        let json = shop.anonymous().get(&path).await.expect(200).json();
        let hits = json["data"].as_array().unwrap();
        ids.extend(hits.iter().map(|hit| hit["id"].clone()));
        match json["pagination"]["next_cursor"].as_str() {
            Some(next) => start = format!("&cursor={next}"),
            None => return ids,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn searches_continue_from_far_offsets() {
    let shop = shop_of(1_000).await;
    let whole = found_from(&shop, 0).await;
    assert!(whole.len() > 510, "{}", whole.len());
    // Before, in and at the ends of the parts that are ranked separately.
    for offset in [1, 200, 249, 250, 251, 430, 500, 510, whole.len() - 1] {
        let found = found_from(&shop, offset).await;
        assert!(found == whole[offset..], "{offset}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn far_pages_follow_every_change() {
    let shop = Arc::new(shop_of(250).await);
    let before = whole(&shop, "").await;
    let is_over = Arc::new(AtomicBool::new(false));
    let readers = (0..8).map(|number| {
        let (shop, is_over) = (Arc::clone(&shop), Arc::clone(&is_over));
        tokio::spawn(async move {
            let mut step = number;
            while !is_over.load(Ordering::SeqCst) {
                step += 3;
                page(
                    &shop,
                    &format!("offset={}", 81 + step % 2 * 100 + step % 19),
                )
                .await;
            }
        })
    });
    let readers: Vec<_> = readers.collect();
    for round in 1..=60 {
        // Each new product is the first of the list.
        shop.create_product(json!({ "name": format!("A {}", 999 - round) }))
            .await;
        for offset in [205, 211, 217, 223, 229, 235, 241].map(|offset| offset + round % 6) {
            let json = page(&shop, &format!("offset={offset}&limit=1"))
                .await
                .json();
            let expected = &before[offset - round]["slug"];
            assert_eq!(&json["data"][0]["slug"], expected, "{round} {offset}");
        }
    }
    is_over.store(true, Ordering::SeqCst);
    for reader in join_all(readers).await {
        reader.unwrap();
    }
}
