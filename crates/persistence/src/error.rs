use diesel::result::{DatabaseErrorKind, Error};
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
    pub(crate) fn into_domain(self) -> E {
        match self {
            Self::Refused(error) => error,
            Self::Database(error) => store_error(error).into(),
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

fn store_error(error: Error) -> StoreError {
    let is_outage = match &error {
        Error::BrokenTransactionManager => true,
        Error::RollbackErrorOnCommit { .. } => true,
        Error::DatabaseError(kind, information) => match kind {
            DatabaseErrorKind::ClosedConnection
            | DatabaseErrorKind::UnableToSendCommand
            | DatabaseErrorKind::SerializationFailure
            | DatabaseErrorKind::ReadOnlyTransaction => true,
            _ => is_outage_message(information.message()),
        },
        _ => false,
    };
    if is_outage {
        StoreError::Unavailable(error.to_string())
    } else {
        StoreError::Unexpected(Box::new(error))
    }
}

/// Diesel passes on no SQLSTATE, so these are told by their words; a server that speaks another language than English
/// answers 500 instead of 503 for them.
fn is_outage_message(message: &str) -> bool {
    const OUTAGES: [&str; 10] = [
        "canceling statement due to",
        "terminating connection due to",
        "the database system is",
        "server closed the connection",
        "remaining connection slots",
        "too many clients",
        "deadlock detected",
        "could not receive data from server",
        "SSL connection has been closed",
        "SSL SYSCALL error",
    ];
    OUTAGES.iter().any(|outage| message.contains(outage))
}
