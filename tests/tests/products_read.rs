//! Reads of lists, searches and single products by the public.

use eggypro_domain::products::ProductSort;
use eggypro_tests::{TestShop, a_product};
use serde_json::{Value, json};

#[tokio::test]
async fn a_product_shows_every_field() {
    let shop = TestShop::start().await;
    shop.create_category("Protein powder").await;
    let fields = json!({ "categories": ["protein-powder"], "images": ["https://example.com/a.jpg"], "stock_quantity": 120 });
    shop.create_product(fields).await;
    let answer = shop
        .anonymous()
        .get("/api/products/eggypro-vanilla-1kg")
        .await
        .expect(200);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("etag"), "\"1-1\"");
    assert!(
        answer.text().contains("\"price\":39.90,"),
        "{}",
        answer.text()
    );
    insta::assert_json_snapshot!(answer.json(), { ".created_at" => "[time]", ".updated_at" => "[time]" });
    let created_at = answer.json()["created_at"].as_str().unwrap().to_owned();
    assert!(
        created_at.starts_with("20") && created_at.ends_with('Z'),
        "{created_at}"
    );
}

#[tokio::test]
async fn a_page_shows_products_and_pagination() {
    let shop = TestShop::start().await;
    for name in ["A", "B", "C"] {
        shop.create_product(json!({ "name": name })).await;
    }
    let page = shop
        .anonymous()
        .get("/api/products?limit=2")
        .await
        .expect(200);
    assert_eq!(page.names(), ["A", "B"]);
    let json = page.json();
    assert_eq!(
        json["data"][0]["rating"],
        json!({ "average": null, "count": 0 })
    );
    let pagination = &json["pagination"];
    assert_eq!(
        (&pagination["total"], &pagination["total_precision"]),
        (&json!(3), &json!("exact"))
    );
    assert_eq!(
        (&pagination["limit"], &pagination["offset"]),
        (&json!(2), &json!(0))
    );
    let cursor = pagination["next_cursor"].as_str().unwrap();
    let next = shop
        .anonymous()
        .get(&format!("/api/products?limit=2&cursor={cursor}"))
        .await
        .expect(200);
    assert_eq!(next.names(), ["C"]);
    assert_eq!(next.json()["pagination"]["next_cursor"], Value::Null);
    let skipped = shop
        .anonymous()
        .get("/api/products?offset=1")
        .await
        .expect(200);
    assert_eq!(skipped.names(), ["B", "C"]);
}

#[tokio::test]
async fn filters_and_sorts_narrow_and_order() {
    let shop = TestShop::start().await;
    shop.create_category("Bars").await;
    shop.create_product(
        json!({ "name": "Alpha", "price": 3, "stock_quantity": 1, "categories": ["bars"] }),
    )
    .await;
    shop.create_product(
        json!({ "name": "Beta", "price": 2, "description": "Crunchy 100% egg_white" }),
    )
    .await;
    shop.create_product(json!({ "name": "Gamma", "price": 1, "stock_quantity": 9 }))
        .await;
    let names = async |query: &str| {
        shop.anonymous()
            .get(&format!("/api/products?{query}"))
            .await
            .expect(200)
            .names()
    };
    assert_eq!(names("sort=name-asc").await, ["Alpha", "Beta", "Gamma"]);
    assert_eq!(names("sort=name-desc").await, ["Gamma", "Beta", "Alpha"]);
    assert_eq!(names("sort=price-asc").await, ["Gamma", "Beta", "Alpha"]);
    assert_eq!(names("sort=price-desc").await, ["Alpha", "Beta", "Gamma"]);
    assert_eq!(names("sort=newest").await, ["Gamma", "Beta", "Alpha"]);
    assert_eq!(names("sort=rating-desc").await.len(), 3);
    assert_eq!(names("category=bars").await, ["Alpha"]);
    assert!(names("category=nothing").await.is_empty());
    assert_eq!(names("inStock=true").await, ["Alpha", "Gamma"]);
    assert_eq!(names("inStock=false").await, ["Alpha", "Beta", "Gamma"]);
    assert_eq!(names("minPrice=1.5&maxPrice=2").await, ["Beta"]);
    assert_eq!(names("search=CRUNCHY").await, ["Beta"]);
    assert_eq!(names("search=100%25").await, ["Beta"]);
    assert_eq!(names("search=egg_").await, ["Beta"]);
    assert!(names("search=%25%25").await.is_empty());
    assert_eq!(names("search=").await.len(), 3);
}

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

