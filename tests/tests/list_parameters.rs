//! The common rules for the parameters of lists.

use eggypro_tests::{TestShop, a_review};
use serde_json::{Value, json};

async fn stocked_shop() -> TestShop {
    let shop = TestShop::start().await;
    shop.create_category("Bars").await;
    shop.create_category("Powders").await;
    for (name, category) in [("Bar", "bars"), ("Powder", "powders"), ("Egg", "")] {
        let categories: Vec<&str> = [category]
            .into_iter()
            .filter(|slug| !slug.is_empty())
            .collect();
        let images = json!(["https://a.example/one.jpg", "https://a.example/two.jpg"]);
        let fields = json!({ "name": name, "categories": categories, "images": images });
        shop.create_product(fields).await;
    }
    shop
}

#[tokio::test]
async fn list_parameters_repeat_or_take_commas() {
    let shop = stocked_shop().await;
    let anonymous = shop.anonymous();
    let names = async |query: &str| {
        let page = anonymous.get(&format!("/api/products?{query}")).await;
        page.expect(200).names()
    };
    for query in [
        "category=bars,powders",
        "category=powders&category=bars",
        "category=bars%2C%20powders,bars,nothing",
        "category=bars,,powders,",
    ] {
        assert_eq!(names(query).await, ["Bar", "Powder"], "{query}");
    }
    let id = |product: &Value| product["id"].to_string();
    let all = anonymous.get("/api/products").await.json()["data"].clone();
    let (bar, egg) = (id(&all[0]), id(&all[1]));
    for query in [
        format!("ids={egg},{bar},{bar}"),
        format!("ids={bar}&ids={egg}&ids=999999"),
    ] {
        assert_eq!(names(&query).await, ["Bar", "Egg"], "{query}");
    }
    for query in ["facets=category,stock", "facets=stock&facets=category"] {
        let page = anonymous
            .get(&format!("/api/products?{query}"))
            .await
            .expect(200);
        let facets = page.json()["facets"].clone();
        assert_eq!(facets.as_object().unwrap().len(), 2, "{query}");
    }
    let many = (1..102)
        .map(|id| id.to_string())
        .collect::<Vec<_>>()
        .join(",");
    for (query, error) in [
        (
            "category=bars,Not a slug".to_owned(),
            "category: category must be a slug",
        ),
        (format!("ids={many}"), "ids: ids must be at most 100"),
        (
            "ids=1,x".to_owned(),
            "ids: ids must be whole numbers from 1",
        ),
        ("ids=0".to_owned(), "ids: ids must be whole numbers from 1"),
        (
            "facets=price,colour".to_owned(),
            "facets: facets must be some of category",
        ),
        (
            "fields=id,colour".to_owned(),
            "fields: fields must be some of id, name",
        ),
        (
            "sort=newest&sort=newest".to_owned(),
            "sort: sort is given twice",
        ),
        (
            "minRating=5.1".to_owned(),
            "minRating: minRating must be a number from 0 to 5",
        ),
    ] {
        let refused = anonymous
            .get(&format!("/api/products?{}", query.replace(' ', "%20")))
            .await;
        let errors = refused.expect_problem(400).errors();
        assert!(
            errors.len() == 1 && errors[0].starts_with(error),
            "{query}: {errors:?}"
        );
    }
}

