//! Mistakes in queries.

use eggypro_tests::TestShop;

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
