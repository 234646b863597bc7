//! Committed writes stay, even if the confirmation of the commit is lost.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on has failed"
)]

#[path = "process/running.rs"]
#[expect(dead_code, reason = "shared with another test")]
mod running;
#[path = "process/trap.rs"]
#[expect(dead_code, reason = "shared with another test")]
mod trap;

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_types::Bool;
use eggypro_domain::images::ImageFormat;
use eggypro_imaging::testing::picture;
use eggypro_persistence::testing::TestDatabase;
use nix::sys::signal::Signal;
use reqwest::blocking::Client;
use reqwest::blocking::multipart::{Form, Part};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use self::running::{Running, eggypro, folder};
use self::trap::Trap;

const SECRET: &str = "0123456789abcdef0123456789abcdef";

fn client() -> Client {
    let client = Client::builder().timeout(Duration::from_secs(30));
    client.build().unwrap()
}

#[derive(QueryableByName)]
struct Exists {
    #[diesel(sql_type = Bool)]
    exists: bool,
}

/// Whether a product meets this condition.
fn is_there(connection: &mut PgConnection, condition: &str) -> bool {
    let query = format!("SELECT EXISTS (SELECT FROM products WHERE {condition}) AS exists");
    let row: Exists = diesel::sql_query(query).get_result(connection).unwrap();
    row.exists
}

/// Waits for a condition and returns how long that took.
fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) -> Duration {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < Duration::from_secs(10), "{what}");
    }
    started.elapsed()
}

#[test]
fn a_writer_killed_between_commit_and_answer_leaves_nothing_stale() {
    let database = TestDatabase::migrated();
    let trap = Trap::before(&database);
    let direct = database.url().expose_secret().to_owned();
    let start = |url: &str| {
        Running::start(
            eggypro()
                .env("POSTGRES_URL", url)
                .env("POSTGRES_LISTEN_URL", &direct)
                .env("MIGRATION_URL", &direct)
                .env("RATE_LIMIT_MAX_REQUESTS", "1000000000")
                .env("ADMIN_SECRET_KEY", SECRET),
        )
    };
    let (writer, reader) = (start(&trap.url(&database)), start(&direct));
    let client = client();
    let product = json!({
        "name": "Egg Bites", "description": "d", "details": "d", "price": 1, "ingredients": ["Egg"],
    });
    let made = client.post(format!("{}/api/products", writer.address));
    let made = made.bearer_auth(SECRET).json(&product).send().unwrap();
    assert_eq!(made.status(), 201);

    let price = || {
        let answer = client.get(format!("{}/api/products/egg-bites", reader.address));
        let body: Value = answer.send().unwrap().json().unwrap();
        body["price"].as_f64()
    };
    wait_until("the reader never shows the product", || {
        price() == Some(1.0)
    });

    trap.arm();
    let change = client.patch(format!("{}/api/products/egg-bites", writer.address));
    let change = change.bearer_auth(SECRET).json(&json!({ "price": 2 }));
    let answer = thread::spawn(move || change.send());
    let mut connection = database.connect();
    wait_until("nothing is committed", || {
        is_there(&mut connection, "price = 2")
    });
    assert!(
        !answer.is_finished(),
        "the writer must not have heard of its commit"
    );
    writer.stop(Signal::SIGKILL);
    assert!(answer.join().unwrap().is_err(), "nothing was confirmed");
    let delay = wait_until("the old price stays", || price() == Some(2.0));
    // Without the notification it would stay until cached answers expire, or for five seconds.
    assert!(delay < Duration::from_secs(3), "{delay:?}");
    reader.stop(Signal::SIGTERM);
}

#[test]
fn pictures_whose_confirmation_is_lost_are_kept() {
    let (database, folder) = (TestDatabase::migrated(), folder());
    let trap = Trap::before(&database);
    let direct = database.url().expose_secret().to_owned();
    let server = Running::start(
        eggypro()
            .env("POSTGRES_URL", trap.url(&database))
            .env("POSTGRES_LISTEN_URL", &direct)
            .env("MIGRATION_URL", &direct)
            .env("EGGYPRO_DATA_DIR", folder.path())
            .env("ADMIN_SECRET_KEY", SECRET),
    );
    database.execute(
        "INSERT INTO products (name, slug, description, details, price, ingredients) \
         VALUES ('Eggs', 'eggs', 'd', 'd', 1, '{Egg}')",
    );
    let file = Part::bytes(picture(ImageFormat::Png, 30, 20, false).to_vec());
    let client = client();
    // The reservation commits before the picture is stored, and its confirmation must arrive.
    let images = folder.path().join("images");
    trap.arm_with(images.clone());
    let upload = client.post(format!("{}/api/products/eggs/images", server.address));
    let form = Form::new().part("file", file);
    let answer = upload.bearer_auth(SECRET).multipart(form).send().unwrap();
    assert_eq!(answer.status(), 503, "the word of the commit is lost");
    assert!(
        is_there(&mut database.connect(), "cardinality(images) = 1"),
        "but it was one"
    );
    let stored = images.join("eggypro-products");
    assert_eq!(
        fs::read_dir(stored).unwrap().count(),
        1,
        "so the picture stays"
    );
    server.stop(Signal::SIGKILL);
}

/// Sets a product's stock to increasing numbers and returns the last confirmed one.
fn count_up(address: &str, slug: &str) -> u64 {
    let (client, url) = (client(), format!("{address}/api/products/{slug}"));
    for number in 1.. {
        let change = json!({ "stock_quantity": number });
        let answer = client.patch(&url).bearer_auth(SECRET).json(&change).send();
        match answer.and_then(|answer| answer.json::<Value>()) {
            Ok(product) if product["stock_quantity"] == number => {}
            // The server is about to end, or has ended.
            _ => return number - 1,
        }
    }
    unreachable!("the numbers don't end")
}

#[test]
fn confirmed_writes_are_stored_however_the_server_ends() {
    for signal in [Signal::SIGTERM, Signal::SIGKILL] {
        let database = TestDatabase::migrated();
        let start = || {
            Running::start(
                eggypro()
                    .env("POSTGRES_URL", database.url().expose_secret())
                    .env("ADMIN_SECRET_KEY", SECRET),
            )
        };
        let server = start();
        let slugs: Vec<String> = (0..8).map(|number| format!("egg-{number}")).collect();
        database.execute(
            "INSERT INTO products (name, slug, description, details, price, ingredients, stock_quantity) \
             SELECT 'Egg', 'egg-' || number, 'd', 'd', 1, '{Egg}', 0 FROM generate_series(0, 7) AS number",
        );
        let writers: Vec<_> = slugs
            .iter()
            .map(|slug| {
                let (address, slug) = (server.address.clone(), slug.clone());
                thread::spawn(move || count_up(&address, &slug))
            })
            .collect();
        let mut connection = database.connect();
        wait_until("somebody does not write", || {
            !is_there(&mut connection, "stock_quantity < 5")
        });
        server.stop(signal);
        let confirmed: Vec<u64> = writers
            .into_iter()
            .map(|writer| writer.join().unwrap())
            .collect();
        let server = start();
        for (slug, confirmed) in slugs.iter().zip(confirmed) {
            let url = format!("{}/api/products/{slug}", server.address);
            let product: Value = client().get(url).send().unwrap().json().unwrap();
            let stock = product["stock_quantity"].as_u64().unwrap();
            // The last write may be stored without being confirmed.
            assert!(
                (confirmed..=confirmed + 1).contains(&stock),
                "{signal}: {stock}, but {confirmed} was confirmed"
            );
        }
        server.stop(Signal::SIGTERM);
    }
}
