//! A key that may do little.

use serde_json::json;

use super::at_both_widths;

const PAGES: [&str; 10] = [
    "Products",
    "Categories",
    "Stock",
    "Reviews",
    "Import and export",
    "Changes",
    "Keys",
    "Webhooks",
    "Metrics",
    "First steps",
];

/// The pages of the navigation, shown or behind the button of phones.
const NAVIGATION: &str = "return [...document.querySelectorAll('nav[aria-label=Pages] li:not([hidden])')] \
    .map((item) => item.textContent);";

#[tokio::test]
async fn what_a_key_may_not_do_is_hidden() {
    at_both_widths("permissions", async |desk| {
        desk.shop.create_product(json!({ "name": "Eggs" })).await;
        let reader = desk.key("Reader", &["products:read"]).await;
        desk.sign_in_with(&reader).await;
        desk.wait_for("heading", "Products").await;
        desk.sees("1 product").await;
        let shown = desk.driver.run(NAVIGATION, json!([])).await;
        assert_eq!(shown, json!(["Products", "Import and export"]));
        desk.look("reader").await;
        for name in ["Add product", "Import"] {
            assert!(!desk.has("link", name).await, "{name}");
        }
        assert!(!desk.has("field", "Select Eggs").await);
        assert!(!desk.has("button", "Price €39.90 of Eggs, edit").await);
        desk.follow("Eggs").await;
        desk.wait_for("heading", "Eggs").await;
        assert!(!desk.has("button", "Save").await);
        desk.look("product").await;
        // Addresses of other pages lead to the first one that is open.
        for address in ["keys", "changes", "stock", "reviews", "metrics"] {
            desk.visit(address).await;
            let is_back = "return location.hash.startsWith('#/products');";
            desk.until_script("the products", is_back, json!([])).await;
        }
        desk.wait_for("heading", "Products").await;
    })
    .await;
}

#[tokio::test]
async fn keys_open_what_they_may() {
    at_both_widths("roles", async |desk| {
        let moderator = desk.key("Moderator", &["reviews:moderate"]).await;
        desk.sign_in_with(&moderator).await;
        desk.sees("All reviews are read").await;
        let shown = desk.driver.run(NAVIGATION, json!([])).await;
        assert_eq!(shown, json!(["Reviews"]));

        let front_end = desk.key("Front end", &[]).await;
        desk.sign_in_with(&front_end).await;
        desk.sees("This key opens nothing here").await;
        desk.look("nothing").await;
        for page in PAGES {
            assert!(!desk.has("link", page).await, "{page}");
        }
        desk.press("Use another key").await;

        desk.expect(401);
        desk.fill("Admin secret or API key", "egg_wrong").await;
        desk.press("Sign in").await;
        desk.sees("This secret or key is not right.").await;
        desk.look("wrong").await;
    })
    .await;
}
