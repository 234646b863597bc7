//! Followers of the log receive every committed change.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Nullable, Text};
use eggypro_domain::changes::FollowError;
use eggypro_persistence::Listener;
use rand::RngExt;

use super::*;

#[tokio::test]
async fn a_copy_of_a_database_starts_its_own_log() {
    let database = TestDatabase::migrated();
    let log = log(&database);
    database.execute(A_PRODUCT);
    let position = log.follow(None, 9).await.unwrap().beginning;
    // Simulates a restored backup: the transaction ids belong to another history.
    let copy = TestDatabase::migrated();
    copy.execute(A_PRODUCT);
    copy.execute("UPDATE change_log SET identity = 'another'; UPDATE changes SET transaction_id = '9000000000000'");
    let log = self::log(&copy);
    assert!(matches!(
        log.follow(Some(&position), 9).await,
        Err(FollowError::PositionExpired)
    ));
    let mut anew = None;
    assert_eq!(step(&log, &mut anew).await, []);
    assert_eq!(all(&log).await.len(), 1, "it can still be read");
    copy.execute("UPDATE products SET price = 2");
    assert_eq!(follow(&log, &mut anew, 1).await.len(), 1);
    let own = anew.unwrap().0;
    let own = own.split('.').next().unwrap();
    for broken in [
        "",
        "x",
        "1.2.3",
        "1.x",
        "1.2.3.x",
        "1.2.3.:",
        "1.2.9:3:",
        "1.2.0:5:",
        "1.2.3:5:9",
        "1.2.3:5:4,3",
        "1.2.3:5:4:",
        "9000000000000.1",
        "1.2.3:9000000000000:",
        "99999999999999999999.1",
    ] {
        let position = Position(format!("{own}.{broken}"));
        let refused = log.follow(Some(&position), 9).await;
        assert!(
            matches!(refused, Err(FollowError::PositionExpired)),
            "{broken}"
        );
    }
}

#[tokio::test]
async fn old_changes_are_deleted_in_batches_and_positions_before_them_are_refused() {
    let database = TestDatabase::migrated();
    let log = log(&database);
    database.execute(A_PRODUCT);
    let before = log.follow(None, 100).await.unwrap().beginning;
    let mut position = None;
    follow(&log, &mut position, 1).await;
    for price in 2..7 {
        database.execute(&format!("UPDATE products SET price = {price}"));
    }
    database.execute(
        "UPDATE changes SET at = at - interval '10 days' WHERE id < (SELECT max(id) FROM changes)",
    );
    let age = Duration::from_secs(5 * 24 * 60 * 60);
    assert_eq!(log.delete_old(age, 2).await.unwrap(), 2);
    assert_eq!(log.delete_old(age, 100).await.unwrap(), 3);
    assert_eq!(log.delete_old(age, 100).await.unwrap(), 0);
    for gone in [Some(before), position] {
        assert!(matches!(
            log.follow(gone.as_ref(), 9).await,
            Err(FollowError::PositionExpired)
        ));
    }
    let mut kept = None;
    assert_eq!(follow(&log, &mut kept, 1).await.len(), 1);
}

/// Concurrent writers.
struct Writers {
    database: Arc<TestDatabase>,
    ended: AtomicUsize,
    committed: Mutex<BTreeSet<String>>,
    working: AtomicUsize,
}

const WRITERS: usize = 16;
const TRANSACTIONS: usize = 25;

impl Writers {
    fn start(database: &Arc<TestDatabase>) -> Arc<Self> {
        let writers = Arc::new(Self {
            database: Arc::clone(database),
            ended: AtomicUsize::new(0),
            committed: Mutex::default(),
            working: AtomicUsize::new(WRITERS),
        });
        for number in 0..WRITERS {
            let writers = Arc::clone(&writers);
            std::thread::spawn(move || writers.write(number));
        }
        writers
    }

    fn write(&self, number: usize) {
        let mut random = rand::rng();
        let mut connection = self.database.connect();
        for transaction in 0..TRANSACTIONS {
            connection.batch_execute("BEGIN").unwrap();
            let mut made = vec![];
            for row in 0..random.random_range(1..4) {
                let slug = format!("c-{number}-{transaction}-{row}");
                connection
                    .batch_execute(&format!(
                        "INSERT INTO categories (name, slug) VALUES ('C', '{slug}')"
                    ))
                    .unwrap();
                made.push(slug);
                // A long transaction: others end while it is open.
                if random.random_ratio(1, 6) {
                    let enough = self.ended.load(Ordering::SeqCst) + 8;
                    let deadline = Instant::now() + Duration::from_millis(500);
                    while self.ended.load(Ordering::SeqCst) < enough && Instant::now() < deadline {
                        std::thread::yield_now();
                    }
                }
            }
            let is_kept = random.random_ratio(3, 4);
            if is_kept {
                self.committed.lock().unwrap().extend(made);
            }
            let end = if is_kept { "COMMIT" } else { "ROLLBACK" };
            connection.batch_execute(end).unwrap();
            self.ended.fetch_add(1, Ordering::SeqCst);
        }
        self.working.fetch_sub(1, Ordering::SeqCst);
    }

