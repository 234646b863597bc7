//! Which reads replicas answer. The replica of these tests is another database, which tells how far it is as it is told, so
//! that answers tell where they come from.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::time::{Duration, Instant};

use eggypro_domain::categories::CategoryRepository;
use eggypro_domain::products::{Expected, ProductChanges, ProductRepository, Revision};
use eggypro_domain::{Slug, Unvalidated};
use eggypro_persistence::testing::TestDatabase;
use eggypro_persistence::{
    Database, DatabaseSettings, Heard, PostgresCategories, PostgresProducts,
};
use secrecy::ExposeSecret;

/// A position that every primary is still before.
const AHEAD: &str = "FFFFFFFF/FFFFFFFF";
/// One that every primary is past.
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

    fn is_at(&self, position: &str) {
        self.replica
            .execute(&format!("UPDATE fake.state SET position = '{position}'"));
    }

    /// Who answers a look-up, a read by id and a read of a category, which are all the same.
    async fn who_answers(&self) -> String {
        let slug: Slug = "egg".parse().unwrap();
        let found = self.products.find(&slug).await.unwrap().unwrap();
        // Of a version that nothing in memory has.
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

    async fn answers(&self, who: &str) {
        let started = Instant::now();
        // Where it changes in between, the reads differ; so only the look-up is asked here.
        let slug: Slug = "egg".parse().unwrap();
        while self.products.find(&slug).await.unwrap().unwrap().name != who {
            assert!(
                started.elapsed() < Duration::from_secs(10),
                "{who} does not answer"
            );
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_answers_while_it_knows_every_change() {
    let shop = Shop::open();
    // Until changes are heard, nobody knows what a replica lacks.
    assert_eq!(shop.who_answers().await, "Primary");
    shop.database.heard(&Heard::Listening);
    shop.answers("Replica").await;
    assert_eq!(shop.who_answers().await, "Replica");

    // From the moment that another server's change is heard, until the replica has it.
    shop.is_at(BEHIND);
    shop.database
        .heard(&Heard::Change("1 products".parse().unwrap()));
    for _ in 0..50 {
        assert_eq!(shop.who_answers().await, "Primary");
    }
    shop.is_at(AHEAD);
    shop.answers("Replica").await;

    // The same after a write of this server.
    shop.is_at(BEHIND);
    let mut changes = ProductChanges::default();
    changes.stock_quantity = Some(9);
    let changes = Unvalidated::new(changes).validate().unwrap();
    let slug: Slug = "egg".parse().unwrap();
    shop.products
        .update(&slug, changes, Expected::Any)
        .await
        .unwrap();
    for _ in 0..50 {
        assert_eq!(shop.who_answers().await, "Primary");
    }
    shop.is_at(AHEAD);
    shop.answers("Replica").await;

    shop.database.heard(&Heard::Deaf);
    assert_eq!(shop.who_answers().await, "Primary");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_lags_or_was_promoted_is_not_asked() {
    let shop = Shop::open();
    shop.database.heard(&Heard::Listening);
    shop.answers("Replica").await;
    // Without any change, it falls too far behind.
    shop.is_at(BEHIND);
    shop.answers("Primary").await;
    shop.is_at(AHEAD);
    shop.answers("Replica").await;
    shop.replica
        .execute("UPDATE fake.state SET follows = FALSE");
    shop.answers("Primary").await;
    assert_eq!(shop.database.figures().replicas_in_use, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_that_a_replica_fails_goes_to_the_primary() {
    let shop = Shop::open();
    shop.database.heard(&Heard::Listening);
    shop.answers("Replica").await;
    shop.replica
        .execute("ALTER TABLE products RENAME TO others; ALTER TABLE categories RENAME TO kinds");
    assert_eq!(shop.who_answers().await, "Primary");
    shop.replica
        .execute("ALTER TABLE others RENAME TO products; ALTER TABLE kinds RENAME TO categories");
    shop.answers("Replica").await;
    // It ends all sessions.
    shop.replica.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    );
    for _ in 0..20 {
        let slug: Slug = "egg".parse().unwrap();
        shop.products.find(&slug).await.unwrap().unwrap();
    }
    shop.answers("Replica").await;
}
