//! Keys, sessions, changes, events, webhooks, health and feeds.

use eggypro_client::changes::{
    Action, ActorKind, After, EventData, EventType, FollowEvents, ListChanges, Resource,
};
use eggypro_client::health::HealthStatus;
use eggypro_client::keys::{NewApiKey, Permission};
use eggypro_client::products::ProductPatch;
use eggypro_client::stock::{MovementReason, NewMovement};
use eggypro_client::webhooks::{NewWebhook, Verifier, WebhookPatch};
use eggypro_tests::Receiver;

use super::*;

fn priced(price: i64) -> ProductPatch {
    ProductPatch {
        price: Decimal::from(price).into(),
        ..ProductPatch::default()
    }
}

#[tokio::test]
async fn keys_limit_what_a_caller_may_do() {
    let shop = TestShop::start().await;
    let admin = admin(&shop);
    admin.products().create(&a_product("Eggs")).await.unwrap();
    let new = NewApiKey::new("Warehouse", [Permission::StockWrite]);
    let key = admin.keys().create(&new).await.unwrap();
    let credentials = Credentials::api_key(key.secret.clone());
    let warehouse = admin.with_credentials(&credentials).unwrap();
    let delivery = NewMovement::by(5, MovementReason::Delivery);
    let movement = warehouse.stock().move_one("eggs", &delivery).await.unwrap();
    assert_eq!(movement.actor.kind, ActorKind::Key);
    let error = warehouse
        .products()
        .patch("eggs", &priced(1))
        .await
        .unwrap_err();
    assert!(error.is_forbidden());
    let required = error.problem().unwrap().required_permission.as_deref();
    assert_eq!(required, Some("products:write"));

    let rotated = admin.keys().rotate(&key.id, Some(0)).await.unwrap();
    assert_eq!(rotated.permissions, [Permission::StockWrite]);
    let refused = warehouse.stock().move_one("eggs", &delivery).await;
    assert!(refused.unwrap_err().is_unauthorized());
    admin.keys().revoke(&rotated.id).await.unwrap();
    let keys = admin.keys().list().await.unwrap();
    assert!(keys.data.iter().any(|key| key.revoked_at.is_some()));
}

#[tokio::test]
async fn a_session_begins_and_ends() {
    let shop = TestShop::start().await;
    let admin = admin(&shop);
    let session = admin.session().begin().await.unwrap();
    assert!(session.user.permissions.contains(&Permission::KeysManage));
    let credentials = Credentials::session_token(session.token.unwrap());
    let holder = admin.with_credentials(&credentials).unwrap();
    assert_eq!(
        holder.session().caller().await.unwrap().user.id,
        session.user.id
    );
    holder.session().end().await.unwrap();
    let ended = holder.session().caller().await;
    assert!(ended.unwrap_err().is_unauthorized());
}

#[tokio::test]
async fn changes_and_events_tell_what_happened() {
    let shop = TestShop::start().await;
    let admin = admin(&shop);
    let now = FollowEvents::after(After::Latest);
    let now = admin.changes().events(&now, 0).await.unwrap();
    admin.products().create(&a_product("Eggs")).await.unwrap();
    admin.products().patch("eggs", &priced(5)).await.unwrap();
    let mut events = admin.events(FollowEvents {
        after: After::Cursor(now.next_cursor),
        types: vec![EventType::ProductCreated, EventType::ProductUpdated],
        limit: Some(1),
    });
    for kind in [EventType::ProductCreated, EventType::ProductUpdated] {
        let event = tokio::time::timeout(LONGEST, events.next()).await;
        let event = event.unwrap().unwrap().unwrap();
        assert_eq!(
            (&event.kind, &*event.subject),
            (&kind, "/api/products/eggs")
        );
        // An event shows the product as it is now.
        let EventData::Product(product) = event.data else {
            panic!("{event:?}");
        };
        assert_eq!(product.price, Decimal::from(5));
    }
    assert!(events.cursor().is_some());

    let list = ListChanges {
        resource: Some(Resource::Product),
        slug: Some("eggs".to_owned()),
        ..ListChanges::default()
    };
    let changes = admin.changes().all(list).collect().await.unwrap();
    let first = changes.last().unwrap();
    assert_eq!(
        (&first.action, &first.actor.kind),
        (&Action::Created, &ActorKind::Admin)
    );
}

