//! Outages are distinguished from faults in every language.

use std::time::Duration;

use diesel::r2d2::{ConnectionManager, PooledConnection};
use eggypro_domain::StoreError;

use super::*;
use crate::testing::TestDatabase;
use crate::{Database, DatabaseSettings};

/// A database with messages in another language. Prints the reason and returns `None` if this machine lacks the
/// language.
fn speaking(locale: &str) -> Option<TestDatabase> {
    let database = TestDatabase::migrated();
    let setting = format!("SET lc_messages = '{locale}'");
    if database.connect().batch_execute(&setting).is_err() {
        println!(
            "skipped: this machine lacks the locale {locale}, which `scripts/setup locales` makes"
        );
        return None;
    }
    database.execute(&format!(
        "DO $$ BEGIN EXECUTE \
         format('ALTER DATABASE %I SET lc_messages = %L', current_database(), '{locale}'); END $$"
    ));
    let said = error_of(&mut database.connect(), "SELECT * FROM nothing");
    if said.contains("does not exist") {
        println!("skipped: this PostgreSQL has no messages in the language of {locale}");
        return None;
    }
    Some(database)
}

fn error_of(
    session: &mut PooledConnection<ConnectionManager<PgConnection>>,
    statement: &str,
) -> String {
    let original = session.batch_execute("RESET lc_messages");
    original.unwrap();
    session.batch_execute(statement).unwrap_err().to_string()
}

/// A role that may only connect, and may not change settings.
struct PlainRole<'a> {
    name: String,
    database: &'a TestDatabase,
}

impl<'a> PlainRole<'a> {
    fn of(database: &'a TestDatabase, name: &str) -> Self {
        let name = format!("plain_{}_{name}", std::process::id());
        database.execute(&format!("CREATE ROLE {name} LOGIN"));
        Self { name, database }
    }

    fn door(&self) -> Database {
        use secrecy::ExposeSecret;
        let url = self.database.url().expose_secret().to_owned();
        let separator = if url.contains('?') { '&' } else { '?' };
        let url = format!("{url}{separator}user={}", self.name);
        door(DatabaseSettings::new(url.parse().unwrap()))
    }
}

impl Drop for PlainRole<'_> {
    fn drop(&mut self) {
        self.database.execute(&format!("DROP ROLE {}", self.name));
    }
}

fn door(settings: DatabaseSettings) -> Database {
    Database::start(&DatabaseSettings {
        pool_size: 2,
        min_idle: 0,
        lock_timeout: Duration::from_millis(300),
        ..settings
    })
    .unwrap()
}

async fn ask(door: &Database, statements: &'static str) -> Result<(), StoreError> {
    let ask = |connection: &mut PgConnection| Ok(connection.batch_execute(statements)?);
    door.run(ask).await
}

/// Statements that fail as in an outage. A full disk is simulated, with a message in the session's language.
const OUTAGES: [(&str, &str); 6] = [
    (
        "statement timeout",
        "SET statement_timeout = 10; SELECT pg_sleep(10)",
    ),
    (
        "cancelled",
        "SELECT pg_cancel_backend(pg_backend_pid()), pg_sleep(10)",
    ),
    (
        "shutdown",
        "SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(10)",
    ),
    ("read-only", "BEGIN READ ONLY; CREATE TABLE never (id int)"),
    (
        "disk full",
        "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100', MESSAGE = \
         CASE WHEN current_setting('lc_messages') IN ('C', 'C.UTF-8') \
         THEN 'could not extend file \"base/1/2\": No space left on device' ELSE 'плохо' END; END $$",
    ),
    (
        "lock timeout",
        "SET lock_timeout = 10; SELECT pg_advisory_lock(7)",
    ),
];

async fn tells_outages_from_faults(door: &Database, locker: &TestDatabase, about: &str) {
    let mut holder = locker.connect();
    holder.batch_execute("SELECT pg_advisory_lock(7)").unwrap();
    for (outage, statements) in OUTAGES {
        let got = ask(door, statements).await;
        assert!(
            matches!(got, Err(StoreError::Unavailable(_))),
            "{about}, {outage}: {got:?}"
        );
    }
    let got = ask(door, "SELECT * FROM nothing").await;
    assert!(matches!(got, Err(StoreError::Unexpected(_))), "{got:?}");
    deadlock(door, about).await;
    // PostgreSQL waits for the lock while it parses the statement, so the error has a position in it.
    holder
        .batch_execute("BEGIN; LOCK TABLE products IN ACCESS EXCLUSIVE MODE")
        .unwrap();
    let got = ask(door, "SELECT id FROM products").await;
    assert!(
        matches!(got, Err(StoreError::Unavailable(_))),
        "{about}, locked table: {got:?}"
    );
}

/// Two sessions that wait for each other until PostgreSQL cancels one.
async fn deadlock(door: &Database, about: &str) {
    let both = tokio::join!(
        ask(
            door,
            "SET lock_timeout = 0; SELECT pg_advisory_lock(1), pg_sleep(0.2), pg_advisory_lock(2)"
        ),
        ask(
            door,
            "SET lock_timeout = 0; SELECT pg_advisory_lock(2), pg_sleep(0.2), pg_advisory_lock(1)"
        ),
    );
    let got = [both.0, both.1].into_iter().find_map(Result::err);
    assert!(
        matches!(got, Some(StoreError::Unavailable(_))),
        "{about}, deadlock: {got:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn in_english() {
    let database = TestDatabase::migrated();
    let door = door(DatabaseSettings::new(database.address()));
    tells_outages_from_faults(&door, &database, "English").await;
    let got = ask(&door, "SELECT 1/0").await;
    assert!(matches!(got, Err(StoreError::Unexpected(_))), "{got:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn in_german_and_russian_for_every_role() {
    for locale in ["de_DE.UTF-8", "ru_RU.UTF-8"] {
        let Some(database) = speaking(locale) else {
            continue;
        };
        // A role that may choose the language gets English messages.
        let chooser = door(DatabaseSettings::new(database.address()));
        tells_outages_from_faults(&chooser, &database, &format!("{locale}, superuser")).await;
        let got = ask(&chooser, "SELECT 1/0").await;
        assert!(matches!(got, Err(StoreError::Unexpected(_))), "{got:?}");
        let role = PlainRole::of(&database, &locale[..2]);
        let plain = role.door();
        tells_outages_from_faults(&plain, &database, &format!("{locale}, plain role")).await;
    }
}

#[test]
fn locales_name_their_language() {
    for locale in [
        "C",
        "POSIX",
        "C.UTF-8",
        "en_US.UTF-8",
        "en_GB",
        "en",
        "English_United States.1252",
    ] {
        assert!(Language::is_english(locale), "{locale}");
    }
    for locale in ["de_DE.UTF-8", "ru_RU", "German_Germany.1252", "fr", ""] {
        assert!(!Language::is_english(locale), "{locale}");
    }
}
