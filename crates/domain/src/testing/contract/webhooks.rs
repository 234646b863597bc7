mod attempts;
mod queue;

use std::time::Duration;

use time::OffsetDateTime;

use super::{Stores, valid};
use crate::Bytes;
use crate::changes::{Action, Actor, ChangeEntry, EventType, Resource};
use crate::products::PageSize;
use crate::webhooks::{
    AllowedSchemes, ClaimedDelivery, Delivery, FailedAttempt, MAX_WEBHOOKS, NewEvent, NewWebhook,
    Recorded, Webhook, WebhookChanges, WebhookError, WebhookId, WebhookSecret, WebhookUrl,
};

pub use self::attempts::*;
pub use self::queue::*;

const MINUTE: Duration = Duration::from_secs(60);

fn url(text: &str) -> WebhookUrl {
    WebhookUrl::parse(text, AllowedSchemes::Https).unwrap()
}

fn new_webhook(types: &[&str]) -> NewWebhook {
    let types = types.iter().map(|name| name.parse().unwrap());
    NewWebhook::new(url("https://erp.example/hook"), types.collect())
}

/// An event of a product. Entries of a real log have lower ids.
fn event(id: i64, product: &str, kind: EventType) -> NewEvent {
    new_event(&entry(id, product), kind)
}

/// An event of a product at this address.
fn at_address(id: i64, product: &str, slug: &str) -> NewEvent {
    let mut event = updated(id, product);
    event.subject = format!("/api/products/{slug}");
    event
}

fn entry(id: i64, product: &str) -> ChangeEntry {
    ChangeEntry::new(
        1_000_000 + id,
        OffsetDateTime::UNIX_EPOCH + Duration::from_secs(id.unsigned_abs()),
        (Resource::Product, product.to_owned()),
        Action::Updated,
        Actor::customer(),
        "{}".to_owned(),
    )
}

