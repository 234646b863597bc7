use eggypro_domain::images::ImageFormat;
use eggypro_imaging::testing::picture;
use reqwest::multipart::{Form, Part};
use serde_json::json;

use crate::{Answer, TestShop, User};

/// The path of the pictures of the product that [`TestShop::start_with_eggs`] creates.
pub const IMAGES: &str = "/api/products/eggs/images";

/// A JPEG of 900 × 600 pixels.
pub fn a_photo() -> Vec<u8> {
    picture(ImageFormat::Jpeg, 900, 600, false).to_vec()
}

/// A form with these files. Their names try to leave the folder.
pub fn form(files: impl IntoIterator<Item = Vec<u8>>) -> Form {
    files.into_iter().fold(Form::new(), |form, file| {
        form.part("file", Part::bytes(file).file_name("../../photo.jpg"))
    })
}

/// Posts a form.
pub async fn upload(user: &User, path: &str, form: Form) -> Answer {
    user.send(user.request("POST", path).multipart(form)).await
}

impl TestShop {
    /// A shop with a product called `Eggs`.
    pub async fn start_with_eggs() -> Self {
        let shop = Self::start().await;
        shop.create_product(json!({ "name": "Eggs" })).await;
        shop
    }

    /// Uploads one picture of the product `Eggs` as the administrator.
    pub async fn upload(&self, file: impl Into<Vec<u8>>) -> Answer {
        upload(&self.admin(), IMAGES, form([file.into()])).await
    }

    /// The image addresses that the product `Eggs` shows.
    pub async fn shown_images(&self) -> Vec<String> {
        let product = self.anonymous().get("/api/products/eggs").await;
        serde_json::from_value(product.expect(200).json()["images"].clone()).unwrap()
    }
}
