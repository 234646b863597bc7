//! The pictures that products show.

use std::time::{Duration, Instant};

use super::*;

#[tokio::test]
async fn a_product_shows_sizes_of_its_stored_pictures() {
    let shop = TestShop::start_with_eggs().await;
    let elsewhere = "https://elsewhere.example/a.jpg";
    let admin = shop.admin();
    let change = json!({ "images": [elsewhere] });
    admin.patch("/api/products/eggs", &change).await.expect(200);
    let small = picture(ImageFormat::Jpeg, 300, 200, false);
    let uploaded = shop.upload(small).await.expect(201).json();
    let image = &uploaded["images"][0];
    let nothing = Value::Null;
    let media = json!([
        {
            "url": elsewhere, "alt_text": nothing, "public_id": nothing, "width": nothing, "height": nothing,
            "thumbnail": nothing, "optimized": nothing, "responsive": nothing
        },
        {
            "url": image["original"], "alt_text": nothing, "public_id": image["public_id"], "width": 300, "height": 200,
            "thumbnail": image["thumbnail"], "optimized": image["optimized"],
            "responsive": image["responsive"]
        }
    ]);
    let product = shop.eggs().await;
    assert_eq!(product["media"], media);
    let list = shop
        .anonymous()
        .get("/api/products?fields=media")
        .await
        .json();
    assert_eq!(list["data"][0]["media"], media);
    // No rendition is larger than the uploaded file.
    for url in [
        &image["optimized"],
        &image["thumbnail"],
        &image["responsive"]["1200w"],
    ] {
        let picture = shop.anonymous().get(&path(&shop, url)).await.expect(200);
        let size = imagesize::blob_size(&picture.bytes).unwrap();
        assert!(size.width <= 300 && size.height <= 200, "{url}: {size:?}");
    }
    let id = image["public_id"].as_str().unwrap();
    admin.delete(&format!("/api/images/{id}")).await.expect(204);
    assert_eq!(shop.eggs().await["media"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn local_picture_urls_follow_their_server() {
    let first = TestShop::start_with_eggs().await;
    first.upload(a_photo()).await.expect(201);
    let foreign = "http://other.example/media/eggypro-products/0123/original.jpg";
    let mut images = first.eggs().await["images"].as_array().unwrap().clone();
    images.push(json!(foreign));
    let change =
        json!({ "images": images, "media": [{ "alt_text": "Eggs" }, { "alt_text": "Others" }] });
    first
        .admin()
        .patch("/api/products/eggs", &change)
        .await
        .expect(200);
    let url = first.database.address();
    let second = TestShop::start_with(|settings| settings.database.url = url).await;
    let here = format!("http://{}/media/eggypro-products/", second.address);
    let deadline = Instant::now() + Duration::from_secs(10);
    let product = loop {
        let product = second.eggs().await;
        if product["images"][0].as_str().unwrap().starts_with(&here) {
            break product;
        }
        assert!(Instant::now() < deadline, "{product}");
    };
    let media = &product["media"][0];
    for url in [
        &media["url"],
        &media["thumbnail"],
        &media["responsive"]["400w"],
    ] {
        assert!(url.as_str().unwrap().starts_with(&here), "{media}");
    }
    assert_eq!(product["images"][1], foreign);
    let texts = [&media["alt_text"], &product["media"][1]["alt_text"]];
    assert_eq!(texts, ["Eggs", "Others"]);
}
