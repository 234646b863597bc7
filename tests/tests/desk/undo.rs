//! Undoing a slip.

use serde_json::json;

use super::browser::{CTRL, ENTER, ESCAPE, Width};
use super::{Desk, at_both_widths};

/// Changes the price of `Eggs` in the table.
async fn change_price(desk: &Desk, from: &str, to: &str) {
    change_price_with(desk, from, to, ENTER).await;
}

/// Types a price of `Eggs` into the table, and then a key.
async fn change_price_with(desk: &Desk, from: &str, to: &str, key: char) {
    desk.press(&format!("Price {from} of Eggs, edit")).await;
    desk.fill("Price of Eggs", &format!("{to}{key}")).await;
}

/// How many messages were shown.
async fn messages(desk: &Desk) -> u64 {
    let count = desk.driver.run("return messages.length;", json!([])).await;
    count.as_u64().unwrap()
}

#[tokio::test]
async fn a_slip_is_undone_at_once_and_later() {
    at_both_widths("undo", async |desk| {
        desk.shop
            .create_product(json!({ "name": "Eggs", "price": 39.9 }))
            .await;
        desk.sign_in().await;
        change_price(desk, "€39.90", "3.99").await;
        desk.is_told("Eggs costs €3.99 now.").await;
        assert_eq!(desk.product("eggs").await["price"], json!(3.99));
        desk.look("slip").await;
        match desk.width {
            Width::Laptop => desk.press_keys(&format!("{CTRL}z")).await,
            Width::Phone => desk.press("Undo").await,
        }
        desk.is_told("Undone.").await;
        desk.sees("€39.90").await;
        assert_eq!(desk.product("eggs").await["price"], json!(39.9));

        change_price(desk, "€39.90", "399").await;
        desk.is_told("Eggs costs €399.00 now.").await;
        desk.close_messages().await;
        // The message is gone, but the log of changes stays.
        desk.open("Changes").await;
        desk.sees("€39.90 → €399.00").await;
        desk.look("log").await;
        desk.press("Undo").await;
        desk.sees("€399.00 → €39.90").await;
        assert_eq!(desk.product("eggs").await["price"], json!(39.9));
    })
    .await;
}

#[tokio::test]
async fn escape_saves_nothing() {
    at_both_widths("escape", async |desk| {
        desk.shop
            .create_product(json!({ "name": "Eggs", "price": 39.9 }))
            .await;
        desk.sign_in().await;
        change_price_with(desk, "€39.90", "3.99", ESCAPE).await;
        desk.wait_for("button", "Price €39.90 of Eggs, edit").await;
        // A save would have come before this one.
        change_price_with(desk, "€39.90", "38", ENTER).await;
        desk.is_told("Eggs costs €38.00 now.").await;
        assert_eq!(messages(desk).await, 1);
        assert_eq!(desk.product("eggs").await["version"], json!(2));
    })
    .await;
}
