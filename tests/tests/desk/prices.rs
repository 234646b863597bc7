//! Raising the prices of a category.

use serde_json::json;

use super::browser::ESCAPE;
use super::{Desk, at_both_widths};

async fn fill_shop(desk: &Desk) {
    desk.shop.create_category("Powders").await;
    for (name, price, categories) in [
        ("Vanilla", 39.9, json!(["powders"])),
        ("Cocoa", 20.0, json!(["powders"])),
        ("Plain", 0.9, json!(["powders"])),
        ("Bar", 2.9, json!([])),
    ] {
        let product = json!({ "name": name, "price": price, "categories": categories });
        desk.shop.create_product(product).await;
    }
}

/// Checks the prices of all four products, in their order.
async fn expect_prices(desk: &Desk, prices: [f64; 4]) {
    for (slug, price) in ["vanilla", "cocoa", "plain", "bar"].iter().zip(prices) {
        assert_eq!(desk.product(slug).await["price"], json!(price), "{slug}");
    }
}

/// Selects the products of the category.
async fn select(desk: &Desk) {
    desk.sees("4 products").await;
    desk.press("Filters").await;
    desk.choose("Powders").await;
    desk.sees("3 products").await;
    desk.press_keys(&ESCAPE.to_string()).await;
    for title in ["Vanilla", "Cocoa", "Plain"] {
        desk.click("field", &format!("Select {title}"), true).await;
    }
    desk.sees("3 products selected").await;
    desk.look("selected").await;
}

#[tokio::test]
async fn the_prices_of_a_category_rise_by_five_percent() {
    at_both_widths("prices", async |desk| {
        fill_shop(desk).await;
        desk.sign_in().await;
        select(desk).await;
        desk.press("Prices").await;
        desk.wait_for("heading", "Prices of 3 products").await;
        desk.fill("Change in percent", "5").await;
        desk.choose(".90").await;
        desk.sees("2 prices change, 1 stay.").await;
        // 39.90 + 5 % = 41.895, and 20 + 5 % = 21: the nearest prices that end with .90.
        for text in ["€39.90", "€41.90", "€20.00", "€20.90"] {
            desk.sees(text).await;
        }
        desk.look("preview").await;
        expect_prices(desk, [39.9, 20.0, 0.9, 2.9]).await;
        desk.press("Change the prices").await;
        desk.is_told("2 prices changed.").await;
        desk.look("changed").await;
        expect_prices(desk, [41.9, 20.9, 0.9, 2.9]).await;
        desk.press("Undo").await;
        desk.is_told("Undone.").await;
        expect_prices(desk, [39.9, 20.0, 0.9, 2.9]).await;
    })
    .await;
}
