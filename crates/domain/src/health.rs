//! Whether what the shop needs from outside is there.

use async_trait::async_trait;

use crate::StoreError;

/// Something outside whose state can be asked for.
#[async_trait]
pub trait Probe: Send + Sync {
    /// Asks, within a bound of its own.
    ///
    /// # Errors
    /// When it is not in order.
    async fn check(&self) -> Result<(), StoreError>;
}
