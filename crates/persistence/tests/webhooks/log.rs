//! Events follow the log of changes.

use diesel::connection::SimpleConnection;
use eggypro_domain::changes::{ChangeLog, ChangeQuery};
use eggypro_domain::webhooks::WebhookChanges;
use eggypro_persistence::PostgresChanges;

use super::*;

fn category(slug: &str) -> String {
    format!("INSERT INTO categories (name, slug) VALUES ('{slug}', '{slug}')")
}

/// The slugs of the next categories that are delivered.
async fn next_slugs(database: &TestDatabase, webhooks: &PostgresWebhooks) -> Vec<String> {
    let claimed = delivered_changes(webhooks).await;
    let mut slugs = vec![];
    for claimed in claimed {
        deliver(webhooks, &claimed).await;
        slugs.push(slug(database, claimed.event.entry));
    }
    slugs.sort();
    slugs
}

fn slug(database: &TestDatabase, entry: i64) -> String {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = diesel::sql_types::Text)]
        slug: String,
    }
    let row: Row = sql_query("SELECT slug FROM changes WHERE id = $1")
        .bind::<BigInt, _>(entry)
        .get_result(&mut *database.connect())
        .unwrap();
    row.slug
}

#[tokio::test]
async fn an_event_is_sent_exactly_if_its_change_is_committed() {
    let database = TestDatabase::migrated();
    let webhooks = server(&database);
    database.execute(&category("before"));
    // It began before the webhook and ends after it.
    let mut open = database.connect();
    open.batch_execute(&format!("BEGIN; {}", category("open")))
        .unwrap();
    create(&webhooks).await;
    database.execute(&format!("BEGIN; {}; ROLLBACK", category("undone")));
    open.batch_execute("COMMIT").unwrap();
    assert_eq!(next_slugs(&database, &webhooks).await, ["open"]);
    database.execute(&category("after"));
    assert_eq!(next_slugs(&database, &webhooks).await, ["after"]);
    assert_eq!(count(&database, "webhook_events"), 2);
}

#[tokio::test]
async fn a_webhook_receives_what_was_changed_since_it_is_active() {
    let database = TestDatabase::migrated();
    let webhooks = server(&database);
    let first = create(&webhooks).await;
    database.execute(&category("one"));
    // Nobody has followed the log yet.
    let second = create(&webhooks).await;
    let mut changes = WebhookChanges::default();
    for is_active in [false, true] {
        changes.is_active = Some(is_active);
        let changes = Unvalidated::new(changes.clone()).validate().unwrap();
        webhooks.update(second.id, changes).await.unwrap();
    }
    let claimed = delivered_changes(&webhooks).await;
    assert_eq!((claimed.len(), claimed[0].webhook), (1, first.id));
    database.execute(&category("two"));
    assert_eq!(delivered_changes(&webhooks).await.len(), 2);
}

#[tokio::test]
async fn the_log_is_not_followed_without_an_active_webhook() {
    let database = TestDatabase::migrated();
    let webhooks = server(&database);
    database.execute(&category("one"));
    assert_eq!(webhooks.next_entries(100).await.unwrap(), None);
    let webhook = create(&webhooks).await;
    webhooks.delete(webhook.id).await.unwrap();
    database.execute(&category("two"));
    assert_eq!(webhooks.next_entries(100).await.unwrap(), None);
    // The next webhook does not begin where the last one ended.
    create(&webhooks).await;
    database.execute(&category("three"));
    assert_eq!(next_slugs(&database, &webhooks).await, ["three"]);
}

#[tokio::test]
async fn a_replica_that_takes_over_goes_on_at_the_same_place() {
    let database = TestDatabase::migrated();
    let webhooks = server(&database);
    create(&webhooks).await;
    database.execute(&category("one"));
    assert_eq!(next_slugs(&database, &webhooks).await, ["one"]);
    database.execute(&category("two"));
    database.execute("UPDATE change_log SET identity = 'that of the primary'");
    database.execute("UPDATE webhook_position SET position = 'another' || substr(position, strpos(position, '.'))");
    assert_eq!(next_slugs(&database, &webhooks).await, ["two"]);
}

#[tokio::test]
async fn a_restored_dump_goes_on_with_the_next_change() {
    let database = TestDatabase::migrated();
    let webhooks = server(&database);
    create(&webhooks).await;
    database.execute(&category("one"));
    database.execute(
        "UPDATE change_log SET identity = 'another'; UPDATE changes SET transaction_id = '9000000000000'; \
         UPDATE webhooks SET active_since = '9000000000000:9000000000001:'; \
         UPDATE webhook_position SET position = 'another.9000000000000.1'",
    );
    assert_eq!(webhooks.next_entries(100).await.unwrap(), None);
    database.execute(&category("two"));
    assert_eq!(next_slugs(&database, &webhooks).await, ["two"]);
}

#[tokio::test]
async fn a_log_that_was_deleted_meanwhile_is_followed_from_its_oldest_entry() {
    let database = TestDatabase::migrated();
    let webhooks = server(&database);
    create(&webhooks).await;
    database.execute(&category("one"));
    let log = PostgresChanges::new(database.open());
    while log.delete_old(Duration::ZERO, 100).await.unwrap() > 0 {}
    database.execute(&category("two"));
    assert_eq!(next_slugs(&database, &webhooks).await, ["two"]);
}

#[tokio::test]
async fn the_log_records_webhooks_without_their_secrets() {
    let database = TestDatabase::migrated();
    let webhooks = server(&database);
    let webhook = create(&webhooks).await;
    let rotated = WebhookSecret::random();
    webhooks.rotate_secret(webhook.id, &rotated).await.unwrap();
    webhooks
        .disable(webhook.id, &webhook.url, "gone")
        .await
        .unwrap();
    webhooks.delete(webhook.id).await.unwrap();
    while webhooks.delete_old(10).await.unwrap() > 0 {}
    assert_eq!(count(&database, "webhooks"), 0);
    let log = PostgresChanges::new(database.open());
    let entries = log.list(&ChangeQuery::default()).await.unwrap().items;
    let actions: Vec<&str> = entries.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(actions, ["deleted", "updated", "updated", "created"]);
    for entry in &entries {
        assert_eq!(entry.resource, Resource::Webhook);
        assert_eq!(entry.resource_id, webhook.id.to_string());
        assert!(!entry.diff.contains("whsec_"), "{}", entry.diff);
    }
    let events = entries.iter().map(EventType::of);
    let off = vec![EventType::WebhookDisabled];
    assert_eq!(events.collect::<Vec<_>>(), [vec![], off, vec![], vec![]]);
    let disabled = r#"{"is_active": [true, false], "disabled_reason": [null, "gone"]}"#;
    assert_eq!(entries[1].diff, disabled);
    assert!(entries[2].diff.starts_with(r#"{"secret_created_at": ["#));
    // The path may be a secret of the receiver.
    let diff = &entries[3].diff;
    assert!(diff.contains(r#""url": [null, "https://erp.example/… ("#));
    assert!(!diff.contains("hook\""), "{diff}");
}
