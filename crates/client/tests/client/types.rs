//! Resources as types.

use std::time::Duration;

use eggypro_client::categories::NewCategory;
use eggypro_client::health::HealthStatus;
use eggypro_client::products::{Allergen, ContentUnit, NewProduct, Nutrition, NutritionBasis};
use eggypro_client::reservations::NewReservation;
use eggypro_client::reviews::NewReview;
use eggypro_client::stock::{MovementReason, NewMovement};
use serde_json::json;

use crate::fixtures::product;
use crate::server::{Reply, Server};

/// The health of a degraded server.
const HEALTH: &str = r#"{"status":"degraded","timestamp":"2026-01-05T10:00:00Z","uptime":12.5,"responseTime":3,
    "services":{"database":{"status":"unhealthy","timestamp":"2026-01-05T10:00:00Z","connection":"none"},
    "cloudinary":{"status":"disabled"},"cache":{"status":"healthy"},
    "environment":{"database":true,"cloudinary":false,"admin":true}},"version":"1.0.0","environment":"test"}"#;

#[tokio::test]
async fn prices_are_exact_and_new_members_are_ignored() {
    let body = product(7, "eggs", "999999.99");
    let server = Server::replying([Reply::json(200, body).with("ETag", "\"7-4\"")]).await;
    let product = server.client().products().get("eggs").await.unwrap();
    assert_eq!(product.price.to_string(), "999999.99");
    assert_eq!(product.list_price.unwrap().to_string(), "44.90");
    assert_eq!(
        product.unit_price.as_ref().unwrap().price.to_string(),
        "26.60"
    );
    let content = product.net_content.as_ref().unwrap();
    assert_eq!(
        (content.value.to_string(), &content.unit),
        ("1.5".to_owned(), &ContentUnit::Kilogram)
    );
    let food = product.food.as_ref().unwrap();
    let moonstone = Allergen::Other("moonstone".to_owned());
    assert_eq!(
        food.allergens.as_deref(),
        Some(&[Allergen::Eggs, moonstone][..])
    );
    assert_eq!(
        food.nutrition
            .as_ref()
            .unwrap()
            .protein
            .unwrap()
            .to_string(),
        "82.0"
    );
    assert_eq!(product.rating.average, Some(4.67));
    assert_eq!(product.version, 4);
}

#[tokio::test]
async fn a_degraded_server_has_a_health() {
    let server = Server::replying([Reply::json(503, HEALTH)]).await;
    let health = server.client().health().read().await.unwrap();
    assert_eq!(health.status, HealthStatus::Degraded);
    assert_eq!(health.services.cloudinary.status, HealthStatus::Disabled);
    assert_eq!(server.received().len(), 1);
    assert!(server.client().health().ready().await.is_err());
    assert_eq!(server.received().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_failure_of_a_proxy_is_no_health() {
    for reply in [
        Reply::json(503, "<html>").with("Content-Type", "text/html"),
        Reply::json(503, r#"{"message":"no upstream"}"#),
        Reply::problem(503, "service-unavailable"),
        Reply::json(503, HEALTH).with("Content-Type", "text/plain"),
    ] {
        let reply = reply.with("Retry-After", "7");
        let degraded =
            Reply::json(503, HEALTH).with("Content-Type", "application/json; charset=utf-8");
        let server = Server::replying([reply, degraded]).await;
        let client = server.client();
        let health = client.health();
        let error = health.read().max_retries(0).await.unwrap_err();
        let seven = Some(Duration::from_secs(7));
        assert_eq!((error.status(), error.retry_after()), (Some(503), seven));
        let health = health.read().await.unwrap();
        assert_eq!(health.status, HealthStatus::Degraded);
    }
    let server = Server::replying([Reply::json(503, "{}"), Reply::json(503, HEALTH)]).await;
    server.client().health().read().await.unwrap();
    assert_eq!(server.received().len(), 2);
}

fn json(value: &impl serde::Serialize) -> serde_json::Value {
    let text = serde_json::to_string(value).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn inputs_are_written_as_the_server_reads_them() {
    let delivery = NewMovement::by(5, MovementReason::Delivery).reference("d-1");
    let expected = json!({ "change": 5, "reason": "delivery", "reference": "d-1" });
    assert_eq!(json(&delivery), expected);
    let count = NewMovement::to(48, MovementReason::Count);
    assert_eq!(json(&count), json!({ "set": 48, "reason": "count" }));
    let reservation = NewReservation::new("order-1").line("eggs", 2);
    let lines = json!([{ "slug": "eggs", "quantity": 2 }]);
    assert_eq!(
        json(&reservation),
        json!({ "reference": "order-1", "lines": lines })
    );
    let category = json!({ "name": "Bars", "description": null, "is_active": true });
    assert_eq!(json(&NewCategory::new("Bars")), category);
    assert_eq!(json(&NewReview::new("Ada", 5, "Good."))["rating"], 5);
    let mut product = NewProduct::new("Eggs", "D", "D", "1.10".parse().unwrap(), ["Egg"]);
    product.food = Some(eggypro_client::products::Food {
        nutrition: Some(Nutrition {
            protein: Some("82.0".parse().unwrap()),
            ..Nutrition::new(NutritionBasis::Grams)
        }),
        ..Default::default()
    });
    let written = serde_json::to_string(&product).unwrap();
    assert!(written.contains(r#""price":1.10"#), "{written}");
    assert!(written.contains(r#""basis":"100 g""#) && written.contains(r#""protein":82.0"#));
    assert!(!written.contains("slug"), "{written}");
}
