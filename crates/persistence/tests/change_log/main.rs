//! The log of changes, as PostgreSQL writes it and as it is followed.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod entries;
mod followers;
mod notifications;

use std::time::{Duration, Instant};

use eggypro_domain::changes::{Change, ChangeEntry, ChangeLog, ChangeQuery, Position};
use eggypro_persistence::testing::TestDatabase;
use eggypro_persistence::{Heard, PostgresChanges};
use tokio::sync::mpsc::UnboundedReceiver;

const PATIENCE: Duration = Duration::from_secs(30);

fn log(database: &TestDatabase) -> PostgresChanges {
    PostgresChanges::new(database.open())
}

async fn all(log: &PostgresChanges) -> Vec<ChangeEntry> {
    log.list(&ChangeQuery::default()).await.unwrap().items
}

/// So many entries behind a position, in small steps. Other tests have transactions open, too.
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

async fn next_change(heard: &mut UnboundedReceiver<Heard>) -> Change {
    loop {
        let told = tokio::time::timeout(PATIENCE, heard.recv()).await.unwrap();
        if let Some(Heard::Change(change)) = told {
            return change;
        }
    }
}

async fn next_tags(heard: &mut UnboundedReceiver<Heard>) -> Vec<String> {
    let change = next_change(heard).await;
    let mut tags: Vec<_> = change.tags.iter().map(ToString::to_string).collect();
    tags.sort();
    tags
}
