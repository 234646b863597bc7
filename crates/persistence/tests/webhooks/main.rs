//! What webhooks need of PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod claims;
mod log;
mod servers;
mod storage;

use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;
use eggypro_domain::changes::{Action, Actor, ChangeEntry, EventType, Resource};
use eggypro_domain::webhooks::{
    AllowedSchemes, ClaimedDelivery, DeliveryQueue, NewEvent, NewWebhook, Recorded, Webhook,
    WebhookRepository, WebhookSecret, WebhookUrl,
};
use eggypro_domain::{Bytes, Unvalidated};
use eggypro_persistence::PostgresWebhooks;
use eggypro_persistence::testing::TestDatabase;
use time::OffsetDateTime;

const MINUTE: Duration = Duration::from_secs(60);

const PATIENCE: Duration = Duration::from_secs(30);

/// A server of the shop.
fn server(database: &TestDatabase) -> PostgresWebhooks {
    PostgresWebhooks::new(database.open())
}

/// Creates a webhook for all events.
async fn create(webhooks: &PostgresWebhooks) -> Webhook {
    let url = WebhookUrl::parse("https://erp.example/hook", AllowedSchemes::Https).unwrap();
    let new = NewWebhook::new(url, vec!["*".parse().unwrap()]);
    let new = Unvalidated::new(new).validate().unwrap();
    let secret = WebhookSecret::random();
    webhooks.create(new, &secret).await.unwrap()
}

/// An event of a product. Entries of a real log have lower ids.
fn event(id: i64, product: &str) -> NewEvent {
    let entry = ChangeEntry::new(
        1_000_000 + id,
        OffsetDateTime::UNIX_EPOCH,
        (Resource::Product, product.to_owned()),
        Action::Updated,
        Actor::customer(),
        "{}".to_owned(),
    );
    let body = Bytes::from(format!(r#"{{"id":"{id}"}}"#));
    let kind = EventType::ProductUpdated;
    NewEvent::of(&entry, 0, kind, format!("/api/products/{product}"), body)
}

/// Adds events that are not in the log.
async fn publish(webhooks: &PostgresWebhooks, events: Vec<NewEvent>) {
    let followed = webhooks.next_entries(100).await.unwrap().unwrap();
    let added = webhooks.enqueue(&followed.step, events).await;
    assert!(added.unwrap());
}

async fn claim(webhooks: &PostgresWebhooks, limit: u32) -> Vec<ClaimedDelivery> {
    webhooks.claim(MINUTE, limit).await.unwrap()
}

async fn deliver(webhooks: &PostgresWebhooks, claimed: &ClaimedDelivery) {
    let recorded = webhooks.succeeded(claimed, 200, 5).await;
    assert_eq!(recorded.unwrap(), Recorded::Made);
}

/// The ids of claimed events, without what the tests add to them.
fn ids(claimed: &[ClaimedDelivery]) -> Vec<i64> {
    let mut ids: Vec<i64> = claimed
        .iter()
        .map(|of| of.event.entry % 1_000_000)
        .collect();
    ids.sort_unstable();
    ids
}

/// The number that a query returns in a column `number`.
fn number(database: &TestDatabase, query: &str) -> i64 {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        number: i64,
    }
    let row: Row = sql_query(query)
        .get_result(&mut *database.connect())
        .unwrap();
    row.number
}

fn count(database: &TestDatabase, table: &str) -> i64 {
    number(database, &format!("SELECT count(*) AS number FROM {table}"))
}

/// Follows the log as a server does, until a claim returns something. Open transactions of other tests hold it up.
async fn delivered_changes(webhooks: &PostgresWebhooks) -> Vec<ClaimedDelivery> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        follow(webhooks).await;
        let claimed = claim(webhooks, 100).await;
        if !claimed.is_empty() {
            return claimed;
        }
        assert!(Instant::now() < deadline);
    }
}

/// Makes a step, if there is one.
async fn follow(webhooks: &PostgresWebhooks) {
    let Some(followed) = webhooks.next_entries(100).await.unwrap() else {
        return;
    };
    let mut events = vec![];
    for (entry, ..) in &followed.entries.entries {
        for (kind, number) in EventType::of(entry).into_iter().zip(0..) {
            if followed.wants(kind) {
                let subject = entry.slug.clone().unwrap_or_default();
                let body = Bytes::from_static(b"{}");
                events.push(NewEvent::of(entry, number, kind, subject, body));
            }
        }
    }
    webhooks.enqueue(&followed.step, events).await.unwrap();
}