#[tokio::test]
async fn an_empty_parameter_is_an_absent_one() {
    let shop = stocked_shop().await;
    let anonymous = shop.anonymous();
    let all = anonymous.get("/api/products").await.expect(200).json();
    let empty = "category=&search=&sort=&inStock=&minPrice=&maxPrice=&minRating=&ids=&limit=&offset=&cursor=&facets=\
                 &fields=&status=";
    assert_eq!(
        anonymous
            .get(&format!("/api/products?{empty}"))
            .await
            .expect(200)
            .json(),
        all
    );
    let page = anonymous
        .get("/api/products/search?q=bar&sort=&cursor=&offset=1&limit=")
        .await;
    page.expect(200);
    anonymous
        .get("/api/products/search?q=")
        .await
        .expect_problem(400);
    anonymous
        .get("/api/products/bar/reviews?rating=&sort=&verified=&cursor=")
        .await
        .expect(200);
    anonymous.get("/api/categories?status=").await.expect(200);
    anonymous
        .get("/api/products?colour=")
        .await
        .expect_problem(400);
    shop.admin()
        .delete("/api/products/bar?permanent=")
        .await
        .expect(204);
    assert_eq!(
        shop.admin()
            .get("/api/products?status=inactive")
            .await
            .names(),
        ["Bar"]
    );
}

#[tokio::test]
async fn fields_selects_members() {
    let shop = stocked_shop().await;
    let anonymous = shop.anonymous();
    let item = async |path: &str| {
        let page = anonymous.get(path).await.expect(200);
        (page.json()["data"][0].clone(), page.text())
    };
    let (picked, text) = item("/api/products?fields=slug,price&fields=id&limit=1").await;
    let (whole, _) = item("/api/products?limit=1").await;
    let expected = json!({ "id": whole["id"], "slug": whole["slug"], "price": whole["price"] });
    assert_eq!(picked, expected);
    // The values look as they do in the full item.
    assert!(text.contains("\"price\":39.90"), "{text}");
    let (hit, _) = item("/api/products/search?q=bar&fields=highlight,rating").await;
    assert_eq!(hit["highlight"]["name"], "<mark>Bar</mark>");
    assert_eq!(hit.as_object().unwrap().len(), 2);
    // Every member can be picked by its name.
    for member in whole.as_object().unwrap().keys() {
        let (picked, _) = item(&format!("/api/products?limit=1&fields={member}")).await;
        assert_eq!(picked, json!({ member: whole[member] }));
    }
    anonymous
        .get("/api/products?fields=highlight")
        .await
        .expect_problem(400);
}

#[tokio::test]
async fn the_minimum_rating_compares_the_shown_average() {
    let shop = stocked_shop().await;
    for (slug, ratings) in [("bar", vec![4, 4, 5]), ("egg", vec![5])] {
        let path = format!("/api/products/{slug}/reviews");
        for (number, rating) in ratings.into_iter().enumerate() {
            let comment = format!("Of {number}.");
            let review = a_review(json!({ "rating": rating, "comment": comment }));
            let made = shop
                .anonymous()
                .post(&path, &review)
                .await
                .expect(201)
                .json();
            shop.verify(&made["id"], true).await.expect(200);
        }
    }
    let names = async |least: &str| {
        let page = shop
            .anonymous()
            .get(&format!("/api/products?minRating={least}"))
            .await;
        page.expect(200).names()
    };
    assert_eq!(names("0").await.len(), 3);
    assert_eq!(names("4.33").await, ["Bar", "Egg"]);
    assert_eq!(names("4.34").await, ["Egg"]);
    let found = shop
        .anonymous()
        .get("/api/products/search?q=bar&minRating=4.34")
        .await;
    assert_eq!(found.expect(200).names(), Vec::<String>::new());
}

#[tokio::test]
async fn suggestions_have_price_and_image() {
    let shop = stocked_shop().await;
    let suggestions = shop.anonymous().get("/api/products/suggest?q=ba").await;
    let suggestion = &suggestions.expect(200).json()["data"][0];
    let expected = json!({
        "name": "Bar", "title": "Bar", "slug": "bar", "price": 39.9, "image": "https://a.example/one.jpg"
    });
    assert_eq!(*suggestion, expected);
    shop.admin()
        .patch("/api/products/bar", &json!({ "images": [] }))
        .await
        .expect(200);
    let suggestions = shop.anonymous().get("/api/products/suggest?q=ba").await;
    assert_eq!(suggestions.json()["data"][0]["image"], Value::Null);
}
