//! Webhooks receive every event, however servers end and receivers fail.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on has failed"
)]

#[path = "webhooks/journal.rs"]
mod journal;
#[path = "webhooks/quitter.rs"]
mod quitter;
#[path = "webhooks/receiver.rs"]
mod receiver;
#[path = "process/running.rs"]
#[expect(dead_code, reason = "shared with another test")]
mod running;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use eggypro_persistence::testing::TestDatabase;
use nix::sys::signal::Signal;
use reqwest::blocking::Client;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use standardwebhooks::Webhook;

use self::journal::{Journal, MAX_OPEN, keys};
use self::quitter::Quitter;
use self::running::{Running, eggypro};

const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// The seed of the receiver's failures.
const SEED: u64 = 20_261_129;

/// The variable with another number of changes.
const VARIABLE: &str = "EGGYPRO_TEST_EVENTS";

/// The number of changes without that variable.
const CHANGES: usize = 300;

/// The number of events without an answer, at the start and after the last restart.
const HANGS: usize = 2;

/// The number of changes. About a sixth of their events fails once, for at least five seconds each.
fn changes() -> usize {
    std::env::var(VARIABLE).map_or(CHANGES, |number| number.parse().unwrap())
}

/// Each product has some five changes, or more if there are many.
fn products(changes: usize) -> usize {
    (changes / 5).clamp(1, 1_000)
}

fn start(database: &TestDatabase) -> Running {
    Running::start(
        eggypro()
            .env("POSTGRES_URL", database.url().expose_secret())
            .env("ENABLE_API_METRICS", "false")
            .env("WEBHOOK_ALLOW_PRIVATE", "true")
            .env("RUST_LOG", "warn")
            .env("ADMIN_SECRET_KEY", SECRET),
    )
}

/// Creates a webhook for events of products.
fn create(server: &Running, url: &str) -> Value {
    let webhook = json!({ "url": url, "types": ["product.*"] });
    let made = Client::new().post(format!("{}/api/webhooks", server.address));
    let made = made.bearer_auth(SECRET).json(&webhook).send().unwrap();
    assert_eq!(made.status(), 201);
    made.json().unwrap()
}

fn read(server: &Running, webhook: &Value) -> Value {
    let id = webhook["id"].as_str().unwrap();
    let url = format!("{}/api/webhooks/{id}", server.address);
    let read = Client::new().get(url).bearer_auth(SECRET).send();
    read.unwrap().json().unwrap()
}

/// A receiver that checks what it gets, and its webhook.
fn start_journal(server: &Running) -> (Arc<Journal>, Value) {
    let journal = Arc::new(Journal::new(SEED));
    let address = receiver::start(Arc::clone(&journal) as _);
    let webhook = create(server, &format!("http://{address}/hook"));
    let verifier = Webhook::new(webhook["secret"].as_str().unwrap()).unwrap();
    assert!(journal.webhook.set(verifier).is_ok());
    (journal, webhook)
}

/// A receiver that answers 410 after this number of events, and its webhook.
fn start_quitter(server: &Running, accepts: usize) -> (Arc<Quitter>, Value) {
    let quitter = Arc::new(Quitter::new(accepts));
    let address = receiver::start(Arc::clone(&quitter) as _);
    (quitter, create(server, &format!("http://{address}/gone")))
}

/// Creates products, named by their numbers.
fn insert(products: Range<usize>) -> String {
    format!(
        "INSERT INTO products (name, slug, description, details, price, ingredients) \
         SELECT 'Egg', 'egg-' || number, 'd', 'd', 1, '{{Egg}}' FROM generate_series({}, {}) AS number",
        products.start,
        products.end - 1
    )
}

/// Changes products one after the other, by hand. In a round, each has one change. Every second product is deleted in some
/// rounds, and another one gets its slug in the next round.
fn change(database: &TestDatabase, changes: Range<usize>, products: usize) {
    let mut connection = database.connect();
    for number in changes {
        let (round, product) = (number / products, number % products);
        let statement = match (round % 5, product % 2) {
            (2, 0) => format!("DELETE FROM products WHERE slug = 'egg-{product}'"),
            (3, 0) => insert(product..product + 1),
            _ => format!("UPDATE products SET price = price + 1 WHERE slug = 'egg-{product}'"),
        };
        let changed = diesel::sql_query(statement).execute(&mut connection);
        assert_eq!(changed.unwrap(), 1);
    }
}

#[derive(QueryableByName)]
struct Changed {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    subject: String,
    #[diesel(sql_type = Text)]
    resource_id: String,
}

