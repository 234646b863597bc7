//! Stock: movements, orders and reservations.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod ledger;
mod orders;
mod random;
mod reservations;

use eggypro_tests::{TestShop, User};
use serde_json::{Value, json};

const BAR: &str = "/api/products/bar";

/// A shop with a product `Bar` that has 5 pieces.
async fn shop() -> TestShop {
    let shop = TestShop::start().await;
    shop.create_product(json!({ "name": "Bar", "stock_quantity": 5 }))
        .await;
    shop
}

/// The stock of a product.
async fn stock(user: &User, product: &str) -> i64 {
    user.get(product).await.expect(200).json()["stock_quantity"]
        .as_i64()
        .unwrap()
}

/// All changes of the stock of a product, newest first, with their reasons.
async fn changes(user: &User, product: &str) -> Vec<(i64, String)> {
    let page = user
        .get(&format!("{product}/stock?limit=100"))
        .await
        .expect(200)
        .json();
    let movements = page["data"].as_array().unwrap().iter();
    movements
        .map(|movement| {
            let reason = movement["reason"].as_str().unwrap().to_owned();
            (movement["change"].as_i64().unwrap(), reason)
        })
        .collect()
}

/// The type of a problem, without its prefix.
fn kind(problem: &Value) -> &str {
    problem["type"]
        .as_str()
        .unwrap()
        .strip_prefix("urn:eggypro:problem:")
        .unwrap()
}
