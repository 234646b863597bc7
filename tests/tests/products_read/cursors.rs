//! Cursors of lists.

use eggypro_domain::products::ProductSort;
use eggypro_tests::TestShop;
use serde_json::json;

#[tokio::test]
async fn cursors_neither_repeat_nor_skip_while_rows_are_inserted() {
    let shop = TestShop::start().await;
    for index in 0..10 {
        let fields = json!({ "name": format!("P {}", index % 3), "slug": format!("p-{index}"), "price": index % 4 + 1 });
        shop.create_product(fields).await;
    }
    for sort in ProductSort::ALL.map(ProductSort::as_str) {
        let mut seen = vec![];
        let mut path = format!("/api/products?limit=3&sort={sort}");
        loop {
            let page = shop.anonymous().get(&path).await.expect(200).json();
            seen.extend(
                page["data"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|product| product["slug"].as_str().unwrap().to_owned()),
            );
            let slug = format!("{sort}-{}", seen.len());
            shop.create_product(json!({ "name": "P 1", "slug": slug, "price": 2 }))
                .await;
            let Some(cursor) = page["pagination"]["next_cursor"].as_str() else {
                break;
            };
            path = format!("/api/products?limit=3&sort={sort}&cursor={cursor}");
            if seen.len() > 100 {
                break;
            }
        }
        let mut unique = seen.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), seen.len(), "{sort} repeats");
        assert!(
            (0..10).all(|index| unique.contains(&format!("p-{index}"))),
            "{sort} skips"
        );
    }
}

#[tokio::test]
async fn a_cursor_belongs_to_its_sort_and_filters() {
    let shop = TestShop::start().await;
    for name in ["A", "B"] {
        shop.create_product(json!({ "name": name })).await;
    }
    let page = shop.anonymous().get("/api/products?limit=1").await.json();
    let cursor = page["pagination"]["next_cursor"].as_str().unwrap();
    for other in [
        "sort=price-asc",
        "inStock=true",
        "search=a",
        "category=bars",
        "minPrice=1",
        "offset=0",
    ] {
        let path = format!("/api/products?{other}&cursor={cursor}");
        let answer = shop.anonymous().get(&path).await.expect_problem(400);
        assert!(
            answer.errors()[0].starts_with("cursor: cursor "),
            "{:?}",
            answer.errors()
        );
    }
    shop.anonymous()
        .get("/api/products?cursor=garbage")
        .await
        .expect_problem(400);
    // A cursor is valid with another page size.
    shop.anonymous()
        .get(&format!("/api/products?limit=50&cursor={cursor}"))
        .await
        .expect(200);
}
