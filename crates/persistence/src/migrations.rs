//! The embedded migrations.

use diesel::connection::SimpleConnection;
use diesel::migration::MigrationSource;
use diesel::pg::Pg;
use diesel::{Connection, ConnectionError, PgConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use secrecy::SecretString;

use crate::database::bounded;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations");

/// The key of the lock that one migrator at a time holds: the letters of `eggypro` as a number.
const LOCK: i64 = 0x65_67_67_79_70_72_6f;

/// Why migrations were not read or applied.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// The database can't be reached.
    #[error("the database can't be reached: {0}")]
    Unreachable(#[from] ConnectionError),
    /// A statement failed.
    #[error("a migration failed: {0}")]
    Failed(Box<dyn std::error::Error + Send + Sync>),
}

/// What PostgreSQL, PgBouncer and libpq say where another address or secret is needed, and waiting would not help. What is
/// said in another language counts as being away.
const REFUSALS: [&str; 8] = [
    "authentication failed",
    "no password supplied",
    "no pg_hba.conf entry",
    "does not exist",
    "no such database",
    "does not support SSL",
    "certificate verify failed",
    "invalid ",
];

impl MigrationError {
    /// Whether the database can't be reached now but perhaps later, as while it starts.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable(ConnectionError::BadConnection(said)) => {
                !REFUSALS.iter().any(|refusal| said.contains(refusal))
            }
            _ => false,
        }
    }
}

/// Applies what is pending and returns the names of what was applied. Of several callers at once, on whatever
/// machines, one works and the others wait. The connection must be a direct one: a session's lock doesn't survive a
/// pooler.
///
/// # Errors
/// When the database can't be reached or a statement fails; the failed migration leaves nothing behind.
pub fn run(url: &SecretString) -> Result<Vec<String>, MigrationError> {
    under_lock(url, |connection| {
        let applied = connection.run_pending_migrations(MIGRATIONS)?;
        Ok(applied.iter().map(ToString::to_string).collect())
    })
}

/// The names of what [`run`] would apply.
///
/// # Errors
/// As for [`run`].
pub fn pending(url: &SecretString) -> Result<Vec<String>, MigrationError> {
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
pub fn revert_all(url: &SecretString) -> Result<Vec<String>, MigrationError> {
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
    url: &SecretString,
    work: impl FnOnce(&mut PgConnection) -> Result<T, Box<dyn std::error::Error + Send + Sync>>,
) -> Result<T, MigrationError> {
    let mut connection = PgConnection::establish(&bounded(url))?;
    connection
        // A role's limits are for requests.
        .batch_execute(&format!(
            "SET statement_timeout = 0; SET lock_timeout = 0; SELECT pg_advisory_lock({LOCK})"
        ))
        .map_err(|error| MigrationError::Failed(error.into()))?;
    // The lock goes with the connection.
    work(&mut connection).map_err(MigrationError::Failed)
}