#[tokio::test]
async fn every_mistake_in_a_query_is_named() {
    let shop = TestShop::start().await;
    let anonymous = shop.anonymous();
    let unknown = anonymous
        .get("/api/products?colour=red&size=1")
        .await
        .expect_problem(400);
    assert_eq!(
        unknown.errors(),
        ["colour: colour is unknown", "size: size is unknown"]
    );
    assert!(
        unknown.json()["detail"]
            .as_str()
            .unwrap()
            .contains("Known here: category, search, sort, inStock")
    );

    let path = "/api/products?limit=0&offset=-1&sort=best&inStock=yes&minPrice=x&maxPrice=-1";
    let broken = anonymous.get(path).await.expect_problem(400);
    let fields: Vec<_> = broken
        .errors()
        .iter()
        .map(|error| error.split(':').next().unwrap().to_owned())
        .collect();
    assert_eq!(
        fields,
        ["inStock", "minPrice", "maxPrice", "sort", "limit", "offset"]
    );
    for query in [
        "limit=101",
        "limit=1.5",
        "limit=1&limit=2",
        "offset=1.0",
        "category=Not+A+Slug",
        "search=%ff",
        "offset=99999999999999999999",
        "minPrice=1e400",
        "minPrice=NaN",
    ] {
        anonymous
            .get(&format!("/api/products?{query}"))
            .await
            .expect_problem(400);
    }
    let too_far = anonymous
        .get("/api/products?offset=10001")
        .await
        .expect_problem(400);
    assert!(
        too_far.errors()[0].contains("cursor"),
        "{:?}",
        too_far.errors()
    );
    anonymous
        .get("/api/products?offset=10000")
        .await
        .expect(200);
    anonymous
        .get("/api/products?search=a%00b")
        .await
        .expect_problem(422);
    anonymous
        .get("/api/products/search?q=%00")
        .await
        .expect_problem(422);
    for query in ["", "q=", "q=+", "q=a&sort=best", "q=a&offset=10001"] {
        anonymous
            .get(&format!("/api/products/search?{query}"))
            .await
            .expect_problem(400);
    }
    anonymous
        .get_with("/api/products/search", &[("q", &"é".repeat(200))])
        .await
        .expect(200);
    anonymous
        .get_with("/api/products/search", &[("q", &"é".repeat(201))])
        .await
        .expect_problem(400);
    anonymous
        .get("/api/products/suggest")
        .await
        .expect_problem(400);
    anonymous
        .get("/api/products/nothing?x=1")
        .await
        .expect_problem(400);
}

#[tokio::test]
async fn inactive_products_are_for_administrators() {
    let shop = TestShop::start().await;
    shop.create_product(json!({ "name": "Hidden", "is_active": false }))
        .await;
    shop.create_product(json!({ "name": "Shown" })).await;
    assert_eq!(
        shop.anonymous().get("/api/products").await.names(),
        ["Shown"]
    );
    shop.anonymous()
        .get("/api/products/hidden")
        .await
        .expect_problem(404);
    for query in [
        "status=inactive",
        "status=all",
        "st%61tus=all",
        "status=active",
    ] {
        let path = format!("/api/products?{query}");
        let refused = shop.anonymous().get(&path).await.expect_problem(401);
        assert_eq!(refused.header("www-authenticate"), "Bearer");
        shop.bearer("wrong").get(&path).await.expect_problem(401);
    }
    let inactive = shop
        .admin()
        .get("/api/products?status=inactive")
        .await
        .expect(200);
    assert_eq!(inactive.names(), ["Hidden"]);
    assert_eq!(inactive.header("cache-control"), "no-store");
    assert_eq!(
        shop.admin().get("/api/products?status=all").await.names(),
        ["Hidden", "Shown"]
    );
    shop.admin()
        .get("/api/products?status=deleted")
        .await
        .expect_problem(400);
}

#[tokio::test]
async fn unknown_addresses_are_not_found() {
    let shop = TestShop::start().await;
    for path in [
        "/api",
        "/api/nothing",
        "/api/products/nothing",
        "/api/products/Not-A-Slug",
        "/api/products/a%00b",
        "/api/products/%ff",
        "/api/products/a%2Fb",
        "/api/categories/nothing",
        "/api/products/a/b/c",
    ] {
        shop.anonymous().get(path).await.expect_problem(404);
    }
}

#[tokio::test]
async fn each_slug_reads_its_own_product() {
    let shop = TestShop::start().await;
    let first = shop.create_product(json!({ "name": "First" })).await;
    let second = shop
        .admin()
        .post("/api/products", &a_product(json!({ "name": "Second" })))
        .await
        .expect(201);
    assert_ne!(first["id"], second.json()["id"]);
    assert_eq!(
        shop.anonymous().get("/api/products/second").await.json(),
        second.json()
    );
}
