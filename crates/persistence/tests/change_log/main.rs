//! How PostgreSQL writes the log of changes, and how it is followed.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod entries;
mod followers;
mod notifications;

use std::time::{Duration, Instant};

use eggypro_domain::changes::{Change, ChangeEntry, ChangeLog, ChangeQuery, Position};
use eggypro_persistence::testing::TestDatabase;
use eggypro_persistence::{ListenerEvent, PostgresChanges};
use tokio::sync::mpsc::UnboundedReceiver;

const PATIENCE: Duration = Duration::from_secs(30);

fn log(database: &TestDatabase) -> PostgresChanges {
    PostgresChanges::new(database.open())
}

async fn all(log: &PostgresChanges) -> Vec<ChangeEntry> {
    log.list(&ChangeQuery::default()).await.unwrap().items
}

/// Reads at least `count` entries after a position, in small steps. Waits, since other tests may have open
/// transactions.
async fn follow(
    log: &PostgresChanges,
    position: &mut Option<Position>,
    count: usize,
) -> Vec<ChangeEntry> {
    let deadline = Instant::now() + PATIENCE;
    let mut entries = vec![];
    while entries.len() < count {
        assert!(Instant::now() < deadline, "{entries:?}");
        entries.extend(step(log, position).await);
    }
    entries
}

async fn step(log: &PostgresChanges, position: &mut Option<Position>) -> Vec<ChangeEntry> {
    let followed = log.follow(position.as_ref(), 3).await.unwrap();
    *position = Some(followed.position);
    followed
        .entries
        .into_iter()
        .map(|(entry, ..)| entry)
        .collect()
}

const A_PRODUCT: &str = "INSERT INTO products (name, slug, description, details, price) VALUES ('Egg', 'egg', 'd', 'e', 1)";

async fn next_change(events: &mut UnboundedReceiver<ListenerEvent>) -> Change {
    loop {
        let event = tokio::time::timeout(PATIENCE, events.recv()).await.unwrap();
        if let Some(ListenerEvent::Change(change)) = event {
            return change;
        }
    }
}

async fn next_tags(events: &mut UnboundedReceiver<ListenerEvent>) -> Vec<String> {
    let change = next_change(events).await;
    let mut tags: Vec<_> = change.tags.iter().map(ToString::to_string).collect();
    tags.sort();
    tags
}
