//! Webhooks that receive no more events.

use super::*;

const TYPES: [&str; 1] = ["category.created"];

/// Creates a category, and waits until another receiver has its event. By then the servers have decided who gets it.
async fn pass_an_event(shop: &TestShop, witness: &Receiver, name: &str) {
    let before = witness.received().len();
    shop.create_category(name).await;
    witness.wait_for(before + 1).await;
}

/// The number of deliveries of a webhook.
async fn deliveries(shop: &TestShop, path: &str) -> Value {
    let list = shop.admin().get(&format!("{path}/deliveries")).await;
    list.expect(200).json()["pagination"]["total"].clone()
}

#[tokio::test]
async fn a_receiver_that_is_gone_switches_its_webhook_off() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    let [receiver, witness] = [Receiver::start().await, Receiver::start().await];
    receiver.answer(410);
    let path = path_of(&shop.create_webhook(receiver.url(), &TYPES).await);
    shop.create_webhook(witness.url(), &TYPES).await;
    shop.create_category("Bars").await;
    witness.wait_for(1).await;
    let ended = admin.delivery(&path, |of| of["state"] == "failed").await;
    assert_eq!(ended["status"], 410);
    let off = admin.get(&path).await.expect(200).json();
    assert_eq!(off["is_active"], false);
    let reason = off["disabled_reason"].as_str().unwrap();
    assert!(reason.contains("410"), "{reason}");
    let change = &changes(&shop).await[0];
    assert_eq!(
        (&change["action"], &change["actor"]["kind"]),
        (&json!("updated"), &json!("system"))
    );
    let diff = json!({ "is_active": [true, false], "disabled_reason": [null, reason] });
    assert_eq!(change["diff"], diff);
    let events = admin.get("/api/events?types=webhook.disabled").await;
    let event = &events.expect(200).json()["data"][0];
    assert_eq!(event["subject"], path);
    let data = json!({ "id": off["id"], "is_active": false, "disabled_reason": reason });
    assert_eq!(event["data"], data);

    pass_an_event(&shop, &witness, "Drinks").await;
    assert_eq!(receiver.received().len(), 1);
    assert_eq!(deliveries(&shop, &path).await, 1);
}

#[tokio::test]
async fn a_webhook_that_is_switched_on_again_gets_what_happens_then() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    let [receiver, witness] = [Receiver::start().await, Receiver::start().await];
    let path = path_of(&shop.create_webhook(receiver.url(), &TYPES).await);
    shop.create_webhook(witness.url(), &TYPES).await;
    shop.create_category("Bars").await;
    let id = receiver.wait_for(1).await[0].id().to_owned();
    witness.wait_for(1).await;
    let switch = async |is_active: bool| {
        let change = json!({ "is_active": is_active });
        admin.patch(&path, &change).await.expect(200).json()
    };
    // A person has switched it off, so there is no reason.
    assert_eq!(switch(false).await["disabled_reason"], Value::Null);
    pass_an_event(&shop, &witness, "Drinks").await;
    let retry = format!("{path}/deliveries/{id}/retry");
    let refused = admin.post(&retry, &json!({})).await.expect_problem(409);
    let kind = refused.json()["type"].clone();
    assert_eq!(kind, "urn:eggypro:problem:webhook-inactive");
    assert_eq!(receiver.received().len(), 1);
    assert_eq!(deliveries(&shop, &path).await, 1);

    assert_eq!(switch(true).await["is_active"], true);
    shop.create_category("Gifts").await;
    let received = receiver.wait_for(2).await;
    assert_eq!(received[1].json()["data"]["name"], "Gifts");
    admin.post(&retry, &json!({})).await.expect(202);
    let received = receiver.wait_for(3).await;
    assert_eq!(received[2].id(), id);
}

#[tokio::test]
async fn a_webhook_that_is_deleted_is_sent_nothing() {
    let shop = TestShop::start().await;
    let admin = shop.admin();
    let [receiver, witness] = [Receiver::start().await, Receiver::start().await];
    let path = path_of(&shop.create_webhook(receiver.url(), &TYPES).await);
    shop.create_webhook(witness.url(), &TYPES).await;
    shop.create_category("Bars").await;
    for receiver in [&receiver, &witness] {
        receiver.wait_for(1).await;
    }
    admin.delete(&path).await.expect(204);
    pass_an_event(&shop, &witness, "Drinks").await;
    assert_eq!(receiver.received().len(), 1);
    let deliveries = format!("{path}/deliveries");
    admin.get(&deliveries).await.expect_problem(404);
}
