//! The health of the image service.

use eggypro_imaging::testing::{Behaviour, FakeCloudinary};
use eggypro_server::ImageSettings;
use eggypro_tests::TestShop;
use serde_json::json;

async fn shop_at(fake: &FakeCloudinary) -> TestShop {
    let settings = fake.settings();
    let shop = TestShop::start_with(|shop| {
        shop.images = ImageSettings::Cloudinary(settings);
    });
    let shop = shop.await;
    shop.create_product(json!({ "name": "Eggs" })).await;
    shop
}

#[tokio::test]
async fn health_reports_every_service() {
    let shop = TestShop::start_with_eggs().await;
    let health = shop.anonymous().get("/api/health").await.expect(200);
    assert_eq!(health.header("cache-control"), "no-store");
    let health = health.json();
    assert_eq!(health["status"], "healthy");
    assert_eq!(health["environment"], "test");
    assert_eq!(health["services"]["database"]["connection"], "active");
    assert_eq!(health["services"]["cloudinary"]["status"], "disabled");
    assert_eq!(health["services"]["cache"]["status"], "disabled");
    assert!(health["responseTime"].is_u64() && health["uptime"].is_f64());

    let fake = FakeCloudinary::start().await;
    let shop = shop_at(&fake).await;
    for _ in 0..5 {
        let health = shop.anonymous().get("/api/health").await.expect(200).json();
        assert_eq!(health["services"]["cloudinary"]["status"], "healthy");
        assert_eq!(health["services"]["environment"]["cloudinary"], true);
    }
    assert_eq!(fake.requests().len(), 1, "it was asked once");

    let fake = FakeCloudinary::start().await;
    let shop = shop_at(&fake).await;
    fake.always(Behaviour::failure(401));
    let health = shop.anonymous().get("/api/health").await.expect(503);
    assert_eq!(health.json()["status"], "degraded");
    assert_eq!(
        health.json()["services"]["cloudinary"]["status"],
        "unhealthy"
    );
    assert!(!health.text().contains("secret"));
    shop.anonymous().get("/api/health/ready").await.expect(200);
}
