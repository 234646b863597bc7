//! The commands of the binary.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on has failed"
)]

#[path = "process/running.rs"]
mod running;

use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use eggypro_persistence::testing::TestDatabase;
use nix::sys::signal::Signal;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use self::running::{Running, eggypro, folder};

const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// Runs a command on this database. Returns its output and whether it succeeded.
fn run(database: &TestDatabase, arguments: &[&str], variables: &[(&str, &str)]) -> (String, bool) {
    let output = eggypro()
        .args(arguments)
        .env("POSTGRES_URL", database.url().expose_secret())
        .env("RUST_LOG", "warn")
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    (text(&output), output.status.success())
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

#[test]
fn seed_loads_and_removes_the_demonstration_and_asks_beside_other_products() {
    let database = TestDatabase::migrated();
    let seed = |arguments: &[&str]| run(&database, &[&["seed"], arguments].concat(), &[]);
    assert!(seed(&[]).1);
    assert!(seed(&["--products", "5"]).1, "neither kind is of a shop");
    database.execute(
        "INSERT INTO products (name, slug, description, details, price, images, ingredients, stock_quantity) \
         VALUES ('Ours', 'ours', '', '', 1, '{}', '{}', 1)",
    );
    let (said, is_done) = seed(&[]);
    assert!(
        !is_done && said.contains("There are other products") && said.contains("--yes"),
        "{said}"
    );
    assert!(seed(&["--yes"]).1);
    // Three categories stay, because generated products are in them too.
    let (said, is_done) = seed(&["--remove"]);
    assert!(
        is_done && said.contains("24 products and 2 categories removed."),
        "{said}"
    );
    let (said, _) = seed(&["--remove"]);
    assert!(
        said.contains("0 products and 0 categories removed."),
        "{said}"
    );
    database.execute("DO $$ BEGIN ASSERT (SELECT count(*) FROM products) = 6; END $$");
}

#[test]
fn seed_always_asks_in_production() {
    let database = TestDatabase::migrated();
    let production = [
        ("APP_ENV", "production"),
        ("ADMIN_SECRET_KEY", SECRET),
        ("CLOUDINARY_URL", "cloudinary://k:s@c"),
    ];
    for arguments in [
        &["seed"][..],
        &["seed", "--remove"],
        &["seed", "--products", "1"],
    ] {
        let (said, is_done) = run(&database, arguments, &production);
        assert!(
            !is_done && said.contains("This is production."),
            "{arguments:?}: {said}"
        );
    }
    // Nothing answers there.
    let unavailable = ("CLOUDINARY_API_BASE", "https://127.0.0.1:1");
    let production = [&production[..], &[unavailable]].concat();
    let (said, is_done) = run(&database, &["seed", "--yes"], &production);
    assert!(
        is_done && said.contains("The products get no pictures"),
        "{said}"
    );
    database.execute("DO $$ BEGIN ASSERT (SELECT count(*) FROM products) = 24; END $$");
}

#[test]
fn seed_asks_before_it_migrates_production() {
    let database = TestDatabase::blank();
    let production = [
        ("APP_ENV", "production"),
        ("ADMIN_SECRET_KEY", SECRET),
        ("CLOUDINARY_URL", "cloudinary://k:s@c"),
        ("MIGRATE_ON_START", "true"),
    ];
    let (said, is_done) = run(&database, &["seed"], &production);
    assert!(!is_done && said.contains("This is production."), "{said}");
    database.execute("DO $$ BEGIN ASSERT to_regclass('products') IS NULL; END $$");
}

#[test]
fn migrations_are_listed_without_changing_the_database() {
    let database = TestDatabase::blank();
    let status = || run(&database, &["migrate", "--status"], &[]).0;
    assert!(status().lines().all(|line| line.starts_with("pending  20")));
    database
        .execute("DO $$ BEGIN ASSERT to_regclass('__diesel_schema_migrations') IS NULL; END $$");
    assert!(run(&database, &["migrate"], &[]).1);
    let applied = status();
    assert!(
        applied.lines().all(|line| line.starts_with("applied  20")),
        "{applied}"
    );
    assert!(applied.contains("2026-11-22-100000_create_catalogue"));
}

#[test]
fn sequences_are_raised_after_a_switch_to_a_subscriber() {
    let database = TestDatabase::migrated();
    // Logical replication copies rows but not sequences.
    database.execute(
        "INSERT INTO categories (id, name, slug) VALUES (7, 'Powders', 'powders'); \
         INSERT INTO products (id, name, slug, description, details, price, images, ingredients, stock_quantity) \
         VALUES (9, 'Ours', 'ours', '', '', 1, '{}', '{}', 1)",
    );
    let (said, is_done) = run(&database, &["migrate", "--set-sequences"], &[]);
    assert!(
        is_done && said.contains("products_id_seq is above"),
        "{said}"
    );
    assert!(!said.contains("reviews_id_seq"), "{said}");
    database.execute(
        "DO $$ BEGIN ASSERT nextval('products_id_seq') = 1010 AND nextval('categories_id_seq') = 1008; END $$",
    );
    let (said, _) = run(&database, &["migrate", "--set-sequences"], &[]);
    assert!(said.contains("Every counter is above"), "{said}");
    // Sequences that gave out all ids are not raised either.
    let healthy = TestDatabase::migrated();
    assert!(run(&healthy, &["seed"], &[]).1);
    let (said, _) = run(&healthy, &["migrate", "--set-sequences"], &[]);
    assert!(said.contains("Every counter is above"), "{said}");
}

#[test]
fn check_env_connect_reports_the_state_of_services() {
    let database = TestDatabase::blank();
    let check = |variables: &[(&str, &str)]| run(&database, &["check-env", "--connect"], variables);
    let (said, is_available) = check(&[]);
    assert!(is_available, "{said}");
    for found in [
        "POSTGRES_URL: PostgreSQL 1",
        "migrations are pending",
        "POSTGRES_URL: changes are received",
    ] {
        assert!(said.contains(found), "{found:?} in {said}");
    }
    assert!(run(&database, &["migrate"], &[]).1);
    let (said, _) = check(&[]);
    assert!(
        said.contains("POSTGRES_URL: every migration is applied"),
        "{said}"
    );
    database.execute("CREATE SCHEMA elsewhere; ALTER EXTENSION pg_trgm SET SCHEMA elsewhere");
    let (said, is_available) = check(&[
        ("REDIS_URL", "redis://127.0.0.1:1"),
        ("CLOUDINARY_URL", "cloudinary://k:S3cret@c"),
        ("CLOUDINARY_API_BASE", "http://127.0.0.1:1"),
        (
            "POSTGRES_LISTEN_URL",
            "postgres://S3cret:S3cret@127.0.0.1:1/S3cret",
        ),
    ]);
    assert!(
        !is_available && said.contains("There are 4 problems."),
        "{said}"
    );
    for found in [
        "POSTGRES_URL: PROBLEM: the extension pg_trgm is in the schema elsewhere",
        "POSTGRES_LISTEN_URL: PROBLEM: nothing listens at its host and port",
        "Redis: PROBLEM: no connection: nothing listens there",
        "Cloudinary: PROBLEM: ",
    ] {
        assert!(said.contains(found), "{found:?} in {said}");
    }
    assert!(!said.contains("S3cret"), "{said}");
}

#[test]
fn completions_and_manual_are_printed() {
    for (arguments, words) in [
        (&["completions", "bash"][..], "_eggypro"),
        (&["completions", "zsh"], "#compdef eggypro"),
        (&["man"], ".TH eggypro"),
        (&["man"], "set\\-sequences"),
        (&["man"], "Exits with 0 if every row is fine"),
    ] {
        let output = eggypro().args(arguments).output().unwrap();
        assert!(
            output.status.success() && text(&output).contains(words),
            "{arguments:?}"
        );
    }
}

#[test]
fn the_configuration_is_logged_in_one_line_at_the_start() {
    let (database, folder) = (TestDatabase::migrated(), folder());
    let server = Running::start(
        eggypro()
            .env("APP_ENV", "production")
            .env("DATABASE_URL", database.url().expose_secret())
            .env("ADMIN_SECRET_KEY", SECRET)
            .env("CLOUDINARY_URL", "cloudinary://k:s@c")
            .env("EGGYPRO_DATA_DIR", folder.path())
            .env("SHUTDOWN_GRACE_MS", "0"),
    );
    assert_eq!(server.get("/api/products"), 200);
    assert!(server.secret.is_none());
    let mut server = server;
    let mut errors = server.process.stderr.take().unwrap();
    server.stop(Signal::SIGTERM);
    let mut log = String::new();
    std::io::Read::read_to_string(&mut errors, &mut log).unwrap();
    let events: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let configured: Vec<_> = events
        .iter()
        .filter(|event| event["message"] == "configured")
        .collect();
    assert_eq!(configured.len(), 1, "{log}");
    assert_eq!(configured[0]["database"], json!("DATABASE_URL"));
    assert_eq!(configured[0]["images"], json!("Cloudinary"));
    assert_eq!(configured[0]["redis"], json!(false));
}

#[test]
fn search_check_compares_the_index_of_the_server() {
    let database = TestDatabase::migrated();
    let data = folder();
    let variables = |command: &mut std::process::Command| {
        command
            .env("POSTGRES_URL", database.url().expose_secret())
            .env("EGGYPRO_DATA_DIR", data.path());
    };
    let mut seed = eggypro();
    variables(&mut seed);
    assert!(
        seed.args(["seed", "--products", "5"])
            .status()
            .unwrap()
            .success()
    );
    let mut serve = eggypro();
    variables(&mut serve);
    let server = Running::start(&mut serve);
    let port = server.address.rsplit(':').next().unwrap().to_owned();
    let check = || {
        let mut command = eggypro();
        variables(&mut command);
        let command = command.args(["search", "check"]).env("PORT", &port);
        let output = command.output().unwrap();
        (text(&output), output.status.success())
    };
    let (said, is_equal) = check();
    assert!(is_equal && said.contains("holds all 5 products"), "{said}");
    database.execute(
        "SET session_replication_role = replica; UPDATE products SET price = 0.5 WHERE id = 1; DELETE FROM products WHERE id = 2",
    );
    let (said, is_equal) = check();
    assert!(!is_equal, "{said}");
    for part in [
        "Product 1 was different.",
        "Product 2 was surplus.",
        "in 2 of 4 products. They were replaced.",
    ] {
        assert!(said.contains(part), "{said}");
    }
    assert!(check().1);
    drop(server);
    let (said, is_equal) = check();
    assert!(!is_equal && said.contains("does not answer"), "{said}");
}

#[test]
fn feeds_check_says_what_products_lack() {
    let database = TestDatabase::migrated();
    let data = folder();
    let mut serve = eggypro();
    serve
        .env("POSTGRES_URL", database.url().expose_secret())
        .env("EGGYPRO_DATA_DIR", data.path());
    let server = Running::start(&mut serve);
    let port = server.address.rsplit(':').next().unwrap().to_owned();
    let data = data.path().to_str().unwrap();
    let variables = [("PORT", port.as_str()), ("EGGYPRO_DATA_DIR", data)];
    let check = || run(&database, &["feeds", "check"], &variables);
    let (said, is_complete) = check();
    assert!(
        is_complete && said.contains("All 0 active products"),
        "{said}"
    );
    database.execute(
        "INSERT INTO products (name, slug, description, details, price, ingredients) \
         VALUES ('Bar', 'bar', 'd', 'd', 2.5, '{Egg}')",
    );
    // The server hears of the change a moment later.
    let deadline = Instant::now() + Duration::from_secs(10);
    let (said, is_complete) = loop {
        let (said, is_complete) = check();
        if !is_complete || Instant::now() > deadline {
            break (said, is_complete);
        }
    };
    assert!(!is_complete, "{said}");
    let lacks = "bar: images: At least one image is required (excluded; google, openai)";
    assert!(said.contains(lacks), "{said}");
    assert!(
        said.contains("1 of 1 active products are left out"),
        "{said}"
    );
}

#[test]
fn export_writes_all_products() {
    let (database, folder) = (TestDatabase::migrated(), folder());
    assert!(run(&database, &["seed", "--products", "5"], &[]).1);
    let file = folder.path().join("products.csv");
    let path = file.to_str().unwrap();
    let (said, is_done) = run(&database, &["export", path], &[]);
    assert!(is_done && said.contains("5 products are in"), "{said}");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.starts_with("\u{feff}sku,gtin,slug,name,"), "{text}");
    assert_eq!(text.lines().count(), 6);
    // A failure leaves the file as it is, and nothing beside it.
    database.execute("ALTER TABLE products RENAME TO gone");
    assert!(!run(&database, &["export", path], &[]).1);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    database.execute("ALTER TABLE gone RENAME TO products");
    let link = folder.path().join("link.NDJSON");
    std::os::unix::fs::symlink(&file, &link).unwrap();
    assert!(run(&database, &["export", link.to_str().unwrap()], &[]).1);
    assert!(link.is_symlink() && std::fs::read_to_string(&file).unwrap().starts_with('{'));
    assert!(run(&database, &["export", "/dev/null", "--format", "csv"], &[]).1);
    let unnamed = folder.path().join("products.txt");
    let (said, is_done) = run(&database, &["export", unnamed.to_str().unwrap()], &[]);
    assert!(!is_done && said.contains("tells no format"), "{said}");
    let lines = run(&database, &["export", "--format", "ndjson"], &[]).0;
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 5);
    assert!(lines[0]["price"].is_number());
    let (said, is_done) = run(&database, &["export", "--format", "xml"], &[]);
    assert!(!is_done && said.contains("must be csv or ndjson"), "{said}");
}
