use std::time::Duration;

use async_trait::async_trait;

use super::{Image, ImageFile, PublicId};

/// Why an image store did not do what it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImageStoreError {
    /// The file can't be decoded, whatever its header says.
    #[error("the file is no whole picture")]
    NoPicture,
    /// The store can't be reached, is too busy, or does not do its work. What it was asked for may have happened.
    #[error("the image store is not available: {reason}")]
    Unavailable {
        /// Why, for who runs the shop.
        reason: String,
        /// When to ask again, if the store said so.
        retry_after: Option<Duration>,
    },
}

/// What became of an image that was to be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deletion {
    /// It was there and is gone.
    Deleted,
    /// It was not there.
    NotFound,
}

/// Where pictures are kept and delivered from.
#[async_trait]
pub trait ImageStore: Send + Sync {
    /// Keeps a picture under an id that no other has, with all that [`Renditions`](super::Renditions) names. To repeat
    /// it with the same file does no harm.
    ///
    /// # Errors
    /// [`ImageStoreError::NoPicture`] means that nothing is kept; after any other error the picture may be there.
    async fn upload(&self, id: &PublicId, file: &ImageFile) -> Result<Image, ImageStoreError>;

    /// Deletes a picture with all that was made of it, also where it is delivered from.
    ///
    /// # Errors
    /// [`ImageStoreError::Unavailable`] means that it may still be there.
    async fn delete(&self, id: &PublicId) -> Result<Deletion, ImageStoreError>;
}
