//! Writing on while a save takes its time.

use serde_json::json;

use super::{Desk, at_both_widths};

/// Holds back what the page writes until `release` is called.
const HOLD: &str = "const send = window.fetch; \
    const released = new Promise((resolve) => { window.release = resolve; }); \
    window.fetch = async (address, request) => { \
    if (request?.method === 'PATCH') { window.held = true; await released; } \
    return send(address, request); };";

/// Saves a new title, and writes a description and a longer title before the answer comes.
async fn write_during_a_save(desk: &Desk) {
    desk.driver.run(HOLD, json!([])).await;
    desk.fill("Title", "Fresh").await;
    desk.press("Save").await;
    let held = "return window.held ?? null;";
    desk.until_script("the save", held, json!([])).await;
    desk.fill("Description", "From the farm.").await;
    desk.fill("Title", "Fresh eggs").await;
    desk.driver.run("window.release();", json!([])).await;
    desk.is_told("Fresh is saved.").await;
}

#[tokio::test]
async fn what_is_typed_during_a_save_is_kept() {
    at_both_widths("slow-save", async |desk| {
        let eggs = json!({ "name": "Eggs", "brand": "Farm" });
        desk.shop.create_product(eggs).await;
        desk.sign_in().await;
        desk.follow("Eggs").await;
        write_during_a_save(desk).await;
        assert_eq!(desk.product("eggs").await["title"], json!("Fresh"));
        desk.sees("2 fields changed").await;
        assert_eq!(desk.value("Title").await, "Fresh eggs");
        assert_eq!(desk.value("Description").await, "From the farm.");
        desk.look("kept").await;
        desk.press("Save").await;
        desk.is_told("Fresh eggs is saved.").await;

        let saved = desk.product("eggs").await;
        let fields = ["title", "description", "brand"].map(|name| saved[name].clone());
        let expected = json!(["Fresh eggs", "From the farm.", "Farm"]);
        assert_eq!(json!(fields), expected);
    })
    .await;
}
