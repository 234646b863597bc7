//! The metadata of pictures.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use eggypro_domain::images::{ImageFormat, ImageMetadata};
use eggypro_imaging::testing::{FakeCloudinary, SERIAL_NUMBER, from_camera};
use eggypro_server::ImageSettings;
use eggypro_tests::{TestShop, form, upload};
use serde_json::{Value, json};

/// The path of a URL of this shop.
fn path_of(shop: &TestShop, url: &Value) -> String {
    let base = format!("http://{}", shop.address);
    url.as_str()
        .unwrap()
        .strip_prefix(&base)
        .unwrap()
        .to_owned()
}

fn names_the_camera(file: &[u8]) -> bool {
    let mut parts = file.windows(SERIAL_NUMBER.len());
    parts.any(|part| part == SERIAL_NUMBER)
}

#[tokio::test]
async fn camera_metadata_is_removed_unless_kept() {
    let kept = TestShop::start_with(|shop| shop.image_metadata = ImageMetadata::Kept);
    let (shop, kept) = (TestShop::start().await, kept.await);
    let fake = FakeCloudinary::start().await;
    let settings = fake.settings();
    let remote = TestShop::start_with(|shop| shop.images = ImageSettings::Cloudinary(settings));
    let remote = remote.await;
    for format in ImageFormat::ALL {
        let file = from_camera(format, 6, 60, 40).to_vec();
        assert!(names_the_camera(&file));
        for (shop, is_kept) in [(&shop, false), (&kept, true)] {
            let answer = upload(&shop.admin(), "/api/images", form([file.clone()])).await;
            let image = answer.expect(201).json()["images"][0].clone();
            assert_eq!(
                (image["width"].clone(), image["height"].clone()),
                (json!(40), json!(60))
            );
            let original = shop
                .anonymous()
                .get(&path_of(shop, &image["original"]))
                .await;
            let original = original.expect(200);
            assert_eq!(names_the_camera(&original.bytes), is_kept, "{format:?}");
            assert_eq!(image["size"], original.bytes.len());
            assert_eq!(original.bytes == file, is_kept);
        }
        let answer = upload(&remote.admin(), "/api/images", form([file])).await;
        answer.expect(201);
        let sent = fake
            .requests()
            .into_iter()
            .rev()
            .find_map(|request| request.file);
        assert!(!names_the_camera(&sent.unwrap()), "{format:?}");
    }
}
