use std::error::Error;

/// A failure of a store. It does not depend on the arguments of the call: a missing item or a refused write is a value
/// or an error of the call itself.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The store can't be reached or is overloaded. The call may be retried later; the outcome of a write is unknown.
    #[error("the store is not available: {0}")]
    Unavailable(String),
    /// A failure that a retry does not fix: a bug, or data that violate the store's own rules.
    #[error("the store failed")]
    Unexpected(#[source] Box<dyn Error + Send + Sync>),
}
