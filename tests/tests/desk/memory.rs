//! The session is in the memory of the page only.

use eggypro_tests::ADMIN_SECRET;
use serde_json::json;

use super::at_both_widths;

/// What the document and its address hold, with the values of the fields.
const CONTENT: &str = "const values = [...document.querySelectorAll('input')].map((input) => input.value); \
    return document.documentElement.outerHTML + location.href + values.join();";

#[tokio::test]
async fn a_page_that_is_loaded_again_knows_no_secret() {
    at_both_widths("memory", async |desk| {
        desk.sign_in().await;
        let content = desk.driver.run(CONTENT, json!([])).await;
        let content = content.as_str().unwrap();
        assert!(!content.contains(ADMIN_SECRET), "the page holds the secret");
        assert!(!content.contains("eyJ"), "the page holds the token");
        desk.open("Keys").await;
        desk.driver.run("location.reload();", json!([])).await;
        desk.wait_for("heading", "Sign in to your shop").await;
        desk.look("sign-in").await;
        // The address is kept, so that one goes on where one was.
        desk.fill("Admin secret or API key", ADMIN_SECRET).await;
        desk.press("Sign in").await;
        desk.wait_for("heading", "Keys").await;

        if desk.width == super::Width::Phone {
            desk.press("Menu").await;
        }
        desk.press("Sign out").await;
        desk.sees("What is not saved is lost.").await;
        desk.press("Sign out").await;
        desk.wait_for("heading", "Sign in to your shop").await;
    })
    .await;
}