/// The ids of the committed changes with each [key](keys), in order, from the first webhook on.
fn committed(database: &TestDatabase) -> BTreeMap<String, Vec<String>> {
    let query = "SELECT id::text, '/api/products/' || slug AS subject, resource_id FROM changes \
                 WHERE resource = 'product' AND id > (SELECT min(id) FROM changes WHERE resource = 'webhook') \
                 ORDER BY transaction_id, id";
    let changes: Vec<Changed> = diesel::sql_query(query)
        .load(&mut database.connect())
        .unwrap();
    let mut orders: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for change in changes {
        for key in keys(&change.subject, &change.resource_id) {
            orders.entry(key).or_default().push(change.id.clone());
        }
    }
    orders
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// The webhooks that have not been switched off with a reason, apart from the first one.
const NOT_SWITCHED_OFF: &str =
    "SELECT count(*) - 1 AS count FROM webhooks WHERE disabled_reason IS NULL";

/// The deliveries without a result. Those of a webhook that was switched off are dropped.
const NO_RESULT: &str = "SELECT count(*) AS count FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id \
                         WHERE CASE WHEN w.is_active THEN d.state <> 'delivered' ELSE d.state = 'pending' END";

/// Waits until this query counts nothing.
fn wait_for_none(database: &TestDatabase, query: &str, patience: Duration) {
    let mut connection = database.connect();
    let started = Instant::now();
    loop {
        let query = diesel::sql_query(query);
        let Count { count } = query.get_result(&mut connection).unwrap();
        if count == 0 {
            return;
        }
        assert!(started.elapsed() < patience, "{count} are left");
    }
}

/// A server that is killed after it has claimed a delivery and before it sends it uses up an attempt. If the next one fails,
/// the delivery would wait for five minutes.
const HASTEN: &str = "UPDATE webhook_deliveries SET due_at = now() + interval '10 seconds' \
                      WHERE lease IS NULL AND due_at > now() + interval '1 minute'";

/// Waits until this number of events was accepted.
fn wait_for(database: &TestDatabase, journal: &Journal, accepted: usize, patience: Duration) {
    let mut connection = database.connect();
    let started = Instant::now();
    while !journal.wait_for(accepted, Duration::from_secs(1)) {
        let found = journal.accepted();
        assert!(
            started.elapsed() < patience,
            "{found} of {accepted} events were accepted"
        );
        diesel::sql_query(HASTEN).execute(&mut connection).unwrap();
    }
}

/// Replaces a server by another one.
fn replace(server: Running, signal: Signal, database: &TestDatabase) -> Running {
    server.stop(signal);
    start(database)
}

/// Every committed change has arrived in order, and nothing happened that must not. The receiver was so busy that it could
/// have noticed.
fn check(journal: &Journal, database: &TestDatabase, changes: usize) {
    assert_eq!(journal.orders(), committed(database));
    let requests = journal.requests();
    assert!(requests > changes, "some have failed: {requests}");
    let violations = journal.violations();
    assert!(violations.is_empty(), "{violations:?}");
    // With fewer changes, this is not certain.
    if changes >= CHANGES {
        assert_eq!(journal.peak(), MAX_OPEN);
        assert!(journal.given_up() >= HANGS);
    }
}

/// The webhook whose receiver wants no more events was switched off, with a reason. Requests that were open already may
/// have been refused as well.
fn check_end(quitter: &Quitter, webhook: &Value) {
    let refused = quitter.refused();
    assert!((1..=MAX_OPEN).contains(&refused), "{refused} were refused");
    assert_eq!(webhook["is_active"], false, "{webhook}");
    let reason = webhook["disabled_reason"].as_str().unwrap();
    assert!(reason.contains("410"), "{reason}");
}

#[test]
fn every_event_arrives_in_order_however_servers_end() {
    let database = Arc::new(TestDatabase::migrated());
    let changes = changes();
    let (products, early) = (products(changes), changes - changes / 4);
    database.execute(&insert(0..products));
    // A killed server holds some deliveries for 30 s, some get no answer for 15 s, and each may fail once after that.
    let patience = Duration::from_millis(150_000 + 50 * changes as u64);
    let (mut first, mut second) = (start(&database), start(&database));
    let (journal, webhook) = start_journal(&first);
    let (quitter, ended) = start_quitter(&first, changes / 8);
    let wait_for = |accepted: usize| wait_for(&database, &journal, accepted, patience);

    journal.hang(HANGS);
    let of_changes = Arc::clone(&database);
    let changing = thread::spawn(move || change(&of_changes, 0..early, products));
    wait_for_none(&database, NOT_SWITCHED_OFF, patience);
    wait_for(early / 4);
    first = replace(first, Signal::SIGKILL, &database);
    wait_for(early / 2);
    second = replace(second, Signal::SIGKILL, &database);
    wait_for(early * 3 / 4);
    first = replace(first, Signal::SIGTERM, &database);
    changing.join().unwrap();
    journal.hang(HANGS);
    change(&database, early..changes, products);
    wait_for(changes);
    wait_for_none(&database, NO_RESULT, patience);

    check(&journal, &database, changes);
    assert_eq!(read(&first, &webhook)["is_active"], true);
    check_end(&quitter, &read(&first, &ended));
    first.stop(Signal::SIGTERM);
    second.stop(Signal::SIGTERM);
}
