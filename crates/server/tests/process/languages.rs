//! Refusals of a PostgreSQL with messages in another language are understood.

use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use eggypro_embedded_postgres::{Postgres, Settings};

use crate::running::{eggypro, folder};

/// A PostgreSQL with German messages, also during authentication. If the machine has no German locale or messages,
/// prints that and returns `None`.
fn german(directory: &Path) -> Option<Postgres> {
    let settings = Settings::new(directory.join("cluster")).with_database("shop");
    let postgres = Postgres::start(&settings.not_durable()).unwrap();
    let mut connection = PgConnection::establish(&postgres.url()).unwrap();
    let set = connection.batch_execute("ALTER SYSTEM SET lc_messages = 'de_DE.UTF-8'");
    if set.is_err() {
        println!(
            "skipped: this machine lacks the locale de_DE, which `scripts/setup locales` makes"
        );
        return None;
    }
    connection.batch_execute("SELECT pg_reload_conf()").unwrap();
    let nobody = postgres.url().replace("/shop", "/nothing");
    loop {
        let said = PgConnection::establish(&nobody).err().unwrap().to_string();
        if said.contains("existiert nicht") {
            return Some(postgres);
        }
        let mut other = PgConnection::establish(&postgres.url()).unwrap();
        if let Err(error) = other.batch_execute("SELECT * FROM nothing") {
            let is_english = error.to_string().contains("does not exist");
            let set = other.batch_execute("SET lc_messages = 'de_DE.UTF-8'; SELECT * FROM nothing");
            if is_english && set.unwrap_err().to_string().contains("does not exist") {
                println!("skipped: this PostgreSQL has no messages in German");
                return None;
            }
        }
    }
}

/// The output of a command that must fail.
fn refused(command: &str, address: &str, directory: &Path) -> String {
    let output = eggypro()
        .arg(command)
        .current_dir(directory)
        .env("POSTGRES_URL", address)
        .output()
        .unwrap();
    let said = [&output.stdout[..], &output.stderr[..]].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(!output.status.success(), "{command}: {said}");
    said
}

#[test]
fn refusals_of_a_german_server_are_understood() {
    let directory = folder();
    let Some(postgres) = german(directory.path()) else {
        return;
    };
    let url = postgres.url();
    for (address, reason) in [
        (url.replace("/shop", "/laden"), "it has no such database"),
        (
            url.replace("eggypro@", "laden@"),
            "it refuses the user or password",
        ),
    ] {
        for command in ["serve", "migrate"] {
            let said = refused(command, &address, directory.path());
            assert!(said.contains(reason), "{command}: {said}");
        }
    }
    let mut connection = PgConnection::establish(&url).unwrap();
    connection
        .batch_execute("CREATE ROLE clerk LOGIN CONNECTION LIMIT 0")
        .unwrap();
    let address = url.replace("eggypro@", "clerk@");
    let said = refused("migrate", &address, directory.path());
    // This refusal may be temporary, so a server would wait.
    assert!(said.contains("refused or ended while it is made"), "{said}");
}
