//! The log of changes, as PostgreSQL writes it and as it is followed.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Integer, Nullable, Text};
use eggypro_domain::changes::{
    Action, ActorKind, Change, ChangeEntry, ChangeLog, ChangeQuery, EventType, FollowError,
    Position, Resource,
};
use eggypro_persistence::testing::TestDatabase;
use eggypro_persistence::{Heard, Listener, PostgresChanges};
use rand::RngExt;
use tokio::sync::mpsc::UnboundedReceiver;

const PATIENCE: Duration = Duration::from_secs(30);

fn log(database: &TestDatabase) -> PostgresChanges {
    PostgresChanges::new(database.open())
}

async fn all(log: &PostgresChanges) -> Vec<ChangeEntry> {
    log.list(&ChangeQuery::default()).await.unwrap().items
}

/// So many entries behind a position, in small steps. Other tests have transactions open, too.
async fn follow(
    log: &PostgresChanges,
    position: &mut Option<Position>,
    count: usize,
) -> Vec<ChangeEntry> {
    let deadline = Instant::now() + PATIENCE;
    let mut entries = vec![];
    while entries.len() < count {
        assert!(Instant::now() < deadline, "{entries:?}");
        entries.extend(step(log, position).await);
    }
    entries
}

async fn step(log: &PostgresChanges, position: &mut Option<Position>) -> Vec<ChangeEntry> {
    let followed = log.follow(position.as_ref(), 3).await.unwrap();
    *position = Some(followed.position);
    followed
        .entries
        .into_iter()
        .map(|(entry, ..)| entry)
        .collect()
}

const A_PRODUCT: &str = "INSERT INTO products (name, slug, description, details, price) VALUES ('Egg', 'egg', 'd', 'e', 1)";

#[tokio::test]
async fn a_hand_at_the_database_is_seen_like_any_client() {
    let database = TestDatabase::migrated();
    let log = log(&database);
    database.execute(A_PRODUCT);
    database.execute("UPDATE products SET price = 2.50");
    let entries = all(&log).await;
    assert_eq!(entries.len(), 2);
    let (change, made) = (&entries[0], &entries[1]);
    assert_eq!(
        (made.resource, made.action),
        (Resource::Product, Action::Created)
    );
    assert_eq!(
        (change.action, change.diff.as_str()),
        (Action::Updated, r#"{"price": [1.00, 2.50]}"#)
    );
    assert_eq!(change.actor.kind, ActorKind::Database);
    let user: One = sql_query("SELECT session_user::text AS value")
        .get_result(&mut database.connect())
        .unwrap();
    assert_eq!(change.actor.id.as_deref(), Some(user.value.as_str()));
    assert_eq!(
        (change.request_id.as_deref(), change.slug.as_deref()),
        (None, Some("egg"))
    );
    assert_eq!(version(&database, "products"), 2);
    // Who thinks of the version is not helped.
    database.execute("UPDATE products SET price = 3, version = 3");
    assert_eq!(version(&database, "products"), 3);
    // What changes nothing is no change.
    database.execute("UPDATE products SET price = 3");
    assert_eq!(
        (version(&database, "products"), all(&log).await.len()),
        (3, 3)
    );
    database.execute("DELETE FROM products");
    let entries = all(&log).await;
    assert_eq!(entries[0].action, Action::Deleted);
    assert!(
        entries[0].diff.contains(r#""price": [3.00, null]"#),
        "{}",
        entries[0].diff
    );
}

#[derive(QueryableByName)]
struct One {
    #[diesel(sql_type = Text)]
    value: String,
}

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = Integer)]
    version: i32,
}

fn version(database: &TestDatabase, table: &str) -> i32 {
    let one: Version = sql_query(format!("SELECT version FROM {table}"))
        .get_result(&mut database.connect())
        .unwrap();
    one.version
}

