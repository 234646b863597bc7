//! Taking a change of many products back, after somebody else has changed one of them.

use serde_json::{Value, json};

use super::{Desk, at_both_widths};

/// Whether the products are visible, in their order.
async fn visible(desk: &Desk) -> Value {
    let mut visible = vec![];
    for slug in ["cocoa", "plain", "vanilla"] {
        visible.push(desk.product(slug).await["is_active"].clone());
    }
    visible.into()
}

#[tokio::test]
async fn the_others_are_taken_back() {
    at_both_widths("bulk-undo", async |desk| {
        for name in ["Cocoa", "Plain", "Vanilla"] {
            desk.shop.create_product(json!({ "name": name })).await;
        }
        desk.sign_in().await;
        desk.sees("3 products").await;
        for title in ["Cocoa", "Plain", "Vanilla"] {
            desk.click("field", &format!("Select {title}"), true).await;
        }
        desk.sees("3 products selected").await;
        let admin = desk.shop.admin();
        // What is changed elsewhere before, beside the visibility, is in the way of nothing.
        let brand = json!({ "brand": "Farm" });
        admin.patch("/api/products/cocoa", &brand).await.expect(200);
        desk.press("Visibility").await;
        desk.press("Hide from the shop").await;
        desk.is_told("3 products hidden now.").await;
        assert_eq!(visible(desk).await, json!([false, false, false]));
        admin.patch("/api/products/plain", &brand).await.expect(200);
        desk.press("Undo").await;
        desk.is_told("1 product can’t be taken back").await;
        desk.look("left").await;
        assert_eq!(visible(desk).await, json!([true, false, true]));
    })
    .await;
}
