use std::time::Duration;

use async_trait::async_trait;

use super::{Image, ImageFile, PublicId};
use crate::{Slug, StoreError};

/// Why uploaded images were not recorded. None of them was.
#[derive(Debug, thiserror::Error)]
pub enum ConfirmError {
    /// There is no product with this slug.
    #[error("there is no such product")]
    ProductNotFound,
    /// The product would have more images than allowed.
    #[error("the product has too many images")]
    TooManyImages,
    /// A reservation expired or was cancelled before its image was uploaded.
    #[error("the reservation has ended")]
    ReservationEnded,
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
    /// Checks that a product may have this many more images, with the errors of [`confirm`](Self::confirm). Called before an
    /// upload to avoid useless work; only `confirm` guarantees the limit.
    async fn check_image_limit(&self, product: &Slug, images: usize) -> Result<(), ConfirmError>;

    /// Records images before their upload. An image is due if it is not [confirmed](Self::confirm) within `time`.
    async fn reserve(
        &self,
        images: &[(PublicId, ImageFile)],
        time: Duration,
    ) -> Result<(), StoreError>;

    /// Records that images were uploaded and are wanted, and appends the URLs of their originals to a product's images,
    /// in one transaction.
    async fn confirm(&self, images: &[Image], product: Option<&Slug>) -> Result<(), ConfirmError>;

    /// Cancels reservations: [`confirm`](Self::confirm) refuses them from now on. Their images are due after `time`, which
    /// the caller has to remove them. Skips images that were confirmed already, as happens if the answer to `confirm` was lost.
    /// Returns the ids whose reservation was cancelled.
    async fn cancel(
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

    /// At most `limit` images that were confirmed more than `age` ago and that neither a product nor a review shows.
    async fn unused(&self, age: Duration, limit: u32) -> Result<Vec<PublicId>, StoreError>;

    /// Makes the same images due for removal, and returns their number.
    async fn discard_unused(&self, age: Duration) -> Result<u64, StoreError>;

    /// Deletes the record of a due image that was removed from the image store.
    async fn delete_record(&self, image: &PublicId) -> Result<(), StoreError>;

    /// Records that a due image could not be removed. It is due again after a delay that grows with each attempt.
    async fn postpone(&self, image: &PublicId) -> Result<(), StoreError>;

    /// Records that a due image was not found in the image store. Its upload may still arrive, or it may be in another
    /// store, so its record is deleted only after several attempts.
    async fn record_missing(&self, image: &PublicId) -> Result<(), StoreError>;
}
