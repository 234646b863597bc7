//! The embedded migrations.

use diesel::PgConnection;
use diesel::connection::SimpleConnection;
use diesel::migration::MigrationSource;
use diesel::pg::Pg;
use diesel::result::DatabaseErrorKind;
use diesel::result::Error::DatabaseError;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::{ConnectFailure, ConnectionString};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations");

/// The key of the lock that one migrator at a time holds: the letters of `eggypro` as a number.
const LOCK: i64 = 0x65_67_67_79_70_72_6f;

/// Why migrations were not read or applied.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// The database can't be reached.
    #[error("the database can't be reached: {0}")]
    Unreachable(#[from] ConnectFailure),
    /// A statement failed.
    #[error("a migration failed: {0}")]
    Failed(Box<dyn std::error::Error + Send + Sync>),
}

impl MigrationError {
    /// Whether the database is away now and may be there later, as while it starts or stops.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable(failure) => failure.is_transient(),
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
        let applied = connection.run_pending_migrations(MIGRATIONS)?;
        Ok(applied.iter().map(ToString::to_string).collect())
    })
}

/// The names of what [`run`] would apply.
///
/// # Errors
/// As for [`run`].
pub fn pending(url: &ConnectionString) -> Result<Vec<String>, MigrationError> {
    under_lock(url, |connection| {
        let pending = connection.pending_migrations(MIGRATIONS)?;
        Ok(pending
            .iter()
            .map(|migration| migration.name().to_string())
            .collect())
    })
}

/// Takes every migration back, newest first, and returns their names. All data go with them.
///
/// # Errors
/// As for [`run`].
pub fn revert_all(url: &ConnectionString) -> Result<Vec<String>, MigrationError> {
    under_lock(url, |connection| {
        let reverted = connection.revert_all_migrations(MIGRATIONS)?;
        Ok(reverted.iter().map(ToString::to_string).collect())
    })
}

/// How many migrations there are.
pub fn count() -> usize {
    MigrationSource::<Pg>::migrations(&MIGRATIONS).map_or(0, |migrations| migrations.len())
}

/// Even reading needs the lock, since it makes diesel's own table if that is missing.
fn under_lock<T>(
    url: &ConnectionString,
    work: impl FnOnce(&mut PgConnection) -> Result<T, Box<dyn std::error::Error + Send + Sync>>,
) -> Result<T, MigrationError> {
    let mut connection = url.connect()?;
    connection
        // A role's limits are for requests.
        .batch_execute(&format!(
            "SET statement_timeout = 0; SET lock_timeout = 0; SELECT pg_advisory_lock({LOCK})"
        ))
        .map_err(|error| MigrationError::Failed(error.into()))?;
    // The lock goes with the connection.
    work(&mut connection).map_err(MigrationError::Failed)
}
