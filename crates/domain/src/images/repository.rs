use std::time::Duration;

use async_trait::async_trait;

use super::{Image, ImageFile, PublicId};
use crate::{Slug, StoreError};

/// Why uploaded images were not recorded. None of them was.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// There is no product with this slug.
    #[error("there is no such product")]
    ProductNotFound,
    /// The product would have more images than allowed.
    #[error("the product has too many images")]
    TooManyImages,
    /// A reservation expired or was cancelled before its image was uploaded.
    #[error("the reservation has ended")]
    Late,
    /// The store is unavailable or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Records all images in the image store, so that no image stays there forgotten. An image is recorded before its
/// upload and until its deletion.
///
/// An image is *due* when it shall be removed from the image store. A recorded image that was uploaded and is not due
/// is *wanted*.
#[async_trait]
pub trait ImageRepository: Send + Sync {
    /// Checks that a product may have this many more images, with the errors of [`keep`](Self::keep). Called before an
    /// upload to avoid useless work; only `keep` guarantees the limit.
    async fn check_room(&self, product: &Slug, images: usize) -> Result<(), KeepError>;

    /// Records images before their upload. An image is due if it is not [kept](Self::keep) within `time`.
    async fn reserve(
        &self,
        images: &[(PublicId, ImageFile)],
        time: Duration,
    ) -> Result<(), StoreError>;

    /// Records that images were uploaded and are wanted, and appends the URLs of their originals to a product's images,
    /// in one transaction.
    async fn keep(&self, images: &[Image], product: Option<&Slug>) -> Result<(), KeepError>;

    /// Cancels reservations: [`keep`](Self::keep) refuses them from now on. Their images are due after `time`, which
    /// the caller has to remove them. Skips images that were kept already, as happens if the answer to `keep` was lost.
    /// Returns the ids whose reservation was cancelled.
    async fn take_back(
        &self,
        images: &[PublicId],
        time: Duration,
    ) -> Result<Vec<PublicId>, StoreError>;

    /// Removes an image from every product. It is due after `time`, which the caller has to remove it from the image
    /// store. Returns whether there was such an image and it was wanted.
    async fn discard(&self, image: &PublicId, time: Duration) -> Result<bool, StoreError>;

    /// Returns at most `limit` due images, those that are due longest first. They are due again after `time`, so no
    /// other caller gets them meanwhile, and they are not lost if this caller crashes. An image that a product shows by
    /// now becomes wanted and is no longer due.
    async fn claim_due(&self, limit: u32, time: Duration) -> Result<Vec<PublicId>, StoreError>;

    /// At most `limit` images that were kept more than `age` ago and that neither a product nor a review shows.
    async fn unused(&self, age: Duration, limit: u32) -> Result<Vec<PublicId>, StoreError>;

    /// Makes the same images due for removal, and returns their number.
    async fn discard_unused(&self, age: Duration) -> Result<u64, StoreError>;

    /// Deletes the record of a due image that was removed from the image store.
    async fn forget(&self, image: &PublicId) -> Result<(), StoreError>;

    /// Records that a due image could not be removed. It is due again after a delay that grows with each attempt.
    async fn postpone(&self, image: &PublicId) -> Result<(), StoreError>;

    /// Records that a due image was not found in the image store. Its upload may still arrive, or it may be in another
    /// store, so its record is deleted only after several attempts.
    async fn miss(&self, image: &PublicId) -> Result<(), StoreError>;
}
