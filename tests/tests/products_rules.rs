//! The rules of a product, and the error messages of broken rules.

use eggypro_tests::{TestShop, a_product};
use serde_json::json;

#[tokio::test]
async fn each_rule_is_named_with_its_message() {
    let shop = TestShop::start().await;
    shop.create_category("Bars").await;
    for (fields, message) in [
        (json!({ "name": null }), "name: Name is required"),
        (json!({ "name": "" }), "name: Name is required"),
        (json!({ "name": "  " }), "name: Name is required"),
        (json!({ "name": "a".repeat(256) }), "name: Name too long"),
        (
            json!({ "name": "Egg & Co" }),
            "name: Name contains invalid characters",
        ),
        (
            json!({ "name": "a\nb" }),
            "name: Name contains invalid characters",
        ),
        (json!({ "name": 5 }), "name: Name must be a text"),
        (json!({ "slug": "" }), "slug: Slug is required"),
        (json!({ "slug": "a".repeat(256) }), "slug: Slug too long"),
        (
            json!({ "slug": "A b" }),
            "slug: Slug must contain only lowercase letters, numbers, and hyphens",
        ),
        (
            json!({ "slug": "search" }),
            "slug: Slug is reserved: search",
        ),
        (
            json!({ "name": "Suggest" }),
            "slug: Slug is reserved: suggest",
        ),
        (
            json!({ "description": "" }),
            "description: Description is required",
        ),
        (
            json!({ "description": "a".repeat(10_001) }),
            "description: Description too long",
        ),
        (
            json!({ "description": "a\u{0}b" }),
            "description: Description must not contain NUL characters",
        ),
        (json!({ "details": null }), "details: Details is required"),
        (json!({ "price": null }), "price: Price is required"),
        (json!({ "price": 0 }), "price: Price must be positive"),
        (json!({ "price": -1 }), "price: Price must be positive"),
        (json!({ "price": 1_000_000 }), "price: Price too high"),
        (json!({ "price": 1e30 }), "price: Price too high"),
        (
            json!({ "price": 1.005 }),
            "price: Price must have at most two decimals",
        ),
        (json!({ "price": "39.90" }), "price: Price must be a number"),
        (json!({ "price": [1] }), "price: Price must be a number"),
        (
            json!({ "images": "https://a.example/b.jpg" }),
            "images: Images must be a list of texts",
        ),
        (
            json!({ "images": ["/b.jpg"] }),
            "images[0]: Image URL must be an absolute http or https URL",
        ),
        (
            json!({ "images": vec!["https://a.example/b.jpg"; 21] }),
            "images: Too many images",
        ),
        (
            json!({ "ingredients": [] }),
            "ingredients: At least one ingredient is required",
        ),
        (
            json!({ "ingredients": null }),
            "ingredients: At least one ingredient is required",
        ),
        (
            json!({ "ingredients": vec!["a"; 51] }),
            "ingredients: Too many ingredients",
        ),
        (
            json!({ "ingredients": ["a", ""] }),
            "ingredients[1]: Ingredient is required",
        ),
        (
            json!({ "ingredients": ["a", 1] }),
            "ingredients: Ingredients must be a list of texts",
        ),
        (
            json!({ "stock_quantity": -1 }),
            "stock_quantity: Stock quantity cannot be negative",
        ),
        (
            json!({ "stock_quantity": 1.5 }),
            "stock_quantity: Stock quantity must be an integer",
        ),
        (
            json!({ "stock_quantity": "1" }),
            "stock_quantity: Stock quantity must be an integer",
        ),
        (
            json!({ "stock_quantity": 3_000_000_000_u32 }),
            "stock_quantity: Stock quantity too high",
        ),
        (
            json!({ "is_active": "yes" }),
            "is_active: Is active must be true or false",
        ),
        (
            json!({ "categories": ["bars", "cars"] }),
            "categories: Unknown category: cars",
        ),
        (
            json!({ "categories": ["Not a slug"] }),
            "categories: Unknown category: Not a slug",
        ),
    ] {
        let refused = shop
            .admin()
            .post("/api/products", &a_product(fields))
            .await
            .expect_problem(422);
        assert_eq!(refused.errors(), [message]);
    }
    let unknown = shop
        .admin()
        .post("/api/products", &a_product(json!({ "colour": "red" })))
        .await
        .expect_problem(422);
    assert!(
        unknown.errors()[0].starts_with("colour: Unknown field: colour."),
        "{:?}",
        unknown.errors()
    );
    assert!(
        shop.anonymous()
            .get("/api/products")
            .await
            .names()
            .is_empty()
    );
}

#[tokio::test]
async fn every_broken_field_is_named_at_once() {
    let shop = TestShop::start().await;
    let refused = shop
        .admin()
        .post(
            "/api/products",
            &json!({ "price": 1.005, "stock_quantity": -1, "x": 1, "categories": ["nothing"] }),
        )
        .await;
    let fields: Vec<_> = refused
        .expect_problem(422)
        .errors()
        .iter()
        .map(|error| error.split(':').next().unwrap().to_owned())
        .collect();
    for field in [
        "price",
        "stock_quantity",
        "x",
        "name",
        "description",
        "details",
        "ingredients",
        "categories",
    ] {
        assert_eq!(
            fields.iter().filter(|broken| *broken == field).count(),
            1,
            "{field} in {fields:?}"
        );
    }
    assert_eq!(fields.len(), 8);
}
