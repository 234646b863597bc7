//! Imports go on however their server ends, and write each row once.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on has failed"
)]

#[path = "process/running.rs"]
#[expect(dead_code, reason = "shared with another test")]
mod running;

use std::fmt::Write;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use eggypro_persistence::testing::TestDatabase;
use nix::sys::signal::Signal;
use reqwest::blocking::Client;
use secrecy::ExposeSecret;
use serde_json::Value;

use self::running::{Running, eggypro};

const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// Enough for a dozen batches and more.
const ROWS: u64 = 2_000;

fn file() -> String {
    let mut file = "sku,name,description,details,price,ingredients,stock_quantity\n".to_owned();
    for number in 0..ROWS {
        writeln!(file, "S-{number},Egg {number},Text,More,1.50,Egg,5").unwrap();
    }
    file
}

fn start(database: &TestDatabase) -> Running {
    Running::start(
        eggypro()
            .env("POSTGRES_URL", database.url().expose_secret())
            .env("RATE_LIMIT_MAX_REQUESTS", "1000000000")
            .env("ADMIN_SECRET_KEY", SECRET),
    )
}

fn upload(server: &Running) -> String {
    let upload = Client::new().post(format!("{}/api/imports", server.address));
    let upload = upload
        .bearer_auth(SECRET)
        .header("content-type", "text/csv");
    let answer = upload.body(file()).send().unwrap();
    assert_eq!(answer.status(), 202);
    answer.headers()["location"].to_str().unwrap().to_owned()
}

/// Waits until an import is as it should be, and returns it.
fn import_when(server: &Running, path: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    let client = Client::new();
    let started = Instant::now();
    loop {
        let read = client.get(format!("{}{path}", server.address));
        let import: Value = read.bearer_auth(SECRET).send().unwrap().json().unwrap();
        if is_so(&import) {
            return import;
        }
        assert!(started.elapsed() < Duration::from_secs(60), "{import}");
    }
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn count(database: &TestDatabase, from: &str) -> i64 {
    let query = diesel::sql_query(format!("SELECT count(*) AS count FROM {from}"));
    let count: Count = query.get_result(&mut database.connect()).unwrap();
    count.count
}

fn assert_each_row_was_written_once(database: &TestDatabase, import: &Value) {
    for (name, expected) in [
        ("rows", ROWS),
        ("done", ROWS),
        ("created", ROWS),
        ("failed", 0),
    ] {
        assert_eq!(import[name], expected, "{import}");
    }
    let rows = i64::try_from(ROWS).unwrap();
    assert_eq!(count(database, "products WHERE version = 1"), rows);
    assert_eq!(count(database, "changes WHERE resource = 'product'"), rows);
    assert_eq!(count(database, "stock_movements WHERE change = 5"), rows);
    assert_eq!(count(database, "import_chunks"), 0);
}

#[test]
fn an_import_goes_on_after_its_server_was_killed() {
    let database = TestDatabase::migrated();
    let server = start(&database);
    let path = upload(&server);
    import_when(&server, &path, |import| import["done"] != 0);
    server.stop(Signal::SIGKILL);
    let left = count(&database, "import_chunks");
    assert!(left > 0, "it had not ended");

    let server = start(&database);
    let import = import_when(&server, &path, |import| import["status"] == "done");
    assert_each_row_was_written_once(&database, &import);
    server.stop(Signal::SIGTERM);
}

#[test]
fn a_server_that_stops_leaves_an_import_to_another_one() {
    let database = TestDatabase::migrated();
    let (first, second) = (start(&database), start(&database));
    let path = upload(&first);
    import_when(&first, &path, |import| import["done"] != 0);
    first.stop(Signal::SIGTERM);
    let import = import_when(&second, &path, |import| import["status"] == "done");
    assert_each_row_was_written_once(&database, &import);
    second.stop(Signal::SIGTERM);
}
