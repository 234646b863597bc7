//! Replacing a photo.

use std::fs;

use eggypro_domain::images::ImageFormat;
use eggypro_imaging::testing::picture;
use eggypro_tests::{ADMIN_SECRET, IMAGES, a_photo, form, upload};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Desk, at_both_widths};

/// How wide the picture of the form is, once it is loaded.
const WIDTH: &str =
    "return document.querySelector('.picture:not(.uploading) img')?.naturalWidth || null;";

/// Creates a product with a picture.
async fn create_eggs(desk: &Desk) {
    desk.shop.create_product(json!({ "name": "Eggs" })).await;
    let admin = desk.shop.admin();
    upload(&admin, IMAGES, form([a_photo()])).await.expect(201);
    let alt = json!({ "media": [{ "alt_text": "A box of eggs" }] });
    admin.patch("/api/products/eggs", &alt).await.expect(200);
}

/// The addresses of pictures name the server as it is configured, which may be another name than that of the page.
#[tokio::test]
async fn pictures_are_shown_at_every_name_of_the_server() {
    at_both_widths("server-name", async |desk| {
        create_eggs(desk).await;
        let address = format!("http://localhost:{}/admin", desk.shop.address.port());
        desk.sign_in_at(&address, ADMIN_SECRET).await;
        desk.follow("Eggs").await;
        desk.until_script("the photo", WIDTH, json!([])).await;
    })
    .await;
}

#[tokio::test]
async fn a_photo_is_replaced() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("new photo.png");
    fs::write(&file, picture(ImageFormat::Png, 640, 480, false)).unwrap();
    at_both_widths("photo", async |desk| {
        create_eggs(desk).await;
        let before = desk.product("eggs").await;

        desk.sign_in().await;
        desk.follow("Eggs").await;
        desk.wait_for("heading", "Pictures").await;
        desk.until_script("the old photo", WIDTH, json!([])).await;
        desk.show("button", "Replace picture 1").await;
        desk.look("before").await;
        // The first file input of the page belongs to the first picture.
        desk.give_file(0, &file).await;
        desk.sees("1 field changed").await;
        assert_eq!(
            desk.value("Description of picture 1").await,
            "A box of eggs"
        );
        desk.fill("Description of picture 1", "An open box of eggs")
            .await;
        desk.press("Save").await;
        desk.is_told("Eggs is saved.").await;
        desk.until_script("the new photo", WIDTH, json!([])).await;
        desk.look("after").await;

        let after = desk.product("eggs").await;
        assert_ne!(after["images"], before["images"]);
        assert_eq!(after["images"].as_array().map(Vec::len), Some(1));
        let media: &Value = &after["media"][0];
        assert_eq!(media["alt_text"], "An open box of eggs");
        assert_eq!(
            (&media["width"], &media["height"]),
            (&json!(640), &json!(480))
        );
    })
    .await;
}
