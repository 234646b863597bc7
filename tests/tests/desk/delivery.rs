//! Correcting the stock after a delivery.

use serde_json::json;

use super::browser::ENTER;
use super::{Desk, at_both_widths};

/// Whether the code was taken.
const EMPTY: &str = "return document.querySelector('.code-input').value === '';";

const CODE: &str = "SKU, GTIN or title";

async fn fill_shop(desk: &Desk) {
    let vanilla = json!({ "name": "Vanilla", "sku": "EP-VAN", "stock_quantity": 3 });
    let cocoa = json!({
        "name": "Cocoa", "sku": "EP-COC", "gtin": "4006381333931", "low_stock_at": 2,
    });
    desk.shop.create_product(vanilla).await;
    desk.shop.create_product(cocoa).await;
}

async fn expect_stock(desk: &Desk, slug: &str, stock: u32) {
    assert_eq!(desk.product(slug).await["stock_quantity"], stock, "{slug}");
}

#[tokio::test]
async fn a_delivery_is_booked_and_a_count_corrects_it() {
    at_both_widths("delivery", async |desk| {
        fill_shop(desk).await;
        desk.sign_in().await;
        desk.open("Stock").await;
        // A scanner types the code and presses Enter. A second scan is a second piece.
        for code in ["EP-VAN", "EP-VAN", "4006381333931"] {
            desk.fill(CODE, &format!("{code}{ENTER}")).await;
            desk.until_script("the empty field", EMPTY, json!([])).await;
        }
        // The field is empty before its code is found.
        desk.sees("2 products, 3 pieces").await;
        assert_eq!(desk.value("Pieces of Vanilla").await, "2");
        desk.fill("Pieces of Cocoa", "24").await;
        desk.sees("0 → 24 (+24)").await;
        let reference = "Reference (delivery note, order)";
        desk.fill(reference, "DN-2041").await;
        desk.look("delivery").await;
        desk.press("Book the delivery").await;
        desk.is_told("Delivery of 2 products is booked.").await;
        expect_stock(desk, "vanilla", 5).await;
        expect_stock(desk, "cocoa", 24).await;

        desk.choose("Count").await;
        desk.fill(CODE, &format!("cocoa{ENTER}")).await;
        desk.fill("Pieces of Cocoa", "22").await;
        desk.sees("24 → 22 (-2)").await;
        desk.press("Save the count").await;
        desk.is_told("Count of 1 product is saved.").await;
        expect_stock(desk, "cocoa", 22).await;

        desk.visit("stock/cocoa").await;
        desk.wait_for("heading", "Cocoa").await;
        desk.sees("DN-2041").await;
        desk.look("ledger").await;
    })
    .await;
}
