//! No part of a password is printed or logged, whatever is wrong with the address that contains it.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on has failed"
)]

#[path = "process/running.rs"]
mod running;

use std::io::Read;
use std::process::Output;
use std::thread;

use eggypro_persistence::testing::TestDatabase;
use nix::sys::signal::Signal;
use reqwest::blocking::get;
use secrecy::ExposeSecret;

use self::running::{Running, eggypro, folder};

/// Invalid addresses, for each variable that holds an address. `S3`, `cr3t` and `w0rd` are pieces of a secret.
const BROKEN: [(&str, &str); 40] = [
    (
        "POSTGRES_URL",
        "postgres://h/d?sslmode=verify-full&sslrootcert=/S3cr3t",
    ),
    ("POSTGRES_URL", "postgres://shop:S3#cr3t?w0rd=1"),
    ("POSTGRES_URL", "postgres://shop:1234/x?w0rd=S3cr3t%40h/d"),
    ("POSTGRES_URL", "postgres://shop@h:S3cr3t?w0rd=1/d"),
    ("POSTGRES_READ_URL", "postgres://shop:12/3?w0rd=S3,cr3t@h/d"),
    ("POSTGRES_READ_URL", "host== cr3t= w0rd?a="),
    ("POSTGRES_URL", "postgres://shop:S3cr3t%zz@127.0.0.1/w0rd"),
    ("POSTGRES_URL", "postgres://shop:S3cr3t%@127.0.0.1/d"),
    ("POSTGRES_URL", "postgres://shop:S3cr3t%00@127.0.0.1/d"),
    ("POSTGRES_URL", "postgres://shop:S3@cr3t@127.0.0.1/d"),
    ("POSTGRES_URL", "postgres://shop:S3/cr3t@127.0.0.1/d"),
    ("POSTGRES_URL", "postgres://shop:12/cr3t?w0rd=1@127.0.0.1/d"),
    ("POSTGRES_URL", "postgres://shop:12/cr3t?w0rd@127.0.0.1/d"),
    ("POSTGRES_URL", "postgres://shop:S3[cr3t@127.0.0.1:w0rd/d"),
    ("POSTGRES_URL", "postgres://shop@127.0.0.1:S3cr3t/d"),
    ("POSTGRES_URL", "postgres://[S3cr3t/d"),
    ("POSTGRES_URL", "postgres://h/d?password=S3&cr3t=w0rd"),
    ("POSTGRES_URL", "postgres://h/d?sslmode=S3cr3t"),
    ("POSTGRES_URL", "postgres://h/d?target_session_attrs=S3cr3t"),
    ("POSTGRES_URL", "host=h password=S3 cr3t=w0rd"),
    ("POSTGRES_URL", "host=h password='S3cr3t"),
    ("POSTGRES_URL", "host=h password=S3cr3t port=w0rd"),
    ("POSTGRES_URL", "Server=h;Password=S3cr3t"),
    ("POSTGRES_URL", "jdbc:postgresql://h/d?password=S3cr3t"),
    ("POSTGRES_URL", "S3cr3t=w0rd"),
    ("POSTGRES_URL", "S3cr3t"),
    ("DATABASE_URL", "mysql://shop:S3cr3t@h/d"),
    (
        "POSTGRES_READ_URL",
        "postgres://h/d,postgres://S3cr3t%zz@h/d",
    ),
    ("POSTGRES_LISTEN_URL", "'postgres://shop:S3cr3t@h/d'"),
    ("POSTGRES_URL_NON_POOLING", "postgres://shop:S3@cr3t@h/d"),
    ("DATABASE_URL_UNPOOLED", "postgres://shop:S3@cr3t@h/d"),
    ("MIGRATION_URL", "postgres://shop:S3@cr3t@h/d"),
    ("REDIS_URL", "redis://:S3/cr3t@127.0.0.1"),
    ("REDIS_URL", "redis://:S3cr3t@127.0.0.1:w0rd"),
    ("KV_URL", "https://S3cr3t.upstash.io"),
    ("CLOUDINARY_URL", "cloudinary://S3cr3t"),
    ("CLOUDINARY_URL", "cloudinary://k:S3cr3t@c/w0rd"),
    ("CLOUDINARY_API_BASE", "S3cr3t"),
    ("SENTRY_DSN", "https://S3cr3t@w0rd"),
    ("JWT_SECRET_FILE", "/S3cr3t/w0rd"),
];

