//! The first steps in an empty shop.

use serde_json::json;

use super::at_both_widths;

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
        desk.is_told("The demonstration is loaded.").await;
        desk.sees("24 products").await;
        desk.look("loaded").await;
        let product = desk.product("eggypro-vanilla-protein-powder-1kg").await;
        assert_eq!(product["price"], json!(39.9));
        assert_eq!(product["food"]["nutrition"]["protein"], json!(76.7));
        assert_eq!(product["categories"][0]["name"], "Protein powders");
        assert_eq!(product["options"]["Size"], "1 kg");
    })
    .await;
}
