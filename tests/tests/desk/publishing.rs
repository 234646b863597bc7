//! Publishing something on Friday.

use serde_json::json;

use super::at_both_widths;

#[tokio::test]
async fn a_product_appears_on_friday() {
    at_both_widths("publishing", async |desk| {
        desk.shop
            .create_product(json!({ "name": "Easter bar", "is_active": false }))
            .await;
        desk.sign_in().await;
        desk.follow("Easter bar").await;
        // A Friday at nine o'clock in Berlin.
        desk.set("Show from", "2040-01-06T09:00").await;
        desk.sees("Appears on Friday, 6 January 2040").await;
        desk.show("field", "Show from").await;
        desk.look("friday").await;
        desk.press("Save").await;
        desk.is_told("Easter bar is saved.").await;
        let product = desk.product("easter-bar").await;
        assert_eq!(product["publish_at"], "2040-01-06T08:00:00Z");
        assert_eq!(product["is_active"], json!(false));
        desk.shop
            .anonymous()
            .get("/api/products/easter-bar")
            .await
            .expect(404);
    })
    .await;
}
