use std::time::Duration;

use async_trait::async_trait;

use super::{Image, ImageFile, PublicId};

/// Why an operation of the image store failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImageStoreError {
    /// The file can't be decoded, although its structure is valid.
    #[error("the file is no whole picture")]
    NoPicture,
    /// The store can't be reached, is overloaded or fails. The operation may still have taken effect.
    #[error("the image store is not available: {reason}")]
    Unavailable {
        /// The reason, for operators.
        reason: String,
        /// When to retry, if the store specified it.
        retry_after: Option<Duration>,
    },
}

/// The result of deleting an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deletion {
    /// The image existed and was deleted.
    Deleted,
    /// The image did not exist.
    NotFound,
}

/// Stores and delivers images.
#[async_trait]
pub trait ImageStore: Send + Sync {
    /// Stores an image with all its [`Renditions`](super::Renditions) under a unique id. Repeating the call with the
    /// same file is safe.
    ///
    /// # Errors
    /// After [`ImageStoreError::NoPicture`] nothing is stored. After any other error the image may be stored.
    async fn upload(&self, id: &PublicId, file: &ImageFile) -> Result<Image, ImageStoreError>;

    /// Deletes an image with all its renditions, and purges them from the delivery network.
    ///
    /// # Errors
    /// After [`ImageStoreError::Unavailable`] the image may still exist.
    async fn delete(&self, id: &PublicId) -> Result<Deletion, ImageStoreError>;
}
