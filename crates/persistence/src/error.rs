use std::time::Duration;

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error};
use eggypro_domain::StoreError;

/// Why a job on a connection ended without a result.
#[derive(Debug)]
pub(crate) enum Failure<E> {
    /// The data say no; the connection is fine.
    Refused(E),
    /// The database says no.
    Database(Error),
}

impl<E> From<Error> for Failure<E> {
    fn from(error: Error) -> Self {
        Self::Database(error)
    }
}

impl<E: From<StoreError>> Failure<E> {
    /// `took` is how long the job worked.
    pub(crate) fn into_domain(self, language: Language, took: Duration) -> E {
        match self {
            Self::Refused(error) => error,
            Self::Database(error) => store_error(error, language, took).into(),
        }
    }
}

impl<E> Failure<E> {
    /// Whether the connection may be used again without being checked.
    pub(crate) fn spares_connection(&self) -> bool {
        match self {
            Self::Refused(_) | Self::Database(Error::NotFound) => true,
            Self::Database(Error::DatabaseError(kind, _)) => matches!(
                kind,
                DatabaseErrorKind::UniqueViolation
                    | DatabaseErrorKind::ForeignKeyViolation
                    | DatabaseErrorKind::CheckViolation
                    | DatabaseErrorKind::NotNullViolation
            ),
            Self::Database(_) => false,
        }
    }
}

/// Whether a write failed since another row has this value already.
pub(crate) fn violates(error: &Error, unique_index: &str) -> bool {
    match error {
        Error::DatabaseError(DatabaseErrorKind::UniqueViolation, information) => {
            information.constraint_name() == Some(unique_index)
        }
        _ => false,
    }
}

/// Marks data in the database that the domain does not know.
pub(crate) fn corrupt(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::DeserializationError(Box::new(error))
}

/// The language in which a server says what is wrong, which its `lc_messages` decides. Diesel passes on no SQLSTATE, so
/// its words are all there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    Other {
        /// When it gives up waiting for a lock.
        lock_timeout: Duration,
    },
}

impl Language {
    /// Whether a locale, such as `en_US.UTF-8`, `C` or `de_DE`, is one of English.
    pub(crate) fn is_english(locale: &str) -> bool {
        let name = locale.split(['.', '_', '@']).next().unwrap_or_default();
        // Set to nothing it is that of the server's environment, which is not known.
        ["C", "POSIX", "en", "English"].contains(&name)
    }
}

fn store_error(error: Error, language: Language, took: Duration) -> StoreError {
    let is_outage = match &error {
        Error::BrokenTransactionManager => true,
        Error::RollbackErrorOnCommit { .. } => true,
        Error::DatabaseError(kind, information) => match kind {
            DatabaseErrorKind::ClosedConnection
            | DatabaseErrorKind::UnableToSendCommand
            | DatabaseErrorKind::SerializationFailure
            | DatabaseErrorKind::ReadOnlyTransaction => true,
            DatabaseErrorKind::Unknown => is_outage(information.as_ref(), language, took),
            _ => false,
        },
        _ => false,
    };
    if is_outage {
        StoreError::Unavailable(error.to_string())
    } else {
        StoreError::Unexpected(Box::new(error))
    }
}

/// Where the words are not understood, what names no place in the statement counts as an outage: a statement that is
/// wrong does so, and what is wrong with values is found before they come here. A lock that is waited for while the
/// statement is read has a place as well, but took its time, or names the locks of a deadlock.
fn is_outage(
    information: &dyn DatabaseErrorInformation,
    language: Language,
    took: Duration,
) -> bool {
    // libpq speaks English by itself.
    is_outage_message(information.message())
        || match language {
            Language::English => false,
            Language::Other { lock_timeout } => {
                information.statement_position().is_none()
                    || took >= lock_timeout
                    || information
                        .details()
                        .is_some_and(|said| said.contains("Lock"))
            }
        }
}

/// What PostgreSQL says under the SQLSTATE classes 53, 57 and 58, of locks and deadlocks, and libpq of a connection that
/// broke (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
fn is_outage_message(message: &str) -> bool {
    const OUTAGES: [&str; 28] = [
        "canceling statement due to",
        "terminating connection due to",
        "canceling authentication due to",
        "the database system is",
        "server closed the connection",
        "no connection to the server",
        "remaining connection slots",
        "too many clients",
        "too many connections",
        "deadlock detected",
        "could not obtain lock",
        "could not receive data from",
        "could not send data to",
        "SSL connection has been closed",
        "SSL SYSCALL error",
        "out of memory",
        "out of shared memory",
        "No space left on device",
        "Disk quota exceeded",
        "Input/output error",
        "Read-only file system",
        "could not extend file",
        "could not write",
        "could not fsync file",
        "could not read block",
        "could not open file",
        "could not resize shared memory",
        "temporary file size exceeds",
    ];
    OUTAGES.iter().any(|outage| message.contains(outage))
}
