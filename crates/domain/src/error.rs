use std::error::Error;

/// Why a store could not answer. What it was asked for plays no part in it: absence and refusal are values or
/// errors of the call itself.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The store can't be reached or is too busy now. The call may be repeated later; nothing was confirmed.
    #[error("the store is not available: {0}")]
    Unavailable(String),
    /// A fault that repeating the call will not mend: a bug, or data that break the store's own rules.
    #[error("the store failed")]
    Unexpected(#[source] Box<dyn Error + Send + Sync>),
}
