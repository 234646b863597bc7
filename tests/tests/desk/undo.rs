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

/// Presses the undo of the entry of the log with this text.
async fn undo_entry(desk: &Desk, text: &str) {
    let script = "const isMeant = (entry) => entry.innerText.replace(/\\s+/g, ' ').includes(arguments[0]); \
        const button = [...document.querySelectorAll('.change')].find(isMeant)?.querySelector('button'); \
        button?.click(); return Boolean(button);";
    let what = format!("the undo of “{text}”");
    desk.until_script(&what, script, json!([text])).await;
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

#[tokio::test]
async fn an_undo_asks_before_it_overwrites_a_newer_change() {
    at_both_widths("undo-newer", async |desk| {
        desk.shop
            .create_product(json!({ "name": "Eggs", "price": 20 }))
            .await;
        for (name, price) in [("Mara", 25), ("Tom", 30)] {
            let user = desk.shop.bearer(&desk.key(name, &["products:write"]).await);
            user.patch("/api/products/eggs", &json!({ "price": price }))
                .await
                .expect(200);
        }
        desk.sign_in().await;
        desk.open("Changes").await;
        undo_entry(desk, "Key Mara").await;
        let question = "Overwrite a newer change?";
        desk.wait_for("heading", question).await;
        desk.sees("Price: €30.00").await;
        desk.look("question").await;
        desk.press("Cancel").await;
        desk.misses(question).await;
        assert_eq!(desk.product("eggs").await["price"], json!(30.0));

        undo_entry(desk, "Key Mara").await;
        desk.wait_for("heading", question).await;
        desk.press("Undo").await;
        desk.is_told("Undone.").await;
        assert_eq!(desk.product("eggs").await["price"], json!(20.0));

        // Nothing was changed after the last entry, so its undo asks nothing.
        desk.sees("€30.00 → €20.00").await;
        undo_entry(desk, "€30.00 → €20.00").await;
        desk.sees("€20.00 → €30.00").await;
        assert_eq!(desk.product("eggs").await["price"], json!(30.0));
    })
    .await;
}
