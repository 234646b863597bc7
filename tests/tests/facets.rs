//! Facets of lists and searches.

use eggypro_tests::TestShop;
use serde_json::{Value, json};

#[tokio::test]
async fn facets_count_the_whole_list() {
    let shop = TestShop::start().await;
    shop.create_category("Bars").await;
    let fields =
        json!({ "name": "Small Bar", "price": 4.99, "stock_quantity": 0, "categories": ["bars"] });
    shop.create_product(fields).await;
    let fields =
        json!({ "name": "Large Bar", "price": 25, "stock_quantity": 2, "categories": ["bars"] });
    shop.create_product(fields).await;
    let user = shop.anonymous();
    let expected = json!({
        "category": [{ "slug": "bars", "name": "Bars", "count": 2 }],
        "price": {
            "min": 4.99,
            "max": 25.0,
            "ranges": [{ "min": 0.0, "max": 4.99, "count": 1 }, { "min": 20.0, "max": 49.99, "count": 1 }],
        },
        "rating": [{ "stars": null, "count": 2 }],
        "stock": { "in_stock": 1, "out_of_stock": 1 },
    });
    for path in [
        "/api/products?limit=1",
        "/api/products/search?q=bar&limit=1",
    ] {
        let answer = user
            .get(&format!("{path}&facets=stock,rating,price,category"))
            .await
            .expect(200);
        assert_eq!(answer.json()["facets"], expected, "{path}");
        let answer = user.get(path).await.expect(200);
        assert_eq!(answer.json().get("facets"), None, "{path}");
    }
    let answer = user
        .get("/api/products?inStock=true&facets=category")
        .await
        .expect(200);
    assert_eq!(
        answer.json()["facets"],
        json!({ "category": [{ "slug": "bars", "name": "Bars", "count": 1 }] })
    );
    for facets in ["colour", "stock,x", "Stock"] {
        let refused = user
            .get(&format!("/api/products?facets={facets}"))
            .await
            .expect_problem(400);
        assert_eq!(
            refused.errors(),
            ["facets: facets must be some of category, price, rating, stock, diet, allergen"]
        );
    }
    // A changed rating is counted at once.
    let review = json!({ "reviewer_name": "Ada", "rating": 5, "comment": "Good." });
    let review = user
        .post("/api/products/large-bar/reviews", &review)
        .await
        .expect(201)
        .json();
    let path = format!("/api/reviews/{}", review["id"]);
    shop.admin()
        .patch(&path, &json!({ "is_verified": true }))
        .await
        .expect(200);
    let answer = user.get("/api/products?facets=rating").await.expect(200);
    let counted: Value = json!([{ "stars": 5, "count": 1 }, { "stars": null, "count": 1 }]);
    assert_eq!(answer.json()["facets"]["rating"], counted);
}