fn new_event(entry: &ChangeEntry, kind: EventType) -> NewEvent {
    let (id, product) = (entry.id - 1_000_000, &entry.resource_id);
    let subject = format!("/api/products/{product}");
    let body = Bytes::from(format!(r#"{{"id":"{id}","of":"Eiweiß {product}"}}"#));
    NewEvent::of(entry, 0, kind, subject, body)
}

/// An update of a product.
fn updated(id: i64, product: &str) -> NewEvent {
    event(id, product, EventType::ProductUpdated)
}

/// The numbers of the tests' events.
fn numbers(claimed: &[ClaimedDelivery]) -> Vec<i64> {
    let ids = claimed.iter().map(|of| of.event.entry - 1_000_000);
    let mut ids: Vec<i64> = ids.collect();
    ids.sort_unstable();
    ids
}

fn failure() -> FailedAttempt {
    FailedAttempt {
        status: Some(503),
        milliseconds: 12,
        error: "the receiver answered 503".into(),
    }
}

impl Stores {
    async fn webhook(&self, types: &[&str]) -> Webhook {
        let secret = WebhookSecret::random();
        let new = valid(new_webhook(types));
        self.webhooks.create(new, &secret).await.unwrap()
    }

    /// Adds events as a server that follows the log does.
    async fn publish(&self, events: Vec<NewEvent>) {
        let followed = self.deliveries.next_entries(100).await.unwrap();
        if let Some(followed) = followed {
            let added = self.deliveries.enqueue(&followed.step, events).await;
            assert!(added.unwrap());
        }
    }

    /// The clock of the in-memory store moves with each step, that of PostgreSQL anyway.
    async fn pass_time(&self) {
        self.publish(vec![]).await;
    }

    async fn claim_events(&self, limit: u32) -> Vec<ClaimedDelivery> {
        self.deliveries.claim(MINUTE, limit).await.unwrap()
    }

    /// Claims the only delivery that is due.
    async fn claim_event(&self) -> ClaimedDelivery {
        let mut claimed = self.claim_events(100).await;
        assert_eq!(claimed.len(), 1, "{claimed:?}");
        claimed.remove(0)
    }

    async fn deliver(&self, claimed: &ClaimedDelivery) {
        let recorded = self.deliveries.succeeded(claimed, 204, 7).await;
        assert_eq!(recorded.unwrap(), Recorded::Made);
    }

    async fn fail(&self, claimed: &ClaimedDelivery, retry_in: Option<Duration>) -> Recorded {
        let recorded = self.deliveries.failed(claimed, failure(), retry_in);
        recorded.await.unwrap()
    }

    async fn set_active(&self, webhook: &Webhook, is_active: bool) -> Webhook {
        let changes = WebhookChanges {
            is_active: Some(is_active),
            ..WebhookChanges::default()
        };
        let changed = self.webhooks.update(webhook.id, valid(changes)).await;
        changed.unwrap()
    }

    async fn found_webhook(&self, webhook: &Webhook) -> Webhook {
        self.webhooks.find(webhook.id).await.unwrap().unwrap()
    }

    async fn listed_deliveries(&self, webhook: &Webhook) -> Vec<Delivery> {
        let page = self
            .webhooks
            .deliveries(webhook.id, None, PageSize::default());
        page.await.unwrap().items
    }
}

pub async fn a_webhook_is_made_changed_and_deleted(stores: Stores) {
    let webhooks = &stores.webhooks;
    let made = stores.webhook(&["product.*", "review.verified"]).await;
    assert_eq!(made.url.as_str(), "https://erp.example/hook");
    assert_eq!((made.is_active, &made.disabled_reason), (true, &None));
    let types: Vec<String> = made.types.iter().map(ToString::to_string).collect();
    assert_eq!(types, ["product.*", "review.verified"]);
    let second = stores.webhook(&["*"]).await;
    assert_eq!(
        webhooks.list().await.unwrap(),
        [second.clone(), made.clone()]
    );

    let mut changes = WebhookChanges::default();
    let same = webhooks.update(made.id, valid(changes.clone())).await;
    assert_eq!(same.unwrap(), made);
    changes.url = Some(url("https://other.example/"));
    changes.types = Some(vec!["stock.moved".parse().unwrap()]);
    changes.is_active = Some(false);
    let changed = webhooks.update(made.id, valid(changes.clone())).await;
    let changed = changed.unwrap();
    assert_eq!(changed.url, url("https://other.example/"));
    assert_eq!(
        (Some(&changed.types), changed.is_active),
        (changes.types.as_ref(), false)
    );
    assert_eq!(stores.found_webhook(&made).await, changed);

    webhooks.delete(made.id).await.unwrap();
    assert_eq!(webhooks.find(made.id).await.unwrap(), None);
    assert_eq!(webhooks.list().await.unwrap(), [second]);
    for unknown in [made.id, WebhookId::random()] {
        let secret = WebhookSecret::random();
        let page = PageSize::default();
        let errors = [
            webhooks.update(unknown, valid(changes.clone())).await.err(),
            webhooks.delete(unknown).await.err(),
            webhooks.rotate_secret(unknown, &secret).await.err(),
            webhooks.target(unknown).await.err(),
            webhooks.deliveries(unknown, None, page).await.err(),
        ];
        for error in errors {
            assert!(matches!(error, Some(WebhookError::NotFound)), "{error:?}");
        }
    }
}

pub async fn a_former_secret_signs_along(stores: Stores) {
    let [first, second, third] = [(); 3].map(|()| WebhookSecret::random());
    let new = valid(new_webhook(&["*"]));
    let webhook = stores.webhooks.create(new, &first).await.unwrap();
    let target = stores.webhooks.target(webhook.id).await.unwrap();
    assert_eq!(
        (&target.url, &target.secrets),
        (&webhook.url, &vec![first.clone()])
    );
    for secret in [&second, &third] {
        let rotated = stores.webhooks.rotate_secret(webhook.id, secret).await;
        assert_eq!(rotated.unwrap(), webhook);
    }
    stores.publish(vec![updated(1, "7")]).await;
    let claimed = stores.claim_event().await;
    // All of them: a client may have rotated again because it did not receive the second one.
    assert_eq!(claimed.target.secrets, [third, second, first]);
}

pub async fn a_deleted_webhook_is_sent_nothing(stores: Stores) {
    let webhook = stores.webhook(&["*"]).await;
    stores.publish(vec![updated(1, "7"), updated(2, "8")]).await;
    let claimed = stores.claim_events(1).await;
    stores.webhooks.delete(webhook.id).await.unwrap();
    assert!(stores.claim_events(10).await.is_empty());
    assert_eq!(stores.deliveries.next_due().await.unwrap(), None);
    // The open request may still end.
    stores
        .deliveries
        .succeeded(&claimed[0], 200, 1)
        .await
        .unwrap();
    while stores.deliveries.delete_old(1).await.unwrap() > 0 {}
    let recorded = stores.deliveries.succeeded(&claimed[0], 200, 1).await;
    assert_eq!(recorded.unwrap(), Recorded::Lost);
}

pub async fn a_shop_has_few_webhooks(stores: Stores) {
    for _ in 0..MAX_WEBHOOKS {
        stores.webhook(&["*"]).await;
    }
    let (new, secret) = (valid(new_webhook(&["*"])), WebhookSecret::random());
    let refused = stores.webhooks.create(new.clone(), &secret).await;
    assert!(matches!(refused, Err(WebhookError::TooMany)), "{refused:?}");
    let all = stores.webhooks.list().await.unwrap();
    stores.webhooks.delete(all[0].id).await.unwrap();
    stores.webhooks.create(new, &secret).await.unwrap();
}
