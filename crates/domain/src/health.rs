//! Health checks of external dependencies.

use async_trait::async_trait;

use crate::StoreError;

/// An external dependency whose state can be checked.
#[async_trait]
pub trait Probe: Send + Sync {
    /// Checks the dependency, with a time limit of its own.
    ///
    /// # Errors
    /// If the dependency does not work.
    async fn check(&self) -> Result<(), StoreError>;
}
