//! Webhooks receive every event, however servers end and receivers fail.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on has failed"
)]

#[path = "webhooks/journal.rs"]
mod journal;
#[path = "webhooks/receiver.rs"]
mod receiver;
#[path = "process/running.rs"]
#[expect(dead_code, reason = "shared with another test")]
mod running;

use std::collections::BTreeMap;
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

use self::journal::Journal;
use self::running::{Running, eggypro};

const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// The seed of the receiver's failures.
const SEED: u64 = 20_261_129;

/// The variable with another number of changes.
const VARIABLE: &str = "EGGYPRO_TEST_EVENTS";

/// The number of changes. About a sixth of their events fails once, for at least five seconds each.
fn changes() -> usize {
    std::env::var(VARIABLE).map_or(300, |number| number.parse().unwrap())
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

/// Creates a webhook for changes of products.
fn create(server: &Running, url: &str) -> Value {
    let webhook = json!({ "url": url, "types": ["product.updated"] });
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

/// Changes products one after the other, by hand.
fn change(database: &TestDatabase, changes: usize, products: usize) {
    let mut connection = database.connect();
    for number in 0..changes {
        let product = number % products;
        diesel::sql_query(format!(
            "UPDATE products SET price = price + 1 WHERE slug = 'egg-{product}'"
        ))
        .execute(&mut connection)
        .unwrap();
    }
}

#[derive(QueryableByName)]
struct Changed {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    subject: String,
}

/// The ids of the committed changes of each product, in order.
fn committed(database: &TestDatabase) -> BTreeMap<String, Vec<String>> {
    let query = "SELECT id::text, '/api/products/' || slug AS subject FROM changes \
                 WHERE resource = 'product' AND action = 'updated' ORDER BY transaction_id, id";
    let changes: Vec<Changed> = diesel::sql_query(query)
        .load(&mut database.connect())
        .unwrap();
    let mut subjects: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for change in changes {
        subjects.entry(change.subject).or_default().push(change.id);
    }
    subjects
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Waits until every delivery is recorded as delivered.
fn wait_for_results(database: &TestDatabase, patience: Duration) {
    let query = "SELECT count(*) AS count FROM webhook_deliveries WHERE state <> 'delivered'";
    let mut connection = database.connect();
    let started = Instant::now();
    loop {
        let query = diesel::sql_query(query);
        let Count { count } = query.get_result(&mut connection).unwrap();
        if count == 0 {
            return;
        }
        assert!(started.elapsed() < patience, "{count} have no result");
    }
}

/// Replaces a server by another one.
fn replace(server: Running, signal: Signal, database: &TestDatabase) -> Running {
    server.stop(signal);
    start(database)
}

#[test]
fn every_event_arrives_in_order_however_servers_end() {
    let database = Arc::new(TestDatabase::migrated());
    let changes = changes();
    let products = products(changes);
    database.execute(&format!(
        "INSERT INTO products (name, slug, description, details, price, ingredients) \
         SELECT 'Egg', 'egg-' || number, 'd', 'd', 1, '{{Egg}}' FROM generate_series(0, {}) AS number",
        products - 1
    ));
    // A killed server holds some deliveries for 30 s, and each of them may fail once after that.
    let patience = Duration::from_millis(120_000 + 50 * changes as u64);
    let (mut first, mut second) = (start(&database), start(&database));
    let journal = Arc::new(Journal::new(SEED));
    let address = receiver::start(Arc::clone(&journal) as _);
    let webhook = create(&first, &format!("http://{address}/hook"));
    let verifier = Webhook::new(webhook["secret"].as_str().unwrap()).unwrap();
    assert!(journal.webhook.set(verifier).is_ok());

    let of_changes = Arc::clone(&database);
    let changing = thread::spawn(move || change(&of_changes, changes, products));
    journal.wait_for(changes / 4, patience);
    first = replace(first, Signal::SIGKILL, &database);
    journal.wait_for(changes / 2, patience);
    second = replace(second, Signal::SIGKILL, &database);
    journal.wait_for(changes * 3 / 4, patience);
    first = replace(first, Signal::SIGTERM, &database);
    changing.join().unwrap();
    journal.wait_for(changes, patience);

    assert_eq!(journal.subjects(), committed(&database));
    let requests = journal.requests();
    assert!(requests > changes, "some have failed: {requests}");
    wait_for_results(&database, patience);
    let webhook = read(&first, &webhook);
    assert_eq!(webhook["is_active"], true, "{webhook}");
    let violations = journal.violations();
    assert!(violations.is_empty(), "{violations:?}");
    first.stop(Signal::SIGTERM);
    second.stop(Signal::SIGTERM);
}