fn assert_silent(said: &str, about: &str) {
    for piece in ["S3", "cr3t", "w0rd"] {
        assert!(!said.contains(piece), "{about}: {said}");
    }
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

#[test]
fn only_the_variable_of_a_broken_address_is_printed() {
    for (variable, value) in BROKEN {
        for command in ["check-env", "serve", "migrate"] {
            let mut broken = eggypro();
            let output = broken.arg(command).env(variable, value).output().unwrap();
            let said = text(&output);
            assert_eq!(output.status.code(), Some(1), "{variable}={value}: {said}");
            assert!(said.starts_with(variable), "{variable}={value}: {said}");
            assert_silent(&said, value);
        }
    }
}

#[test]
fn variables_of_libpq_are_not_blamed_on_an_address() {
    let mut command = eggypro();
    command
        .arg("check-env")
        .env("POSTGRES_URL", "postgres://u:p@h/d")
        .env("PGSSLMODE", "S3cr3t");
    let said = text(&command.output().unwrap());
    assert!(
        said.starts_with("POSTGRES_URL stands beside a variable of libpq"),
        "{said}"
    );
    assert_silent(&said, "PGSSLMODE");
}

/// Valid addresses that can't be connected to.
fn fruitless(database: &TestDatabase) -> Vec<String> {
    let there = database.url().expose_secret().to_owned();
    let (server, _) = there.rsplit_once('/').unwrap();
    let separator = if there.contains('?') { '&' } else { '?' };
    [
        "postgres://S3cr3t:w0rd@127.0.0.1:1/cr3t",
        "postgres://S3cr3t:w0rd@w0rd.invalid/cr3t",
        "host=/S3cr3t user=cr3t password=w0rd",
        "postgres://S3cr3t:w0rd@127.0.0.1:1/cr3t?sslmode=verify-full&sslrootcert=system",
    ]
    .map(str::to_owned)
    .into_iter()
    .chain([
        format!("{server}/S3cr3t"),
        format!("{there}{separator}user=S3cr3t&password=w0rd"),
    ])
    .collect()
}

#[test]
fn an_unreachable_address_is_not_printed_at_any_log_level() {
    let database = TestDatabase::migrated();
    for address in fruitless(&database) {
        let mut migrate = eggypro();
        migrate.arg("migrate").env("POSTGRES_URL", &address);
        let output = migrate.env("RUST_LOG", "trace").output().unwrap();
        let said = text(&output);
        assert_eq!(output.status.code(), Some(1), "{address}: {said}");
        assert!(
            said.contains("POSTGRES_URL: the database can't be reached"),
            "{said}"
        );
        assert_silent(&said, &address);
    }
}

#[test]
fn a_server_with_unreachable_services_prints_no_address() {
    let (database, folder) = (TestDatabase::migrated(), folder());
    let (unreachable, there) = (fruitless(&database).swap_remove(0), database.url());
    for postgres in [&unreachable, there.expose_secret()] {
        let mut server = Running::start(
            eggypro()
                .env("EGGYPRO_DATA_DIR", folder.path())
                .env("RUST_LOG", "trace")
                .env("POSTGRES_URL", postgres)
                .env("POSTGRES_LISTEN_URL", &unreachable)
                .env("POSTGRES_READ_URL", &unreachable)
                .env("REDIS_URL", "redis://S3cr3t:w0rd@127.0.0.1:1")
                .env("CLOUDINARY_CLOUD_NAME", "shop")
                .env("CLOUDINARY_API_KEY", "S3cr3t")
                .env("CLOUDINARY_API_SECRET", "w0rd")
                .env("CLOUDINARY_API_BASE", "http://S3:cr3t@127.0.0.1:1"),
        );
        let mut errors = server.process.stderr.take().unwrap();
        let log = thread::spawn(move || {
            let mut log = String::new();
            errors.read_to_string(&mut log).map(|_| log)
        });
        // This checks every service.
        let health = get(format!("{}/api/health", server.address)).unwrap();
        assert_eq!(health.status().as_u16(), 503);
        assert_silent(&health.text().unwrap(), postgres);
        server.get("/api/products");
        let made = server.secret.clone().unwrap();
        server.stop(Signal::SIGTERM);
        let said = log.join().unwrap().unwrap();
        assert!(said.contains("Redis does not answer"), "{said}");
        assert!(!said.contains(&made), "the secret that was made is logged");
        assert_silent(&said, postgres);
    }
}
