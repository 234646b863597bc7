//! The embedded migrations.

use diesel::connection::SimpleConnection;
use diesel::migration::MigrationSource;
use diesel::pg::Pg;
use diesel::result::DatabaseErrorKind;
use diesel::result::Error::DatabaseError;
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

/// What libpq says where it did its part but got no connection; its other messages are of an address that it can't read.
const ATTEMPTS: [&str; 2] = ["connection to server", "could not translate host name"];

/// What is said where another address or secret is needed, and waiting would not help. In a language that is not among
/// these, a refusal counts as being away.
const REFUSALS: [&str; 12] = [
    "authentication failed",
    "no password supplied",
    "no pg_hba.conf entry",
    "pg_hba.conf rejects",
    "does not exist",
    "no such database",
    "not permitted to log in",
    "permission denied",
    "Tenant or user not found",
    "does not support SSL",
    "certificate verify failed",
    "does not match host name",
];

impl MigrationError {
    /// Whether the database is away now and may be there later, as while it starts or stops.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable(ConnectionError::BadConnection(said)) => {
                let has = |words: &[&str]| words.iter().any(|words| said.contains(words));
                has(&ATTEMPTS) && !has(&REFUSALS)
            }
            // It was there, and went while the connection was set up.
            Self::Unreachable(ConnectionError::CouldntSetupConfiguration(_)) => true,
            Self::Failed(error) => matches!(
                error.downcast_ref(),
                Some(DatabaseError(DatabaseErrorKind::ClosedConnection, _))
            ),
            Self::Unreachable(_) => false,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn is_transient(said: &str) -> bool {
        let error = ConnectionError::BadConnection(said.to_owned());
        MigrationError::Unreachable(error).is_transient()
    }

    #[test]
    fn what_waiting_may_mend_is_told_from_what_it_does_not() {
        const AT: &str = "connection to server at \"db\" (192.0.2.1), port 5432 failed: ";
        for said in [
            "Connection refused",
            "timeout expired",
            "FATAL:  the database system is starting up",
            "FATAL:  the database system is in recovery mode",
            "FATAL:  sorry, too many clients already",
            "FATAL:  das Datenbanksystem startet",
            "server closed the connection unexpectedly",
        ] {
            assert!(is_transient(&format!("{AT}{said}")), "{said}");
        }
        assert!(is_transient(
            "could not translate host name \"db\" to address"
        ));
        for said in [
            "FATAL:  password authentication failed for user \"shop\"",
            "FATAL:  database \"shop\" does not exist",
            "FATAL:  pg_hba.conf rejects connection for host \"192.0.2.2\"",
            "FATAL:  role \"shop\" is not permitted to log in",
            "FATAL:  Tenant or user not found",
            "server does not support SSL, but SSL was required",
            "server certificate for \"a\" does not match host name \"b\"",
        ] {
            assert!(!is_transient(&format!("{AT}{said}")), "{said}");
        }
        for said in [
            "missing \"=\" after \"db\" in connection info string",
            "invalid port number: \"port\"",
            "could not match 2 port numbers to 3 hosts",
        ] {
            assert!(!is_transient(said), "{said}");
        }
    }
}