#[tokio::test]
async fn a_transaction_tells_once_of_each_thing() {
    let database = TestDatabase::migrated();
    let log = log(&database);
    database.execute(&format!(
        "BEGIN; {A_PRODUCT}; UPDATE products SET price = 2; UPDATE products SET stock_quantity = 5; COMMIT"
    ));
    let entries = all(&log).await;
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].action, Action::Created);
    assert!(
        entries[0].diff.contains(r#""price": [null, 2.00]"#),
        "{}",
        entries[0].diff
    );
    database.execute("BEGIN; UPDATE products SET price = 9; UPDATE products SET price = 2; COMMIT");
    assert_eq!(all(&log).await.len(), 1, "what was put back is no change");
    database.execute("BEGIN; UPDATE products SET price = 9; ROLLBACK");
    assert_eq!(all(&log).await.len(), 1);
}

#[tokio::test]
async fn products_know_their_categories_whoever_moves_them() {
    let database = TestDatabase::migrated();
    let log = log(&database);
    database.execute(A_PRODUCT);
    database.execute("INSERT INTO categories (name, slug) VALUES ('Bars', 'bars'), ('Old', 'old')");
    let names = || {
        #[derive(QueryableByName)]
        struct Names {
            #[diesel(sql_type = Array<Text>)]
            category_names: Vec<String>,
        }
        let row: Names = sql_query("SELECT category_names FROM products")
            .get_result(&mut database.connect())
            .unwrap();
        row.category_names
    };
    database.execute(
        "INSERT INTO product_categories SELECT p.id, c.id FROM products p, categories c ORDER BY c.id",
    );
    assert_eq!(
        (names(), version(&database, "products")),
        (vec!["Bars".into(), "Old".into()], 2)
    );
    let entries = all(&log).await;
    assert_eq!(entries[0].diff, r#"{"categories": [[], ["Bars", "Old"]]}"#);
    let count = entries.len();

    // A new name is the category's change alone.
    database.execute("UPDATE categories SET name = 'Protein bars' WHERE slug = 'bars'");
    assert_eq!(
        (names()[0].as_str(), version(&database, "products")),
        ("Protein bars", 3)
    );
    let entries = all(&log).await;
    assert_eq!(
        (entries.len(), entries[0].resource),
        (count + 1, Resource::Category)
    );
    // So is it when one goes.
    database.execute("DELETE FROM categories WHERE slug = 'old'");
    assert_eq!(
        (names(), version(&database, "products")),
        (vec!["Protein bars".to_owned()], 4)
    );
    let entries = all(&log).await;
    assert_eq!(
        (entries.len(), entries[0].action),
        (count + 2, Action::Deleted)
    );
    assert_eq!(entries[0].resource, Resource::Category);
    // Not when a product is taken out of one.
    database.execute("DELETE FROM product_categories");
    let entries = all(&log).await;
    assert_eq!(entries[0].diff, r#"{"categories": [["Protein bars"], []]}"#);
    assert_eq!((names().len(), version(&database, "products")), (0, 5));
}

#[tokio::test]
async fn what_a_product_shows_is_told_of_whatever_its_categories_are_called() {
    let database = TestDatabase::migrated();
    let mut heard = Listener::new(database.address()).listen().unwrap();
    while heard.recv().await != Some(Heard::Listening) {}
    database.execute(A_PRODUCT);
    assert_eq!(next_tags(&mut heard).await.len(), 3);
    database.execute(
        "INSERT INTO categories (name, slug, is_active) VALUES ('Bars', 'bars', true), ('Bars', 'bars-2', true), ('Old', 'old', false)",
    );
    next_tags(&mut heard).await;
    let link = "INSERT INTO product_categories SELECT p.id, c.id FROM products p, categories c WHERE c.slug";
    let mut version = 1;
    for statement in [
        format!("{link} = 'bars'"),
        format!("{link} = 'old'"),
        "UPDATE product_categories SET category_id = (SELECT id FROM categories WHERE slug = 'bars-2') \
         WHERE category_id = (SELECT id FROM categories WHERE slug = 'bars')".to_owned(),
        "DELETE FROM product_categories WHERE category_id = (SELECT id FROM categories WHERE slug = 'old')".to_owned(),
    ] {
        database.execute(&statement);
        assert_eq!(next_tags(&mut heard).await, ["product:egg", "products", "reviews:egg"], "{statement}");
        version += 1;
        assert_eq!(self::version(&database, "products"), version, "{statement}");
    }
    database.execute("TRUNCATE product_categories");
    assert_eq!(next_tags(&mut heard).await, ["everything"]);
    // As the version before writes it, which a server of it goes on with while this one begins.
    database.execute(&format!(
        "BEGIN; UPDATE products SET price = 3, category_names = '{{Bars}}', version = version + 1, updated_at = now(); \
         DELETE FROM product_categories; {link} = 'bars'; \
         SELECT pg_notify('eggypro_changes', gen_random_uuid()::text || '-1 products product:egg reviews:egg'); COMMIT",
    ));
    let entries = all(&log(&database)).await;
    assert_eq!(
        entries[0].diff,
        r#"{"price": [1.00, 3.00], "categories": [[], ["Bars"]]}"#
    );
    assert_eq!(entries[0].actor.kind, ActorKind::Database);
}

#[tokio::test]
async fn reviews_are_told_of_without_the_whole_of_what_people_say() {
    let database = TestDatabase::migrated();
    let log = log(&database);
    database.execute(A_PRODUCT);
    let comment = "ä".repeat(300);
    database.execute(&format!(
        "INSERT INTO reviews (product_id, reviewer_name, rating, comment) SELECT id, 'Ada', 5, '{comment}' FROM products"
    ));
    let entries = all(&log).await;
    assert!(
        entries[0].diff.contains(&"ä".repeat(200)) && !entries[0].diff.contains(&"ä".repeat(201))
    );
    database.execute("UPDATE reviews SET is_verified = true");
    let followed = follow(&log, &mut None, 3).await;
    let types: Vec<_> = followed
        .iter()
        .flat_map(EventType::of)
        .map(EventType::as_str)
        .collect();
    assert_eq!(
        types,
        ["product.created", "review.submitted", "review.verified"]
    );
    // With a product its reviews go.
    database.execute("DELETE FROM products");
    let entries = all(&log).await;
    assert_eq!(
        (entries[0].resource, entries[0].action),
        (Resource::Product, Action::Deleted)
    );
    assert_eq!(entries.len(), 4);
}

#[tokio::test]
async fn what_was_added_by_the_thousand_is_told_in_a_word() {
    let database = TestDatabase::migrated();
    let mut heard = Listener::new(database.address()).listen().unwrap();
    while heard.recv().await != Some(Heard::Listening) {}
    database.execute(&format!(
        "BEGIN; SET LOCAL eggypro.in_bulk = on; {A_PRODUCT}; {}; COMMIT",
        A_PRODUCT.replace("egg'", "two'")
    ));
    assert_eq!(next_tags(&mut heard).await, ["everything"]);
    let entries = all(&log(&database)).await;
    assert_eq!((entries.len(), entries[0].resource_id.as_str()), (1, "*"));
    database.execute("TRUNCATE products CASCADE");
    assert_eq!(next_tags(&mut heard).await, ["everything"]);
}

#[tokio::test]
async fn one_transaction_is_one_notification_however_many_things_it_changes() {
    let database = TestDatabase::migrated();
    let mut heard = Listener::new(database.address()).listen().unwrap();
    while heard.recv().await != Some(Heard::Listening) {}
    let many = "INSERT INTO products (name, slug, description, details, price) SELECT 'Egg', 'egg-' || n, 'd', 'e', 1";
    database.execute(&format!("{many} FROM generate_series(1, 1000) n"));
    assert_eq!(next_tags(&mut heard).await, ["everything"]);
    database.execute("UPDATE products SET price = 2 WHERE slug IN ('egg-1', 'egg-2')");
    let tags = [
        "product:egg-1",
        "product:egg-2",
        "products",
        "reviews:egg-1",
        "reviews:egg-2",
    ];
    assert_eq!(next_tags(&mut heard).await, tags);
    database.execute("UPDATE categories SET name = name");
    database.execute("UPDATE products SET slug = 'new' WHERE slug = 'egg-3'");
    let tags = [
        "product:egg-3",
        "product:new",
        "products",
        "reviews:egg-3",
        "reviews:new",
    ];
    assert_eq!(next_tags(&mut heard).await, tags);
    // Its old address says where it is.
    database.execute("UPDATE products SET is_active = false WHERE slug = 'new'");
    assert_eq!(
        next_tags(&mut heard).await,
        ["product:egg-3", "product:new", "products", "reviews:new"]
    );
    database.execute("DELETE FROM products WHERE slug = 'new'");
    assert_eq!(
        next_tags(&mut heard).await,
        ["product:egg-3", "product:new", "products", "reviews:new"]
    );
}

async fn next_change(heard: &mut UnboundedReceiver<Heard>) -> Change {
    loop {
        let told = tokio::time::timeout(PATIENCE, heard.recv()).await.unwrap();
        if let Some(Heard::Change(change)) = told {
            return change;
        }
    }
}

async fn next_tags(heard: &mut UnboundedReceiver<Heard>) -> Vec<String> {
    let change = next_change(heard).await;
    let mut tags: Vec<_> = change.tags.iter().map(ToString::to_string).collect();
    tags.sort();
    tags
}

#[tokio::test]
async fn what_was_missed_in_a_break_is_told_after_it() {
    let database = TestDatabase::migrated();
    let listener = Listener::new(database.address());
    let mut heard = listener.listen().unwrap();
    let mut looks = 0;
    // What was there at one look has been heard at the next.
    while looks < 3 {
        if let Some(Heard::Alive { .. }) = heard.recv().await {
            looks += 1;
        }
    }
    database.execute(A_PRODUCT);
    let first = next_change(&mut heard).await;
    assert_eq!(first.tags.len(), 3);
    database.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_postmaster_start_time()%' \
         AND datname = current_database() AND pid <> pg_backend_pid()",
    );
    // Before it can have noticed and come back.
    database.execute("UPDATE products SET price = 2");
    database.execute("UPDATE products SET price = 3");
    let deadline = Instant::now() + PATIENCE;
    let resumed = loop {
        assert!(Instant::now() < deadline, "it did not notice");
        match tokio::time::timeout(PATIENCE, heard.recv())
            .await
            .unwrap()
            .unwrap()
        {
            Heard::Resumed(missed) => break missed,
            Heard::Listening => panic!("what was missed is not known"),
            _ => {}
        }
    };
    // The first of them was heard before, and bears the name by which that is known.
    let prices = all(&log(&database)).await.len();
    assert_eq!((prices, resumed.len()), (3, 3));
    assert!(resumed.iter().all(|change| change.tags.len() == 3));
    assert!(resumed.iter().any(|change| change.name == first.name));

    // In another history nothing is known.
    database.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name <> 'psql' \
         AND datname = current_database() AND pid <> pg_backend_pid(); \
         ALTER TABLE changes RENAME TO changes_before; CREATE TABLE changes (LIKE changes_before INCLUDING ALL)",
    );
    let deadline = Instant::now() + PATIENCE;
    loop {
        assert!(Instant::now() < deadline, "it did not notice");
        match tokio::time::timeout(PATIENCE, heard.recv())
            .await
            .unwrap()
            .unwrap()
        {
            Heard::Listening => break,
            Heard::Resumed(_) => panic!("that was another history"),
            _ => {}
        }
    }
}

