//! Two people save the same product.

use serde_json::json;

use super::{Desk, at_both_widths};

/// Whether exactly these sides of these fields are chosen.
const CHOSEN: &str = "const rows = [...document.querySelectorAll('dialog tbody tr')]; \
    const found = new Map(rows.map((row) => [row.querySelector('th').firstChild.textContent, \
    row.querySelector('input:checked').value])); \
    return found.size === arguments.length && [...arguments].every(([name, side]) => found.get(name) === side);";

/// Changes a product on the page, and meanwhile elsewhere.
async fn change_twice(desk: &Desk) {
    let eggs = json!({ "name": "Eggs", "price": 20, "brand": "Farm" });
    desk.shop.create_product(eggs).await;
    desk.sign_in().await;
    desk.follow("Eggs").await;
    desk.fill("Title", "My eggs").await;
    desk.fill("Price", "21").await;
    desk.fill("Brand", "My farm").await;
    let theirs = json!({ "price": 25, "brand": "Their farm", "description": "Their text." });
    let admin = desk.shop.admin();
    admin.patch("/api/products/eggs", &theirs).await.expect(200);
}

#[tokio::test]
async fn a_conflict_is_resolved_field_by_field() {
    at_both_widths("conflict", async |desk| {
        change_twice(desk).await;
        desk.expect(412);
        desk.press("Save").await;
        let question = "Somebody else has saved this product";
        desk.wait_for("heading", question).await;
        for text in ["My eggs", "€21.00", "€25.00", "Their farm", "Their text."] {
            desk.sees(text).await;
        }
        desk.sees("changed by both").await;
        desk.look("choices").await;
        let mine = ["Title", "Price", "Brand"].map(|name| json!([name, "mine"]));
        let chosen = json!([mine[0], mine[1], mine[2], ["Description", "theirs"]]);
        let what = "the choices that are made already";
        desk.until_script(what, CHOSEN, chosen).await;
        let their_price = "Price: take what was saved meanwhile";
        desk.click("field", their_price, true).await;
        desk.press("Save this choice").await;
        desk.is_told("My eggs is saved.").await;
        desk.look("saved").await;

        let saved = desk.product("eggs").await;
        let fields = ["title", "price", "brand", "description"].map(|name| saved[name].clone());
        let expected = json!(["My eggs", 25.0, "My farm", "Their text."]);
        assert_eq!(json!(fields), expected);
    })
    .await;
}