    fn work(&self) -> bool {
        self.working.load(Ordering::SeqCst) > 0
    }
}

#[derive(QueryableByName)]
struct Numbered {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Nullable<Text>)]
    slug: Option<String>,
}

/// The entries that a reader gets that goes by id only.
fn by_number(connection: &mut PgConnection, last: &mut i64, given: &mut Vec<String>) {
    let rows: Vec<Numbered> = sql_query("SELECT id, slug FROM changes WHERE id > $1 ORDER BY id")
        .bind::<BigInt, _>(*last)
        .load(connection)
        .unwrap();
    for row in rows {
        *last = row.id;
        given.extend(row.slug);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_follower_receives_each_committed_change_once_despite_concurrent_writes() {
    let database = Arc::new(TestDatabase::migrated());
    let writers = Writers::start(&database);
    let mut given = vec![];
    let (mut last, mut numbered) = (0, vec![]);
    let mut naive = database.connect();
    let mut position = None;
    let mut reads = 0;
    let deadline = Instant::now() + PATIENCE;
    let mut follower = log(&database);
    loop {
        let is_over = !writers.work() && given.len() >= writers.committed.lock().unwrap().len();
        assert!(Instant::now() < deadline, "{}", given.len());
        let followed = follower.follow(position.as_ref(), 4).await.unwrap();
        let is_empty = followed.entries.is_empty();
        position = Some(followed.position);
        given.extend(
            followed
                .entries
                .into_iter()
                .filter_map(|(entry, ..)| entry.slug),
        );
        by_number(&mut naive, &mut last, &mut numbered);
        reads += 1;
        if reads % 10 == 0 {
            // The follower restarts and resumes from its position.
            follower = log(&database);
        }
        if is_empty && is_over {
            break;
        }
    }
    let committed = writers.committed.lock().unwrap().clone();
    assert!(committed.len() > 300, "{}", committed.len());
    assert_eq!(given.len(), committed.len(), "each once");
    assert_eq!(given.into_iter().collect::<BTreeSet<_>>(), committed);
    // The reader by id has missed some.
    assert_ne!(numbered.into_iter().collect::<BTreeSet<_>>(), committed);
}

#[tokio::test]
async fn a_follower_waits_for_open_transactions_and_the_delay_is_reported() {
    let database = TestDatabase::migrated();
    let log = log(&database);
    database.execute("INSERT INTO categories (name, slug) VALUES ('One', 'one')");
    let mut position = None;
    assert_eq!(follow(&log, &mut position, 1).await.len(), 1);
    let mut open = database.connect();
    open.batch_execute("BEGIN; INSERT INTO categories (name, slug) VALUES ('Two', 'two')")
        .unwrap();
    database.execute("INSERT INTO categories (name, slug) VALUES ('Three', 'three')");
    let slugs = |entries: Vec<ChangeEntry>| -> Vec<String> {
        entries.into_iter().filter_map(|entry| entry.slug).collect()
    };
    assert_eq!(slugs(step(&log, &mut position).await).len(), 0);
    let mut events = Listener::new(database.address()).listen().unwrap();
    loop {
        let event = tokio::time::timeout(PATIENCE, events.recv()).await.unwrap();
        if matches!(event, Some(ListenerEvent::Alive { held_back }) if held_back > Duration::ZERO) {
            break;
        }
    }
    assert_eq!(slugs(step(&log, &mut position).await).len(), 0);
    // The latest position is after committed changes and before open ones.
    let mut now = Some(log.latest().await.unwrap());
    open.batch_execute("COMMIT").unwrap();
    database.execute("INSERT INTO categories (name, slug) VALUES ('Four', 'four')");
    assert_eq!(slugs(follow(&log, &mut now, 2).await), ["two", "four"]);
    // Changes are in the order of transactions, not of commits.
    assert_eq!(
        slugs(follow(&log, &mut position, 3).await),
        ["two", "three", "four"]
    );
}
