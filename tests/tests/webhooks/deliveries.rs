//! The list of deliveries.

use super::*;

#[tokio::test]
async fn deliveries_come_in_pages_newest_first() {
    let shop = TestShop::start().await;
    let receiver = Receiver::start().await;
    let admin = shop.admin();
    let webhook = shop
        .create_webhook(receiver.url(), &["product.created"])
        .await;
    let other = shop.create_webhook(receiver.url(), &["stock.moved"]).await;
    for name in ["A", "B", "C"] {
        shop.create_product(json!({ "name": name })).await;
    }
    receiver.wait_for(3).await;
    let list = format!("{}/deliveries", path_of(&webhook));
    let mut path = format!("{list}?limit=2");
    let mut subjects = vec![];
    let mut cursor = String::new();
    loop {
        let answer = admin.get(&path).await.expect(200);
        let page = answer.json();
        assert_eq!(page["pagination"]["total"], 3);
        for delivery in page["data"].as_array().unwrap() {
            subjects.push(delivery["event"]["subject"].as_str().unwrap().to_owned());
        }
        let Some(next) = page["pagination"]["next_cursor"].as_str() else {
            break;
        };
        cursor = next.to_owned();
        path = format!("{list}?limit=2&cursor={next}");
        assert_eq!(answer.header("link"), format!("<{path}>; rel=\"next\""));
    }
    let newest_first = ["/api/products/c", "/api/products/b", "/api/products/a"];
    assert_eq!(subjects, newest_first);

    let others = format!("{}/deliveries", path_of(&other));
    let none = admin.get(&others).await.expect(200).json();
    assert_eq!(none["data"], json!([]));
    // A cursor belongs to its list.
    for path in [
        format!("{others}?cursor={cursor}"),
        format!("{list}?cursor=x"),
        format!("{list}?limit=0"),
        format!("{list}?offset=1"),
    ] {
        admin.get(&path).await.expect_problem(400);
    }
}

#[tokio::test]
async fn an_unknown_delivery_is_not_retried() {
    let shop = TestShop::start().await;
    let receiver = Receiver::start().await;
    let admin = shop.admin();
    let webhook = shop
        .create_webhook(receiver.url(), &["product.created"])
        .await;
    let other = shop.create_webhook(receiver.url(), &["stock.moved"]).await;
    shop.create_product(json!({ "name": "Eggs" })).await;
    let received = receiver.wait_for(1).await;
    let retry = |webhook: &Value, event: String| {
        let path = format!("{}/deliveries/{event}/retry", path_of(webhook));
        let admin = admin.clone();
        async move { admin.post(&path, &json!({})).await }
    };
    let id = received[0].id().to_owned();
    for (webhook, event) in [
        (&webhook, "999999999".to_owned()),
        (&webhook, "x".to_owned()),
        (&webhook, format!("{id}-0")),
        (&webhook, format!("0{id}")),
        (&other, id.clone()),
    ] {
        let unknown = retry(webhook, event).await.expect_problem(404);
        assert_eq!(unknown.json()["detail"], "There is no such delivery.");
    }
    retry(&webhook, id).await.expect(202);
    receiver.wait_for(2).await;
}
