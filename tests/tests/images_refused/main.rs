//! Pictures and forms that are refused without storing anything.

mod files;
mod forms;

use eggypro_domain::images::ImageFormat;
use eggypro_imaging::testing::picture;
use eggypro_tests::{IMAGES, TestShop, a_photo, form, upload};

#[tokio::test]
async fn a_product_is_checked_before_storing() {
    let shop = TestShop::start_with_eggs().await;
    let png = || picture(ImageFormat::Png, 4, 3, false).to_vec();
    let nobody = upload(&shop.admin(), "/api/products/nothing/images", form([png()])).await;
    nobody.expect_problem(404);
    for _ in 0..2 {
        let ten = form((0..10).map(|_| png()));
        upload(&shop.admin(), IMAGES, ten).await.expect(201);
    }
    let full = shop.upload(png()).await.expect_problem(422);
    assert_eq!(
        full.errors(),
        ["file: Too many images: a product has at most 20"]
    );
    assert_eq!(shop.image_files(), 20 * 6);
}

#[tokio::test]
async fn only_administrators_upload_and_delete() {
    let shop = TestShop::start_with_eggs().await;
    for user in [shop.anonymous(), shop.bearer("wrong")] {
        upload(&user, IMAGES, form([a_photo()]))
            .await
            .expect_problem(401);
        upload(&user, "/api/images", form([a_photo()]))
            .await
            .expect_problem(401);
        user.delete("/api/images/eggypro-products/a")
            .await
            .expect_problem(401);
    }
    assert_eq!(shop.image_files(), 0);
}

#[tokio::test]
async fn paths_cannot_leave_the_folder() {
    let shop = TestShop::start_with_eggs().await;
    for path in [
        "/media/../admin-secret",
        "/media/..%2f..%2fetc%2fpasswd",
        "/media/%2e%2e/%2e%2e/etc/passwd",
        "/media/eggypro-products/a/..%5c..%5ca.jpg",
        "/media/eggypro-products/%00.jpg",
    ] {
        shop.anonymous().get(path).await.expect_problem(404);
    }
}

#[tokio::test]
async fn an_unsatisfiable_range_is_a_problem_without_caching() {
    let shop = TestShop::start_with_eggs().await;
    shop.upload(a_photo()).await.expect(201);
    let picture = shop.shown_images().await.remove(0);
    let picture = picture.split_once("/media/").unwrap().1.to_owned();
    let user = shop.anonymous();
    let part = |range| {
        let request = user.request("GET", &format!("/media/{picture}"));
        user.send(request.header("range", range))
    };
    let there = part("bytes=0-9").await.expect(206);
    assert_eq!(there.bytes.len(), 10);
    let beyond = part("bytes=999999999-").await.expect_problem(416);
    assert_eq!(beyond.header("cache-control"), "no-store");
    let length = there.header("content-range").split_once('/').unwrap().1;
    assert_eq!(beyond.header("content-range"), format!("bytes */{length}"));
    for name in ["etag", "last-modified", "content-disposition"] {
        assert_eq!(beyond.header(name), "", "{name}");
    }
}
