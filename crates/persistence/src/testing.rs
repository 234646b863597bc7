//! For tests: a separate database for each test, cloned from a template that is migrated once.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a test without its database has failed"
)]

use std::process;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, PooledConnection};
use secrecy::{ExposeSecret, SecretString};

use crate::database::language::ServerLanguage;
use crate::database::pool;
use crate::{ConnectionString, Database, DatabaseSettings, migrations};

/// The environment variable with the address of a PostgreSQL in which tests may create databases.
pub const SERVER_VARIABLE: &str = "EGGYPRO_TEST_POSTGRES_URL";

/// An empty, migrated database that is dropped with the value.
#[derive(Debug)]
pub struct TestDatabase {
    name: String,
    url: SecretString,
}

impl TestDatabase {
    /// A migrated database.
    pub fn migrated() -> Self {
        let database = Self::clone_of(template());
        // A copy gets its own log of changes at the first look at the log. Tests expect it from the start.
        database.execute("SELECT adopt_change_log()");
        database
    }

    /// A database without tables.
    pub fn blank() -> Self {
        Self::clone_of("template0")
    }

    /// A database without tables, created with these options, such as an encoding.
    pub fn made_with(options: &str) -> Self {
        Self::clone_of(&format!("template0 {options}"))
    }

    fn clone_of(template: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "eggypro_test_{}_{}",
            process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        administrate(&format!("CREATE DATABASE {name} TEMPLATE {template}"));
        Self {
            url: address_of(&name),
            name,
        }
    }

    /// The connection string, as text for an environment variable.
    pub fn url(&self) -> SecretString {
        self.url.clone()
    }

    /// The parsed connection string.
    pub fn address(&self) -> ConnectionString {
        read(&self.url)
    }

    /// Opens the database with few threads, since many tests run in parallel.
    pub fn open(&self) -> Database {
        let settings = DatabaseSettings {
            pool_size: 4,
            min_idle: 0,
            ..DatabaseSettings::new(self.address())
        };
        Database::start(&settings).expect("threads")
    }

    /// Runs statements on a separate connection, as a change by hand would.
    pub fn execute(&self, statements: &str) {
        self.connect().batch_execute(statements).expect(statements);
    }

    /// Number of scans of an index. Ends all other sessions first: a session reports its statistics at most once a
    /// second, and when it ends.
    pub fn settled_reads_of(&self, index: &str) -> i64 {
        #[derive(QueryableByName)]
        struct Reads {
            #[diesel(sql_type = diesel::sql_types::BigInt)]
            reads: i64,
        }
        let mut connection = self.connect();
        // Servers replace the ended connections.
        let end_others = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid()";
        connection
            .batch_execute(end_others)
            .expect("sessions that end");
        let reads: Reads = diesel::sql_query(
            "SELECT idx_scan AS reads FROM pg_stat_user_indexes WHERE indexrelname = $1",
        )
        .bind::<diesel::sql_types::Text, _>(index)
        .get_result(&mut connection)
        .expect("the index");
        reads.reads
    }

    /// A connection that is set up like a server's. Waits up to 30 s for it.
    pub fn connect(&self) -> PooledConnection<ConnectionManager<PgConnection>> {
        let settings = DatabaseSettings {
            pool_size: 1,
            connection_timeout: Duration::from_secs(30),
            ..DatabaseSettings::new(self.address())
        };
        let pool = pool::build(&settings, Arc::new(ServerLanguage::of(&settings)));
        pool.get().expect("a connection to the test database")
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        administrate(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

/// The plain statements of reads, for benchmarks that measure the overhead around them.
pub mod statements {
    use diesel::connection::SimpleConnection;
    use diesel::prelude::*;
    use diesel::result::Error::QueryBuilderError as QueryError;
    use eggypro_domain::products::Product;
    use eggypro_domain::{Slug, StoreError};

    use crate::Database;

    /// Gives a session the planner settings of a server's session.
    ///
    /// # Errors
    /// When the connection breaks.
    pub fn plan_as_a_server(connection: &mut PgConnection) -> QueryResult<()> {
        connection.batch_execute(crate::database::pool::PLANNING)
    }

    /// The product of a slug.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn product(connection: &mut PgConnection, slug: &Slug) -> QueryResult<Option<Product>> {
        crate::products::find(connection, slug.as_str())
    }

    /// Prepares a database for [`take_plain_stock`]: a table with a row for each product, and plenty of stock.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn prepare_stock(url: &crate::ConnectionString) -> QueryResult<()> {
        let connection = url.connect();
        connection
            .map_err(|error| QueryError(Box::new(error)))?
            .batch_execute(
                "CREATE TABLE plain_stock AS SELECT number - 1 AS id, 2000000000 AS stock FROM generate_series(1, (SELECT count(*) FROM products)) number; \
                 ALTER TABLE plain_stock ADD PRIMARY KEY (id); UPDATE products SET stock_quantity = 2000000000",
            )
    }

    /// Takes a piece from a table that is nothing but stock, through the threads of a database.
    ///
    /// # Errors
    /// If the database is unavailable or fails.
    pub async fn take_plain_stock(database: &Database, row: i32) -> Result<(), StoreError> {
        let take = move |connection: &mut PgConnection| {
            diesel::sql_query(
                "UPDATE plain_stock SET stock = stock - 1 WHERE id = $1 AND stock > 0",
            )
            .bind::<diesel::sql_types::BigInt, _>(i64::from(row))
            .execute(connection)?;
            Ok(())
        };
        database.run(take).await
    }

    /// The products of these ids.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn products(connection: &mut PgConnection, ids: &[i32]) -> QueryResult<Vec<Product>> {
        crate::products::by_ids(connection, ids)
    }
}

/// Returns the migrated template of this process. Processes don't share it, since the next build may have other
/// migrations.
fn template() -> &'static str {
    static TEMPLATE: OnceLock<String> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let name = format!("eggypro_template_{}", process::id());
        administrate(&format!("CREATE DATABASE {name} TEMPLATE template0"));
        migrations::run(&read(&address_of(&name))).expect("migrations");
        name
    })
}

fn administrate(statement: &str) {
    let mut connection = read(&address_of("postgres"))
        .connect()
        .expect("a connection to the test server");
    connection.batch_execute(statement).expect(statement);
}

fn read(url: &SecretString) -> ConnectionString {
    let address = url.expose_secret().parse();
    address.expect("a connection string that can be used")
}

fn address_of(database: &str) -> SecretString {
    let server =
        std::env::var(SERVER_VARIABLE).expect("EGGYPRO_TEST_POSTGRES_URL, which scripts/test sets");
    let (address, query) = match server.split_once('?') {
        Some((address, query)) => (address, format!("?{query}")),
        None => (server.as_str(), String::new()),
    };
    let host = address
        .rfind('/')
        .map_or(address, |slash| &address[..slash]);
    format!("{host}/{database}{query}").into()
}
