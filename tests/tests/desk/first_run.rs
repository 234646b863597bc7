//! The first steps in an empty shop.

use serde_json::json;

use super::{Desk, at_both_widths};

#[tokio::test]
async fn an_empty_shop_shows_how_to_begin() {
    at_both_widths("first-run", async |desk| {
        desk.sign_in().await;
        desk.wait_for("heading", "Your shop is empty. Let’s fill the shelves.")
            .await;
        desk.look("empty").await;
        desk.follow("Import a file").await;
        desk.wait_for("heading", "Import and export").await;
        desk.open("Products").await;
        desk.follow("Make categories").await;
        desk.wait_for("heading", "Categories").await;
        desk.open("Products").await;
        desk.follow("Add a product").await;
        desk.wait_for("heading", "New product").await;

        // The API says what is missing, each at its field.
        desk.expect(422);
        desk.press("Create product").await;
        desk.sees("fields need your attention").await;
        desk.look("errors").await;
        for (name, text) in [
            ("Title", "Crème brûlée bar"),
            ("Description", "A bar."),
            ("Details", "Keep dry."),
            ("Ingredients", "Egg white\nSugar"),
            ("Price", "2.90"),
        ] {
            desk.fill(name, text).await;
        }
        desk.press("Create product").await;
        desk.is_told("Crème brûlée bar is created.").await;
        desk.wait_for("heading", "Crème brûlée bar").await;
        desk.look("created").await;
        let product = desk.product("creme-brulee-bar").await;
        assert_eq!(product["ingredients"], json!(["Egg white", "Sugar"]));
        desk.open("Products").await;
        desk.sees("1 product").await;
    })
    .await;
}

#[tokio::test]
async fn an_empty_shop_shows_the_demonstration() {
    at_both_widths("demonstration", async |desk| {
        desk.sign_in().await;
        desk.press("Load the demonstration").await;
        desk.wait_for("heading", "Load the demonstration?").await;
        desk.look("question").await;
        desk.press("Cancel").await;
        expect_empty(desk).await;

        load(desk).await;
        desk.is_told("The demonstration is loaded.").await;
        let product = desk.product("eggypro-vanilla-protein-powder-1kg").await;
        assert_eq!(product["price"], json!(39.9));
        assert_eq!(product["food"]["nutrition"]["protein"], json!(76.7));
        assert_eq!(product["categories"][0]["name"], "Protein powders");
        assert_eq!(product["options"]["Size"], "1 kg");

        desk.press("Undo").await;
        desk.is_told("Undone.").await;
        desk.wait_for("heading", "Your shop is empty. Let’s fill the shelves.")
            .await;
        expect_empty(desk).await;

        load(desk).await;
        // The table has tools; the first steps have none.
        desk.wait_for("field", "Search products").await;
        desk.sees("24 products").await;
        desk.look("loaded").await;
        // It is not offered beside products.
        desk.visit("start").await;
        desk.wait_for("heading", "Ways to add products").await;
        assert!(!desk.has("button", "Load the demonstration").await);
    })
    .await;
}

/// Loads the demonstration and answers its question.
async fn load(desk: &Desk) {
    desk.press("Load the demonstration").await;
    desk.press("Load it").await;
}

/// The shop has neither products nor categories.
async fn expect_empty(desk: &Desk) {
    for path in ["/api/products?status=all", "/api/categories?status=all"] {
        let list = desk.shop.admin().get(path).await.expect(200).json();
        assert_eq!(list["data"], json!([]), "{path}");
    }
}

#[tokio::test]
async fn who_sees_only_a_part_of_the_products_gets_no_first_steps() {
    at_both_widths("first-run-writer", async |desk| {
        let hidden = json!({ "name": "Eggs", "is_active": false });
        desk.shop.create_product(hidden).await;
        let writer = desk.key("Writer", &["products:write"]).await;
        desk.sign_in_with(&writer).await;
        desk.sees("No product matches").await;
        assert!(!desk.has("button", "Load the demonstration").await);
        desk.look("products").await;
        desk.visit("start").await;
        desk.wait_for("heading", "Ways to add products").await;
        assert!(!desk.has("button", "Load the demonstration").await);
        desk.look("start").await;
    })
    .await;
}
