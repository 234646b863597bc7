//! Giving the warehouse program its key.

use serde_json::json;

use super::{Desk, at_both_widths};

const STOCK: &str = "/api/products/eggs/stock";

/// Creates the key on the page, and returns its secret.
async fn create_key(desk: &Desk) -> String {
    desk.open("Keys").await;
    desk.press("New key").await;
    desk.fill("Name", "Warehouse").await;
    desk.look("new").await;
    desk.press("Create key").await;
    desk.wait_for("heading", "The key “Warehouse”").await;
    let secret = desk.value("The secret").await;
    desk.look("secret").await;
    desk.press("I have copied it").await;
    desk.sees("never used").await;
    desk.look("keys").await;
    let content = "return document.documentElement.outerHTML;";
    let content = desk.driver.run(content, json!([])).await;
    assert!(
        !content.as_str().unwrap().contains(&secret),
        "the secret is still in the page"
    );
    secret
}

#[tokio::test]
async fn the_warehouse_program_gets_its_key() {
    at_both_widths("keys", async |desk| {
        let eggs = json!({ "name": "Eggs", "stock_quantity": 3 });
        desk.shop.create_product(eggs).await;
        desk.sign_in().await;
        let secret = create_key(desk).await;

        let program = desk.shop.bearer(&secret);
        let delivery = json!({ "change": 5, "reason": "delivery" });
        program.post(STOCK, &delivery).await.expect(201);
        assert_eq!(desk.product("eggs").await["stock_quantity"], 8);
        let price = json!({ "price": 1 });
        let refused = program.patch("/api/products/eggs", &price).await;
        refused.expect(403);

        desk.press("Revoke").await;
        let question = "Revoke the key “Warehouse”?";
        desk.wait_for("heading", question).await;
        desk.look("revoke").await;
        desk.press("Revoke").await;
        desk.is_told("The key “Warehouse” no longer holds.").await;
        program.post(STOCK, &delivery).await.expect(401);
    })
    .await;
}