#[tokio::test]
async fn a_webhook_delivers_signed_events() {
    let shop = TestShop::start().await;
    let admin = admin(&shop);
    let receiver = Receiver::start().await;
    admin.products().create(&a_product("Eggs")).await.unwrap();
    let new = NewWebhook::new(receiver.url(), ["product.updated"]);
    let webhook = admin.webhooks().create(&new).await.unwrap();
    admin.products().patch("eggs", &priced(5)).await.unwrap();
    let received = &receiver.wait_for(1).await[0];
    let verifier = Verifier::new([webhook.secret.clone()]).unwrap();
    let event = verifier.verify(&received.headers, &received.body);
    let event = event.unwrap();
    assert_eq!(event.id, received.id());
    assert_eq!(event.kind, EventType::ProductUpdated);
    assert!(matches!(event.data, EventData::Product(_)));
    let deliveries = admin.webhooks().all_deliveries(&webhook.id);
    let deliveries = deliveries.collect().await.unwrap();
    assert_eq!(deliveries[0].event.id, event.id);
}

#[tokio::test]
async fn a_webhook_is_tested_changed_and_removed() {
    let shop = TestShop::start().await;
    let admin = admin(&shop);
    let receiver = Receiver::start().await;
    let new = NewWebhook::new(receiver.url(), ["*"]);
    let webhook = admin.webhooks().create(&new).await.unwrap();
    let test = admin.webhooks().test(&webhook.id).await.unwrap();
    assert_eq!((test.status, test.error), (Some(204), None));
    let received = &receiver.wait_for(1).await[0];
    let verifier = Verifier::new([webhook.secret.clone()]).unwrap();
    let event = verifier.verify(&received.headers, &received.body);
    let event = event.unwrap();
    assert_eq!(event.kind, EventType::WebhookTest);
    let EventData::Webhook(tested) = event.data else {
        panic!("{event:?}");
    };
    assert_eq!((&tested.id, tested.is_active), (&webhook.id, true));
    let rotated = admin.webhooks().rotate_secret(&webhook.id).await;
    assert_eq!(rotated.unwrap().id, webhook.id);
    let patch = WebhookPatch {
        is_active: false.into(),
        ..WebhookPatch::default()
    };
    let patched = admin.webhooks().patch(&webhook.id, &patch).await;
    let patched = patched.unwrap();
    assert!(!patched.is_active);
    assert_eq!(admin.webhooks().list().await.unwrap().data, [patched]);
    admin.webhooks().remove(&webhook.id).await.unwrap();
    let removed = admin.webhooks().get(&webhook.id).await;
    assert!(removed.unwrap_err().is_not_found());
}

#[tokio::test]
async fn the_server_tells_its_state() {
    let shop = TestShop::start().await;
    let (admin, anonymous) = (admin(&shop), anonymous(&shop));
    let health = anonymous.health().read().await.unwrap();
    assert_eq!(health.services.database.status, HealthStatus::Healthy);
    anonymous.health().live().await.unwrap();
    anonymous.health().ready().await.unwrap();
    assert_eq!(anonymous.greeting().await.unwrap().admin, "/admin");
    assert_eq!(admin.metrics(Some(3)).await.unwrap().days, 3);
    admin.products().create(&a_product("Eggs")).await.unwrap();
    assert_eq!(admin.feeds().report().await.unwrap().checked, 1);
    for feed in [
        anonymous.feeds().google().await,
        anonymous.feeds().openai().await,
        anonymous.feeds().sitemap().await,
    ] {
        assert!(!feed.unwrap().bytes().await.unwrap().is_empty());
    }
}
