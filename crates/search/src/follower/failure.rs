use std::fmt;

use eggypro_domain::StoreError;
use tokio::task::JoinError;

use crate::IndexError;

/// Why changes were not applied.
#[derive(Debug)]
pub(super) enum Failure {
    Source(StoreError),
    Index(IndexError),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source(error) => error.fmt(f),
            Self::Index(error) => error.fmt(f),
        }
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Source(error) => error,
            Failure::Index(error) => Self::Unexpected(error.into()),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Source(error)
    }
}

pub(super) fn panicked(error: JoinError) -> Failure {
    Failure::Index(IndexError::Panicked(error.to_string()))
}
