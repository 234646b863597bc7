//! Which reads replicas answer. The replica of these tests is another database whose position the tests set. Its rows
//! have other names, so an answer shows which database it comes from.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::time::{Duration, Instant};

use eggypro_domain::categories::CategoryRepository;
use eggypro_domain::products::{Expected, ProductChanges, ProductRepository, Revision};
use eggypro_domain::{Slug, Unvalidated};
use eggypro_persistence::testing::TestDatabase;
use eggypro_persistence::{
    Database, DatabaseSettings, ListenerEvent, PostgresCategories, PostgresProducts,
};
use secrecy::ExposeSecret;

/// A position that no primary has reached.
const AHEAD: &str = "FFFFFFFF/FFFFFFFF";
/// A position that every primary has passed.
const BEHIND: &str = "0/1";

struct Shop {
    _primary: TestDatabase,
    replica: TestDatabase,
    database: Database,
    products: PostgresProducts,
}

fn database_with(name: &str) -> TestDatabase {
    let database = TestDatabase::migrated();
    database.execute(&format!(
        "INSERT INTO products (name, slug, description, details, price, ingredients) \
         VALUES ('{name}', 'egg', 'd', 'd', 1, '{{Egg}}'); INSERT INTO categories (name, slug) VALUES ('{name}', 'eggs')"
    ));
    database
}

impl Shop {
    fn open() -> Self {
        let (primary, replica) = (database_with("Primary"), database_with("Replica"));
        replica.execute(&format!(
            "CREATE SCHEMA fake; CREATE TABLE fake.state AS SELECT '{AHEAD}'::pg_lsn AS position, TRUE AS follows; \
             CREATE FUNCTION fake.pg_last_wal_replay_lsn() RETURNS pg_lsn LANGUAGE sql AS 'SELECT position FROM fake.state'; \
             CREATE FUNCTION fake.pg_is_in_recovery() RETURNS boolean LANGUAGE sql AS 'SELECT follows FROM fake.state'"
        ));
        let url = replica.url();
        let url = format!(
            "{}&options=-csearch_path%3Dfake,pg_catalog,public",
            url.expose_secret()
        );
        let settings = DatabaseSettings {
            pool_size: 2,
            min_idle: 0,
            ..DatabaseSettings::new(url.parse().unwrap())
        };
        let lag = Duration::from_millis(200);
        let database = primary.open().reading_from(&[settings], lag).unwrap();
        Self {
            products: PostgresProducts::new(database.clone()),
            _primary: primary,
            replica,
            database,
        }
    }

    fn set_position(&self, position: &str) {
        self.replica
            .execute(&format!("UPDATE fake.state SET position = '{position}'"));
    }

    /// The database that answers a look-up, a read by id and a read of a category. Asserts that it is the same for all.
    async fn source(&self) -> String {
        let slug: Slug = "egg".parse().unwrap();
        let found = self.products.find(&slug).await.unwrap().unwrap();
        // A version that is not in the cache.
        let (id, version) = (found.id, 0);
        let read = self
            .products
            .read(&[Revision { id, version }])
            .await
            .unwrap();
        let found = found.name;
        assert_eq!(read[0].name, found);
        let categories = PostgresCategories::new(self.database.clone());
        assert_eq!(
            categories
                .find(&"eggs".parse().unwrap())
                .await
                .unwrap()
                .unwrap()
                .name,
            found
        );
        found
    }

    async fn wait_for(&self, name: &str) {
        let started = Instant::now();
        // Only the look-up, since the reads would differ if the source changed between them.
        let slug: Slug = "egg".parse().unwrap();
        while self.products.find(&slug).await.unwrap().unwrap().name != name {
            assert!(
                started.elapsed() < Duration::from_secs(10),
                "{name} does not answer"
            );
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_answers_while_it_has_every_change() {
    let shop = Shop::open();
    // While the listener is disconnected, no replica is known to be current.
    assert_eq!(shop.source().await, "Primary");
    shop.database.observe(&ListenerEvent::Connected);
    shop.wait_for("Replica").await;
    assert_eq!(shop.source().await, "Replica");

    // From the notification of another server's change until the replica has it.
    shop.set_position(BEHIND);
    shop.database
        .observe(&ListenerEvent::Change("1 products".parse().unwrap()));
    for _ in 0..50 {
        assert_eq!(shop.source().await, "Primary");
    }
    shop.set_position(AHEAD);
    shop.wait_for("Replica").await;

    // The same after a write of this server.
    shop.set_position(BEHIND);
    let mut changes = ProductChanges::default();
    changes.stock_quantity = Some(9);
    let changes = Unvalidated::new(changes).validate().unwrap();
    let slug: Slug = "egg".parse().unwrap();
    shop.products
        .update(&slug, changes, Expected::Any)
        .await
        .unwrap();
    for _ in 0..50 {
        assert_eq!(shop.source().await, "Primary");
    }
    shop.set_position(AHEAD);
    shop.wait_for("Replica").await;

    shop.database.observe(&ListenerEvent::Disconnected);
    assert_eq!(shop.source().await, "Primary");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_lags_or_was_promoted_is_not_used() {
    let shop = Shop::open();
    shop.database.observe(&ListenerEvent::Connected);
    shop.wait_for("Replica").await;
    // The replica falls too far behind without any change.
    shop.set_position(BEHIND);
    shop.wait_for("Primary").await;
    shop.set_position(AHEAD);
    shop.wait_for("Replica").await;
    shop.replica
        .execute("UPDATE fake.state SET follows = FALSE");
    shop.wait_for("Primary").await;
    assert_eq!(shop.database.figures().replicas_in_use, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_that_a_replica_fails_goes_to_the_primary() {
    let shop = Shop::open();
    shop.database.observe(&ListenerEvent::Connected);
    shop.wait_for("Replica").await;
    shop.replica
        .execute("ALTER TABLE products RENAME TO others; ALTER TABLE categories RENAME TO kinds");
    assert_eq!(shop.source().await, "Primary");
    shop.replica
        .execute("ALTER TABLE others RENAME TO products; ALTER TABLE kinds RENAME TO categories");
    shop.wait_for("Replica").await;
    // The replica ends all sessions.
    shop.replica.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    );
    for _ in 0..20 {
        let slug: Slug = "egg".parse().unwrap();
        shop.products.find(&slug).await.unwrap().unwrap();
    }
    shop.wait_for("Replica").await;
}
