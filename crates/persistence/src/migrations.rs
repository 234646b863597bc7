//! The embedded migrations.

mod fitness;

use diesel::connection::SimpleConnection;
use diesel::migration::MigrationSource;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::result::DatabaseErrorKind;
use diesel::result::Error::DatabaseError;
use diesel::sql_query;
use diesel::sql_types::Text;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::{ConnectFailure, ConnectionString};

pub use self::fitness::Unfit;
pub(crate) use self::fitness::of as fitness;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations");

/// The key of the lock that one migrator at a time holds: the letters of `eggypro` as a number.
const LOCK: i64 = 0x65_67_67_79_70_72_6f;

/// Why migrations were not read or applied.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// The database can't be reached.
    #[error("the database can't be reached: {0}")]
    Unreachable(#[from] ConnectFailure),
    /// A shop can't be kept in this database.
    #[error("the database can't be used: {}", join(.0))]
    Unfit(Vec<Unfit>),
    /// A statement failed.
    #[error("a migration failed: {0}")]
    Failed(Box<dyn std::error::Error + Send + Sync>),
}

impl MigrationError {
    /// Whether the database is away now and may be there later, as while it starts or stops.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable(failure) => failure.is_transient(),
            Self::Unfit(_) => false,
            Self::Failed(error) => matches!(
                error.downcast_ref(),
                Some(DatabaseError(DatabaseErrorKind::ClosedConnection, _))
            ),
        }
    }
}

/// Applies what is pending and returns the names of what was applied. Of several callers at once, on whatever
/// machines, one works and the others wait. The connection must be a direct one: a session's lock doesn't survive a
/// pooler.
///
/// # Errors
/// When the database can't be reached or a statement fails; the failed migration leaves nothing behind.
pub fn run(url: &ConnectionString) -> Result<Vec<String>, MigrationError> {
    under_lock(url, |connection| {
        check(url, connection, false)?;
        let applied = connection
            .run_pending_migrations(MIGRATIONS)
            .map_err(MigrationError::Failed)?;
        let applied = applied.iter().map(ToString::to_string).collect();
        check(url, connection, true)?;
        Ok(applied)
    })
}

/// A migration, and whether a database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationStatus {
    /// Its name.
    pub name: String,
    /// Whether it was applied.
    pub is_applied: bool,
}

/// Every migration, oldest first. Unlike [`pending`], this changes nothing and waits for nobody.
///
/// # Errors
/// When the database can't be reached.
pub fn status(url: &ConnectionString) -> Result<Vec<MigrationStatus>, MigrationError> {
    let mut connection = url.connect()?;
    applied(&mut connection).map_err(|error| MigrationError::Failed(error.into()))
}

pub(crate) fn applied(connection: &mut PgConnection) -> QueryResult<Vec<MigrationStatus>> {
    #[derive(QueryableByName)]
    struct Version {
        #[diesel(sql_type = Text)]
        version: String,
    }
    // Diesel's table is there since the first migration.
    let tables: Vec<Version> = sql_query(
        "SELECT relname::text AS version FROM pg_class WHERE oid = to_regclass('__diesel_schema_migrations')",
    )
    .load(connection)?;
    let versions: Vec<Version> = if tables.is_empty() {
        vec![]
    } else {
        sql_query("SELECT version::text FROM __diesel_schema_migrations").load(connection)?
    };
    let migrations = MigrationSource::<Pg>::migrations(&MIGRATIONS)
        .map_err(diesel::result::Error::QueryBuilderError)?;
    let mut status: Vec<_> = migrations
        .iter()
        .map(|migration| {
            let name = migration.name().to_string();
            let version = migration.name().version();
            MigrationStatus {
                is_applied: versions
                    .iter()
                    .any(|known| known.version == version.to_string()),
                name,
            }
        })
        .collect();
    status.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(status)
}

/// The names of what [`run`] would apply.
///
/// # Errors
/// As for [`run`].
pub fn pending(url: &ConnectionString) -> Result<Vec<String>, MigrationError> {
    under_lock(url, |connection| {
        // By reading alone, which a role may do that may make no table.
        let status = applied(connection).map_err(|error| MigrationError::Failed(error.into()))?;
        let pending = status.into_iter().filter(|migration| !migration.is_applied);
        let pending: Vec<String> = pending.map(|migration| migration.name).collect();
        check(url, connection, pending.is_empty())?;
        Ok(pending)
    })
}

/// Takes every migration back, newest first, and returns their names. All data go with them.
///
/// # Errors
/// As for [`run`].
pub fn revert_all(url: &ConnectionString) -> Result<Vec<String>, MigrationError> {
    under_lock(url, |connection| {
        let reverted = connection
            .revert_all_migrations(MIGRATIONS)
            .map_err(MigrationError::Failed)?;
        Ok(reverted.iter().map(ToString::to_string).collect())
    })
}

/// How many migrations there are.
pub fn count() -> usize {
    MigrationSource::<Pg>::migrations(&MIGRATIONS).map_or(0, |migrations| migrations.len())
}

/// Who reads takes the lock as well, so as not to see a migrator halfway.
fn under_lock<T>(
    url: &ConnectionString,
    work: impl FnOnce(&mut PgConnection) -> Result<T, MigrationError>,
) -> Result<T, MigrationError> {
    let mut connection = url.connect()?;
    connection
        // A role's limits are for requests.
        .batch_execute(&format!(
            "SET statement_timeout = 0; SET lock_timeout = 0; SELECT pg_advisory_lock({LOCK})"
        ))
        .map_err(|error| MigrationError::Failed(error.into()))?;
    // The lock goes with the connection.
    work(&mut connection)
}

fn check(
    url: &ConnectionString,
    connection: &mut PgConnection,
    is_migrated: bool,
) -> Result<(), MigrationError> {
    let unfit = fitness::of(connection, url.schema(), is_migrated);
    match unfit.map_err(|error| MigrationError::Failed(error.into()))? {
        unfit if unfit.is_empty() => Ok(()),
        unfit => Err(MigrationError::Unfit(unfit)),
    }
}

fn join(unfit: &[Unfit]) -> String {
    let reasons: Vec<_> = unfit.iter().map(ToString::to_string).collect();
    reasons.join("; ")
}
