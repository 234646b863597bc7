use std::sync::mpsc;
use std::time::{Duration, Instant};

use diesel::sql_query;
use eggypro_domain::StoreError;
use eggypro_domain::health::Probe;

use super::*;
use crate::testing::TestDatabase;

fn door(database: &TestDatabase, change: impl FnOnce(&mut DatabaseSettings)) -> Database {
    let mut settings = DatabaseSettings {
        pool_size: 1,
        min_idle: 0,
        ..DatabaseSettings::new(database.address())
    };
    change(&mut settings);
    Database::start(&settings).unwrap()
}

async fn query(door: &Database, statement: &'static str) -> Result<(), StoreError> {
    door.run(move |connection| {
        sql_query(statement).execute(connection)?;
        Ok(())
    })
    .await
}

/// Blocks the only thread until the returned sender is dropped.
fn occupy(door: &Database) -> mpsc::Sender<()> {
    let (release, released) = mpsc::channel::<()>();
    let (started, has_started) = mpsc::channel::<()>();
    let door = door.clone();
    tokio::spawn(async move {
        let wait = move |_: &mut PgConnection| {
            drop(started);
            let _ = released.recv();
            Ok(())
        };
        let _: Result<(), StoreError> = door.run(wait).await;
    });
    let waited = tokio::task::block_in_place(|| has_started.recv());
    assert!(waited.is_err(), "the job drops its end when it starts");
    release
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_refuses_at_once() {
    let database = TestDatabase::migrated();
    let door = door(&database, |settings| settings.queue_length = 1);
    let release = occupy(&door);
    let waiting = tokio::spawn({
        let door = door.clone();
        async move { door.check().await }
    });
    while door.threads.jobs.len() == 0 {
        tokio::task::yield_now().await;
    }
    let started = Instant::now();
    assert!(matches!(
        door.check().await,
        Err(StoreError::Unavailable(_))
    ));
    assert!(started.elapsed() < Duration::from_millis(500));
    drop(release);
    waiting.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passed_deadline_is_reported_and_the_job_skipped() {
    let database = TestDatabase::migrated();
    let door = door(&database, |settings| {
        settings.deadline = Duration::from_millis(100)
    });
    let release = occupy(&door);
    let late = query(
        &door,
        "INSERT INTO categories (name, slug) VALUES ('Late', 'late')",
    )
    .await;
    assert!(matches!(late, Err(StoreError::Unavailable(_))));
    drop(release);
    while door.check().await.is_err() {}
    assert!(matches!(
        query(&door, "SELECT 1 / count(*) FROM categories").await,
        Err(StoreError::Unexpected(_)),
    ));
}

#[tokio::test]
async fn a_panic_costs_one_answer() {
    let database = TestDatabase::migrated();
    let door = door(&database, |_| ());
    let panicked: Result<(), StoreError> = door.run(|_| panic!("as a test")).await;
    assert!(matches!(panicked, Err(StoreError::Unexpected(_))));
    door.check().await.unwrap();
}

#[tokio::test]
async fn slow_statements_and_locks_are_given_up() {
    let database = TestDatabase::migrated();
    let door = door(&database, |settings| {
        settings.statement_timeout = Duration::from_millis(50);
        settings.lock_timeout = Duration::from_millis(50);
    });
    assert!(matches!(
        query(&door, "SELECT pg_sleep(60)").await,
        Err(StoreError::Unavailable(_))
    ));
    let mut other = database.connect();
    sql_query("BEGIN").execute(&mut *other).unwrap();
    sql_query("LOCK TABLE products")
        .execute(&mut *other)
        .unwrap();
    assert!(matches!(
        query(&door, "SELECT count(*) FROM products").await,
        Err(StoreError::Unavailable(_))
    ));
    sql_query("ROLLBACK").execute(&mut *other).unwrap();
    query(&door, "SELECT count(*) FROM products").await.unwrap();
}

#[tokio::test]
async fn ended_sessions_are_replaced() {
    let database = TestDatabase::migrated();
    let door = door(&database, |_| ());
    door.check().await.unwrap();
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    sql_query(end).execute(&mut *database.connect()).unwrap();
    let started = Instant::now();
    while door.check().await.is_err() {
        assert!(started.elapsed() < Duration::from_secs(5));
    }
}

#[tokio::test]
async fn closing_releases_every_connection() {
    let database = TestDatabase::migrated();
    let door = door(&database, |settings| settings.pool_size = 4);
    door.check().await.unwrap();
    let other = door.clone();
    let started = Instant::now();
    door.close(Duration::from_secs(5));
    assert!(started.elapsed() < Duration::from_secs(2));
    let refused = other.check().await;
    assert!(matches!(refused, Err(StoreError::Unavailable(_))));
}

#[tokio::test]
async fn an_unreachable_database_is_reported_in_time() {
    let database = TestDatabase::migrated();
    let door = door(&database, |settings| {
        settings.url = "postgresql://nobody@127.0.0.1:1/nothing".parse().unwrap();
        settings.wait_for_connection = Duration::from_millis(200);
    });
    let started = Instant::now();
    assert!(matches!(
        door.check().await,
        Err(StoreError::Unavailable(_))
    ));
    assert!(started.elapsed() < Duration::from_secs(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_lacks_a_needed_table_is_not_ready() {
    let database = TestDatabase::migrated();
    let door = door(&database, |_| ());
    door.check().await.unwrap();
    database.execute("ALTER TABLE reviews RENAME TO others");
    assert!(door.check().await.is_err());
}
