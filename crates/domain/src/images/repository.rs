use std::time::Duration;

use async_trait::async_trait;

use super::{Image, ImageFile, PublicId};
use crate::{Slug, StoreError};

/// Why uploaded images were not kept. None of them was.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// There is no product of this slug.
    #[error("there is no such product")]
    ProductNotFound,
    /// The product would have more images than it may.
    #[error("the product has too many images")]
    TooManyImages,
    /// A reservation has ended, or was taken back, before its image came.
    #[error("the reservation has ended")]
    Late,
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The records of all images in the image store, so that none is forgotten there. An image has its record before it is
/// uploaded and until it is deleted.
#[async_trait]
pub trait ImageRepository: Send + Sync {
    /// Whether a product may have so many images more, by the errors of [`keep`](Self::keep). Asked before an upload,
    /// to spare it; only `keep` makes sure.
    async fn check_room(&self, product: &Slug, images: usize) -> Result<(), KeepError>;

    /// Records images that are about to be uploaded. Those that are not [kept](Self::keep) in time are due for removal.
    async fn reserve(
        &self,
        images: &[(PublicId, ImageFile)],
        time: Duration,
    ) -> Result<(), StoreError>;

    /// Records that images are uploaded and wanted, and appends their originals to a product's images, all in one.
    async fn keep(&self, images: &[Image], product: Option<&Slug>) -> Result<(), KeepError>;

    /// Takes reservations back, so that [`keep`](Self::keep) will refuse them, and makes their images due for removal after
    /// a time in which the caller removes them. Those that were kept all the same, as happens where the answer to `keep`
    /// was lost, are left alone. Which ones were taken back.
    async fn take_back(
        &self,
        images: &[PublicId],
        time: Duration,
    ) -> Result<Vec<PublicId>, StoreError>;

    /// Takes an image out of every product and makes it due for removal, after a time in which the caller removes it.
    /// Whether there was one that was wanted.
    async fn discard(&self, image: &PublicId, time: Duration) -> Result<bool, StoreError>;

    /// At most so many images that are due for removal, those that wait longest first. They are due again after a time,
    /// so that nobody else takes them meanwhile, nor are they forgotten if the caller is. One that a product shows by now
    /// is wanted again, and no longer due.
    async fn claim_due(&self, limit: u32, time: Duration) -> Result<Vec<PublicId>, StoreError>;

    /// At most so many images that were kept longer ago than this and that no product shows.
    async fn unused(&self, age: Duration, limit: u32) -> Result<Vec<PublicId>, StoreError>;

    /// Makes the same images due for removal, and says how many they are.
    async fn discard_unused(&self, age: Duration) -> Result<u64, StoreError>;

    /// Forgets an image that was due and is gone from the image store.
    async fn forget(&self, image: &PublicId) -> Result<(), StoreError>;

    /// Notes that an image that was due could not be removed. It is due again after a time that grows with every try.
    async fn postpone(&self, image: &PublicId) -> Result<(), StoreError>;

    /// Notes that an image that was due is not in the image store. It may still arrive there, or be in another one, so it
    /// is forgotten only when it was looked for often.
    async fn miss(&self, image: &PublicId) -> Result<(), StoreError>;
}
