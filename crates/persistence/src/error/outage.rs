//! Distinguishes outages from other errors.

use std::time::Duration;

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error};
use eggypro_domain::StoreError;

use super::Language;

pub(super) fn store_error(error: Error, language: Language, took: Duration) -> StoreError {
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

/// Whether an error is an outage. In another language than English, an error without a position in the statement counts
/// as one: a wrong statement has a position, and wrong values are found before they come here. An error while waiting
/// for a lock may have a position too. It is recognised by the time that it took, or by the locks that a deadlock
/// lists.
fn is_outage(
    information: &dyn DatabaseErrorInformation,
    language: Language,
    took: Duration,
) -> bool {
    // Messages of libpq itself are always in English.
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

/// Whether this is a message of PostgreSQL for the SQLSTATE classes 53, 57 and 58, for locks or for deadlocks, or one
/// of libpq for a broken connection (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
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
