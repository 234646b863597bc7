mod outage;

use std::time::Duration;

use diesel::result::{DatabaseErrorKind, Error};
use eggypro_domain::StoreError;

use self::outage::store_error;

/// Why a job on a connection failed.
#[derive(Debug)]
pub(crate) enum Failure<E> {
    /// The data don't allow it. The connection is fine.
    Refused(E),
    /// A statement or the connection failed.
    Database(Error),
}

impl<E> From<Error> for Failure<E> {
    fn from(error: Error) -> Self {
        Self::Database(error)
    }
}

impl<E> Failure<E> {
    /// The same failure with another error for a refusal.
    pub(crate) fn of<F: Into<E>>(failure: Failure<F>) -> Self {
        match failure {
            Failure::Refused(error) => Self::Refused(error.into()),
            Failure::Database(error) => Self::Database(error),
        }
    }
}

impl<E: From<StoreError>> Failure<E> {
    /// Converts to the error of the domain. `took` is the duration of the job.
    pub(crate) fn into_domain(self, language: Language, took: Duration) -> E {
        match self {
            Self::Refused(error) => error,
            Self::Database(error) => store_error(error, language, took).into(),
        }
    }
}

impl<E> Failure<E> {
    /// Whether the connection can be used again without a check.
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

/// Whether a write failed because another row has the same value in this unique index.
pub(crate) fn violates(error: &Error, unique_index: &str) -> bool {
    match error {
        Error::DatabaseError(DatabaseErrorKind::UniqueViolation, information) => {
            information.constraint_name() == Some(unique_index)
        }
        _ => false,
    }
}

/// The error for stored data that the domain can't represent.
pub(crate) fn corrupt(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::DeserializationError(Box::new(error))
}

/// The language of PostgreSQL's messages, as set by `lc_messages`. Diesel does not pass on the SQLSTATE, so errors can
/// only be recognised by their messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    Other {
        /// The session's maximum time to wait for a lock.
        lock_timeout: Duration,
    },
}

impl Language {
    /// Whether a locale, such as `en_US.UTF-8`, `C` or `de_DE`, is one of English.
    pub(crate) fn is_english(locale: &str) -> bool {
        let name = locale.split(['.', '_', '@']).next().unwrap_or_default();
        // An empty locale means that of the server's environment, which is unknown.
        ["C", "POSIX", "en", "English"].contains(&name)
    }
}
