//! Content with markup is shown as text everywhere.

use std::fs;

use eggypro_domain::images::ImageFormat;
use eggypro_imaging::testing::picture;
use serde_json::json;
use tempfile::TempDir;

use super::{Desk, at_both_widths};

const MARKUP: &str = "<img src=x onerror=\"hacked=true\">";
const SCRIPT: &str = "<script>hacked=true</script>";

/// Elements that only markup in the content would make.
const MADE: &str = "return document.querySelectorAll('[onerror], [src=x], body script').length;";

/// A shop in which everything that people write has markup.
async fn fill_shop(desk: &Desk) {
    let admin = desk.shop.admin();
    // No picture, but it is there, so that the browser logs no error.
    let image = format!("http://{}/admin?\"onerror=\"hacked=true", desk.shop.address);
    let category = json!({ "name": format!("Bars {MARKUP}"), "slug": "bars" });
    admin.post("/api/categories", &category).await.expect(201);
    desk.shop
        .create_product(json!({
            "name": "Eggs", "title": format!("Eggs {MARKUP}"), "description": MARKUP, "details": SCRIPT,
            "ingredients": [MARKUP], "categories": ["bars"], "brand": MARKUP, "sku": "EP-1", "group": "eggs",
            "images": [image], "media": [{ "alt_text": MARKUP }],
            "options": { MARKUP: SCRIPT }, "stock_quantity": 1, "seo": { "title": MARKUP },
            "food": { "storage": MARKUP },
        }))
        .await;
    for is_verified in [true, false] {
        let review = json!({ "reviewer_name": format!("Ada {MARKUP}"), "rating": 5, "comment": format!("{is_verified} {SCRIPT}") });
        let review = desk
            .shop
            .anonymous()
            .post("/api/products/eggs/reviews", &review)
            .await
            .expect(201);
        let path = format!("/api/reviews/{}", review.json()["id"]);
        let decision = json!({ "is_verified": is_verified });
        admin.patch(&path, &decision).await.expect(200);
    }
    desk.key(&format!("Warehouse {MARKUP}"), &[]).await;
    let delivery = json!({ "change": 1, "reason": "delivery", "reference": MARKUP });
    admin
        .post("/api/products/eggs/stock", &delivery)
        .await
        .expect(201);
}

/// Waits for a text, and checks that no markup became an element.
async fn shows(desk: &Desk, text: &str) {
    desk.sees(text).await;
    assert_eq!(desk.driver.run(MADE, json!([])).await, 0, "{text}");
}

#[tokio::test]
async fn markup_is_shown_as_text() {
    at_both_widths("hostile", async |desk| {
        fill_shop(desk).await;
        let eggs = format!("Eggs {MARKUP}");
        desk.sign_in().await;
        shows(desk, &eggs).await;
        desk.look("products").await;
        desk.visit("products/eggs").await;
        desk.wait_for("heading", &eggs).await;
        desk.press("Preview").await;
        shows(desk, SCRIPT).await;
        desk.look("preview").await;
        desk.press("Close").await;
        desk.visit("stock/eggs").await;
        shows(desk, MARKUP).await;
        desk.open("Categories").await;
        shows(desk, &format!("Bars {MARKUP}")).await;
        desk.open("Reviews").await;
        shows(desk, &format!("Ada {MARKUP}")).await;
        shows(desk, SCRIPT).await;
        desk.choose("Published").await;
        shows(desk, SCRIPT).await;
        desk.open("Changes").await;
        shows(desk, MARKUP).await;
        desk.look("changes").await;
        desk.open("Keys").await;
        shows(desk, &format!("Warehouse {MARKUP}")).await;
    })
    .await;
}

#[tokio::test]
async fn names_of_files_are_shown_as_text() {
    let folder = TempDir::new().unwrap();
    let table = folder.path().join(format!("{MARKUP}.csv"));
    fs::write(&table, format!("sku,title,price\n{MARKUP},Eggs,{MARKUP}\n")).unwrap();
    let photo = folder.path().join(format!("{MARKUP}.png"));
    let large = picture(ImageFormat::Png, 40, 40, false);
    fs::write(&photo, &large[..60]).unwrap();
    at_both_widths("file-names", async |desk| {
        desk.shop.create_product(json!({ "name": "Eggs" })).await;
        desk.sign_in().await;
        desk.open("Import and export").await;
        desk.give_file(0, &table).await;
        shows(desk, &format!("What {MARKUP}.csv would do")).await;
        shows(desk, "1 row with errors").await;
        desk.look("import").await;
        desk.open("Products").await;
        desk.follow("Eggs").await;
        desk.wait_for("heading", "Pictures").await;
        // A broken picture: the error names its file.
        desk.expect(415);
        desk.give_file(0, &photo).await;
        shows(desk, &format!("{MARKUP}.png:")).await;
        desk.show("button", "Choose pictures").await;
        desk.look("picture").await;
    })
    .await;
}
