//! The catalog of the Universal Commerce Protocol, as agents meet it.

mod mcp;
mod rest;

use eggypro_tests::{TestShop, a_product};
use serde_json::json;

/// A shop with a group of two powders, a bar, and a bar that is not active.
async fn shop() -> TestShop {
    let shop = TestShop::start().await;
    for (name, flavour, price) in [("vanilla", "Vanilla", 39.9), ("cacao", "Cacao", 41.9)] {
        let variant = a_product(json!({
            "name": name, "title": format!("Powder {flavour}"), "price": price, "sku": name.to_uppercase(),
            "stock_quantity": 3, "group": "powder", "options": { "Flavour": flavour },
            "net_content": { "value": 1, "unit": "kg" }
        }));
        shop.admin()
            .post("/api/products", &variant)
            .await
            .expect(201);
    }
    shop.create_product(json!({ "name": "Bar", "price": 2.5 }))
        .await;
    shop.create_product(json!({ "name": "Hidden bar", "is_active": false }))
        .await;
    shop
}
