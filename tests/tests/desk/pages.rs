//! Every page of the navigation, with content and with what opens on it.

use serde_json::json;

use super::{Desk, at_both_widths};

/// Adds something for every page to show.
async fn fill_shop(desk: &Desk) {
    let shop = &desk.shop;
    shop.create_category("Powders").await;
    for (name, stock) in [("Vanilla", 0), ("Cocoa", 1), ("Plain", 40)] {
        let product = json!({
            "name": name, "categories": ["powders"], "group": "powder", "options": { "Flavour": name },
            "stock_quantity": stock, "low_stock_at": 2, "price": 20, "list_price": 25,
            "net_content": { "value": 1, "unit": "kg" },
            "food": { "allergens": ["eggs"], "may_contain": ["milk"], "diets": ["vegetarian"],
                "nutrition": { "basis": "100 g", "protein": 80, "fat": 0.5 } },
        });
        shop.create_product(product).await;
    }
    let review = json!({ "reviewer_name": "Ada", "rating": 4, "comment": "Mixes well." });
    let path = "/api/products/plain/reviews";
    let review = shop
        .anonymous()
        .post(path, &review)
        .await
        .expect(201)
        .json();
    let path = format!("/api/reviews/{}", review["id"]);
    let published = json!({ "is_verified": true });
    shop.admin().patch(&path, &published).await.expect(200);
    let webhook = json!({ "url": "https://receiver.example/hook", "types": ["product.*"] });
    shop.admin()
        .post("/api/webhooks", &webhook)
        .await
        .expect(201);
    for reason in ["delivery", "count", "loss"] {
        let change = if reason == "loss" { -1 } else { 3 };
        let movement = json!({ "change": change, "reason": reason });
        let path = "/api/products/plain/stock";
        shop.admin().post(path, &movement).await.expect(201);
    }
    desk.key("Old key", &["products:read"]).await;
}

#[tokio::test]
async fn every_page_opens() {
    at_both_widths("pages", async |desk| {
        fill_shop(desk).await;
        desk.sign_in().await;
        desk.sees("3 products").await;
        desk.press("Filters").await;
        desk.wait_for("choice", "Low").await;
        desk.look("filters").await;
        desk.visit("products/plain").await;
        desk.wait_for("heading", "Plain").await;
        desk.sees("Cocoa").await;
        desk.press("More actions").await;
        desk.look("product").await;
        desk.show("heading", "Food facts").await;
        desk.look("food").await;
        desk.press("Preview").await;
        desk.look("preview").await;
        desk.press("Close").await;
        desk.visit("stock/plain").await;
        desk.sees("Stock over time").await;
        desk.look("ledger").await;
        desk.visit("stock/low").await;
        desk.sees("1 left").await;
        desk.look("low").await;
        manage(desk).await;
    })
    .await;
}

/// The pages about the shop as a whole.
async fn manage(desk: &Desk) {
    desk.open("Categories").await;
    desk.press("Edit Powders").await;
    desk.look("category").await;
    desk.press("Cancel").await;
    desk.open("Reviews").await;
    desk.choose("Published").await;
    desk.sees("Mixes well.").await;
    desk.look("reviews").await;
    desk.open("Import and export").await;
    desk.look("files").await;
    desk.open("Keys").await;
    desk.press("Replace").await;
    desk.look("replace-key").await;
    desk.press("Cancel").await;
    desk.open("Webhooks").await;
    desk.sees("receiver.example").await;
    desk.look("webhooks").await;
    desk.press("Edit").await;
    desk.look("webhook").await;
    desk.press("Cancel").await;
    // Requests are recorded a little after their answers.
    let admin = desk.shop.admin();
    desk.until("a recorded request", async || {
        let metrics = admin.get("/api/metrics?days=1").await.expect(200);
        (metrics.json()["endpoints"] != json!([])).then_some(())
    })
    .await;
    desk.open("Metrics").await;
    desk.sees("Slowest routes").await;
    desk.press("All routes").await;
    desk.look("metrics").await;
}
