//! Tests of receivers: `POST /api/webhooks/{id}/test`.

use std::net::TcpListener;

use eggypro_server::WebhookSettings;

use super::*;

/// Tests a webhook. Returns the status and the error.
async fn try_out(shop: &TestShop, webhook: &Value) -> (Value, Value) {
    let path = format!("{}/test", path_of(webhook));
    let tested = shop.admin().post(&path, &json!({})).await.expect(200);
    assert_eq!(tested.header("cache-control"), "no-store");
    let tested = tested.json();
    assert!(tested["milliseconds"].is_u64(), "{tested}");
    (tested["status"].clone(), tested["error"].clone())
}

#[tokio::test]
async fn a_test_is_a_signed_event_about_the_webhook() {
    let shop = TestShop::start().await;
    let receiver = Receiver::start().await;
    let admin = shop.admin();
    let webhook = shop.create_webhook(receiver.url(), &["stock.moved"]).await;
    let path = path_of(&webhook);
    assert_eq!(try_out(&shop, &webhook).await, (json!(204), json!(null)));
    let off = json!({ "is_active": false });
    let off = admin.patch(&path, &off).await.expect(200).json();
    assert_eq!(try_out(&shop, &webhook).await, (json!(204), json!(null)));

    let received = receiver.received();
    let shown = [without_secret(&webhook), off];
    for (received, shown) in received.iter().zip(&shown) {
        assert!(is_signed(received, &webhook["secret"]));
        let event = received.json();
        assert_eq!(
            (&event["type"], &event["subject"], &event["data"]),
            (&json!("webhook.test"), &json!(path), shown)
        );
        assert_eq!(event["id"], received.id());
        assert!(event["time"].as_str().unwrap().ends_with('Z'), "{event}");
    }
    assert_eq!(received.len(), 2);
    assert_ne!(received[0].id(), received[1].id());
    // It is no event for others, and no delivery.
    for path in ["/api/events", &format!("{path}/deliveries")] {
        let page = admin.get(path).await.expect(200).json();
        assert_eq!(page["data"], json!([]));
    }
}

#[tokio::test]
async fn a_test_says_what_went_wrong() {
    let shop = TestShop::start().await;
    let receiver = Receiver::start().await;
    let webhook = shop.create_webhook(receiver.url(), &["*"]).await;
    for (status, error) in [
        (500, "the receiver answered 500"),
        (
            302,
            "the receiver answered 302, and redirects are not followed",
        ),
        (410, "the receiver answered 410 and wants no more events"),
    ] {
        receiver.answer(status);
        let tested = try_out(&shop, &webhook).await;
        assert_eq!(tested, (json!(status), json!(error)));
    }
    // Only events switch it off.
    let read = shop.admin().get(&path_of(&webhook)).await.expect(200);
    assert_eq!(read.json(), without_secret(&webhook));

    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let webhook = shop.create_webhook(&url, &["*"]).await;
    let refused = json!("the connection was refused");
    assert_eq!(try_out(&shop, &webhook).await, (json!(null), refused));
}

#[tokio::test]
async fn an_address_that_is_not_allowed_any_more_is_not_connected_to() {
    let shop = TestShop::start().await;
    let receiver = Receiver::start().await;
    let url = receiver.url().replace("127.0.0.1", "localhost");
    let by_name = shop.create_webhook(&url, &["*"]).await;
    let by_address = shop.create_webhook(receiver.url(), &["*"]).await;
    for webhook in [&by_name, &by_address] {
        assert_eq!(try_out(&shop, webhook).await, (json!(204), json!(null)));
    }
    let database = shop.database.address();
    let strict = TestShop::start_with(|settings| {
        settings.database.url = database;
        settings.webhooks = WebhookSettings {
            allow_http: true,
            ..WebhookSettings::default()
        };
    })
    .await;
    for (webhook, error) in [
        (&by_name, "the name localhost leads to a loopback address"),
        (&by_address, "127.0.0.1 is a loopback address"),
    ] {
        let tested = try_out(&strict, webhook).await;
        assert_eq!(tested, (json!(null), json!(error)));
    }
    assert_eq!(receiver.received().len(), 2);
}