#[tokio::test]
async fn a_copy_of_a_database_begins_a_log_of_its_own() {
    let database = TestDatabase::migrated();
    let log = log(&database);
    database.execute(A_PRODUCT);
    let position = log.follow(None, 9).await.unwrap().beginning;
    // As it looks where a backup was put back: the numbers are of another history.
    let copy = TestDatabase::migrated();
    copy.execute(A_PRODUCT);
    copy.execute("UPDATE change_log SET identity = 'another'; UPDATE changes SET transaction_id = '9000000000000'");
    let log = self::log(&copy);
    assert!(matches!(
        log.follow(Some(&position), 9).await,
        Err(FollowError::Gone)
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
        assert!(matches!(refused, Err(FollowError::Gone)), "{broken}");
    }
}

#[tokio::test]
async fn what_is_too_old_is_forgotten_in_small_steps_and_nobody_takes_the_rest_for_all() {
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
    assert_eq!(log.forget(age, 2).await.unwrap(), 2);
    assert_eq!(log.forget(age, 100).await.unwrap(), 3);
    assert_eq!(log.forget(age, 100).await.unwrap(), 0);
    for gone in [Some(before), position] {
        assert!(matches!(
            log.follow(gone.as_ref(), 9).await,
            Err(FollowError::Gone)
        ));
    }
    let mut kept = None;
    assert_eq!(follow(&log, &mut kept, 1).await.len(), 1);
}

#[tokio::test]
async fn a_log_is_listed_by_what_was_changed_by_whom_and_when() {
    let database = TestDatabase::migrated();
    let log = log(&database);
    database.execute("INSERT INTO categories (name, slug) VALUES ('Bars', 'bars')");
    database.execute(A_PRODUCT);
    database.execute(
        "BEGIN; SELECT set_config('eggypro.actor_kind', 'key', true), set_config('eggypro.actor_id', 'k1', true); \
         UPDATE products SET price = 2; COMMIT",
    );
    let count = async |change: &dyn Fn(&mut ChangeQuery)| {
        let mut query = ChangeQuery::default();
        change(&mut query);
        let page = log.list(&query).await.unwrap();
        assert_eq!(page.items.len() as u32, page.total.bounded_count());
        page.items.len()
    };
    assert_eq!(count(&|_| ()).await, 3);
    assert_eq!(
        count(&|query| query.resource = Some(Resource::Product)).await,
        2
    );
    assert_eq!(count(&|query| query.slug = Some("bars".into())).await, 1);
    assert_eq!(count(&|query| query.actor = Some("k1".into())).await, 1);
    assert_eq!(
        count(&|query| query.actor = Some("database".into())).await,
        2
    );
    let last = all(&log).await[0].clone();
    assert_eq!(count(&|query| query.since = Some(last.at)).await, 1);
    assert_eq!(count(&|query| query.until = Some(last.at)).await, 2);
    let mut older = ChangeQuery::default();
    older.before = Some((last.at, last.id));
    assert_eq!(log.list(&older).await.unwrap().items.len(), 2);
}

/// What writers do at the same time.
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
                // A long one: others end while it stays open.
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

/// What somebody is given who reads by number alone.
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
async fn who_follows_is_given_each_committed_change_once_whatever_runs_meanwhile() {
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
            // It is killed, and another one goes on from what it had.
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
    // What the order of numbers alone is worth.
    assert_ne!(numbered.into_iter().collect::<BTreeSet<_>>(), committed);
}

#[tokio::test]
async fn who_follows_waits_for_what_is_open_and_a_figure_says_so() {
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
    let mut heard = Listener::new(database.address()).listen().unwrap();
    loop {
        let told = tokio::time::timeout(PATIENCE, heard.recv()).await.unwrap();
        if matches!(told, Some(Heard::Alive { held_back }) if held_back > Duration::ZERO) {
            break;
        }
    }
    assert_eq!(slugs(step(&log, &mut position).await).len(), 0);
    // From now on is behind what was committed, and before what is open.
    let mut now = Some(log.latest().await.unwrap());
    open.batch_execute("COMMIT").unwrap();
    database.execute("INSERT INTO categories (name, slug) VALUES ('Four', 'four')");
    assert_eq!(slugs(follow(&log, &mut now, 2).await), ["two", "four"]);
    // By transaction, not by when it ended.
    assert_eq!(
        slugs(follow(&log, &mut position, 3).await),
        ["two", "three", "four"]
    );
}
