//! Events that are sent.

use std::collections::BTreeMap;

use super::*;

#[tokio::test]
async fn a_receiver_gets_the_events_that_others_read() {
    let shop = TestShop::start().await;
    let receiver = Receiver::start().await;
    let webhook = shop
        .create_webhook(receiver.url(), &["product.created", "category.*"])
        .await;
    let eggs = json!({ "name": "Eggs", "stock_quantity": 5 });
    shop.create_product(eggs).await;
    shop.create_category("Bars").await;
    let received = receiver.wait_for(2).await;
    let read = shop.admin().get("/api/events").await.expect(200);
    let events = read.json()["data"].as_array().unwrap().clone();
    assert_eq!(events.len(), 2);
    for event in &events {
        let mut all = received.iter();
        let received = all.find(|received| event["id"] == received.id()).unwrap();
        assert_eq!(&received.json(), event);
        // Byte for byte, as the signature covers it.
        assert!(read.text().contains(received.text()), "{}", received.text());
        assert_eq!(received.header("content-type"), "application/json");
        assert!(received.header("user-agent").starts_with("EggyPro/"));
        assert!(is_signed(received, &webhook["secret"]));
    }
    let delivered = async |kind: &str| {
        let is_it = |of: &Value| of["event"]["type"] == kind && of["state"] == "delivered";
        shop.admin().delivery(&path_of(&webhook), is_it).await
    };
    let delivery = delivered("product.created").await;
    assert_eq!(delivery["event"]["subject"], "/api/products/eggs");
    assert_eq!(
        (&delivery["attempts"], &delivery["status"]),
        (&json!(1), &json!(204))
    );
    assert_eq!(
        (&delivery["error"], &delivery["next_attempt_at"]),
        (&json!(null), &json!(null))
    );
    assert!(delivery["milliseconds"].is_u64(), "{delivery}");
    assert!(delivery["delivered_at"].is_string(), "{delivery}");
    delivered("category.created").await;
}

#[tokio::test]
async fn a_receiver_gets_the_types_that_it_wants_and_nothing_from_before() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    let eggs = json!({ "name": "Eggs", "stock_quantity": 1 });
    shop.create_product(eggs).await;
    let [stock, all] = [Receiver::start().await, Receiver::start().await];
    shop.create_webhook(stock.url(), &["stock.*"]).await;
    shop.create_webhook(all.url(), &["*"]).await;
    let change = json!({ "stock_quantity": 0 });
    let path = "/api/products/eggs";
    admin.patch(path, &change).await.expect(200);
    admin
        .patch(path, &json!({ "stock_quantity": 7 }))
        .await
        .expect(200);
    let types = |received: Vec<Received>| -> Vec<Value> {
        let bodies = received.iter().map(|received| received.json());
        bodies.map(|body| body["type"].clone()).collect()
    };
    // All are about one product, so they come in order.
    let expected = [
        "product.updated",
        "stock.moved",
        "product.updated",
        "product.back_in_stock",
        "stock.moved",
    ];
    assert_eq!(types(all.wait_for(5).await), expected);
    let moved = stock.wait_for(2).await;
    assert_eq!(types(moved.clone()), ["stock.moved", "stock.moved"]);
    // The first event of an entry has its id, the others a number besides.
    for received in moved {
        assert!(received.id().contains('-'), "{}", received.id());
    }
}

#[tokio::test]
async fn events_about_a_product_come_in_order() {
    let shop = TestShop::start().await;
    let receiver = Receiver::start().await;
    let admin = shop.admin();
    for name in ["A", "B", "C"] {
        shop.create_product(json!({ "name": name })).await;
    }
    shop.create_webhook(receiver.url(), &["product.updated"])
        .await;
    for price in 1..=4 {
        for slug in ["a", "b", "c"] {
            let path = format!("/api/products/{slug}");
            let change = json!({ "price": price });
            admin.patch(&path, &change).await.expect(200);
        }
    }
    let received = receiver.wait_for(12).await;
    let events = "/api/events?types=product.updated&limit=500";
    let events = admin.get(events).await.expect(200).json();
    let read = events["data"].as_array().unwrap().iter().cloned();
    let read = ids_by_subject(read);
    assert_eq!(read.len(), 3);
    assert_eq!(ids_by_subject(received.iter().map(Received::json)), read);
}

/// The ids of the events about each subject, in order.
fn ids_by_subject(events: impl Iterator<Item = Value>) -> BTreeMap<String, Vec<Value>> {
    let mut all: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for event in events {
        let subject = event["subject"].as_str().unwrap().to_owned();
        all.entry(subject).or_default().push(event["id"].clone());
    }
    all
}

#[tokio::test]
async fn an_event_that_failed_is_sent_again() {
    let shop = TestShop::start().await;
    let receiver = Receiver::start().await;
    receiver.answer(503);
    let webhook = shop
        .create_webhook(receiver.url(), &["product.created"])
        .await;
    let (admin, path) = (shop.admin(), path_of(&webhook));
    shop.create_product(json!({ "name": "Eggs" })).await;
    let failed = admin.delivery(&path, |of| of["status"] == 503).await;
    assert_eq!(failed["state"], "pending");
    assert_eq!(failed["error"], "the receiver answered 503");
    assert!(failed["attempts"].as_u64().unwrap() >= 1, "{failed}");
    assert_eq!(failed["delivered_at"], Value::Null);

    receiver.answer(204);
    let id = failed["event"]["id"].as_str().unwrap();
    let retry = format!("{path}/deliveries/{id}/retry");
    let retried = admin.post(&retry, &json!({})).await.expect(202).json();
    assert_eq!(retried, json!({ "event": id, "state": "pending" }));
    let delivered = admin.delivery(&path, |of| of["state"] == "delivered").await;
    assert_eq!(delivered["event"], failed["event"]);
    assert_eq!(delivered["status"], 204);
    assert_eq!(delivered["error"], Value::Null);
    let received = receiver.received();
    assert!(received.len() >= 2, "{received:?}");

    // An event that was delivered can be sent again as well, with the same id and body.
    admin.post(&retry, &json!({})).await.expect(202);
    for again in receiver.wait_for(received.len() + 1).await {
        assert_eq!((again.id(), &again.body), (id, &received[0].body));
        assert!(is_signed(&again, &webhook["secret"]));
    }
}
