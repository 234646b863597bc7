use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::future::join_all;
use futures_util::stream;

use super::{
    ConfirmError, Deletion, Image, ImageFile, ImageMetadata, ImageRepository, ImageStore,
    ImageStoreError, InvalidImage, PublicId, Upload,
};
use crate::idempotency::after_commit;
use crate::{Slug, StoreError};

/// Why an upload or removal failed.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// There is no image with this id.
    #[error("there is no such image")]
    NotFound,
    /// The images could not be recorded.
    #[error(transparent)]
    Keep(#[from] ConfirmError),
    /// The image store failed.
    #[error(transparent)]
    ImageStore(#[from] ImageStoreError),
}

impl From<StoreError> for ImageError {
    fn from(error: StoreError) -> Self {
        Self::Keep(error.into())
    }
}

/// The result of a clean-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Removed {
    /// The number of removed images.
    pub removed: u64,
    /// The number of images that are tried again later, since they could not be removed or were not found.
    pub postponed: u64,
}

/// The use cases of images. The image store and the records agree after each call, or once failed removals were
/// repeated.
#[derive(Clone)]
pub struct ImageService {
    store: Arc<dyn ImageStore>,
    records: Arc<dyn ImageRepository>,
    metadata: ImageMetadata,
}

impl ImageService {
    /// How long an upload may take before its images are due for removal. Much longer than any real upload.
    const RESERVATION: Duration = Duration::from_secs(15 * 60);

    /// How long a removal may take before another one is tried.
    const REMOVAL: Duration = Duration::from_secs(5 * 60);

    /// Maximum number of concurrent removals.
    const SIDE_BY_SIDE: usize = 4;

    /// Maximum number of images that are claimed at once.
    const BATCH: u32 = 20;

    /// A service over these stores that removes the metadata of files.
    pub fn new(store: Arc<dyn ImageStore>, records: Arc<dyn ImageRepository>) -> Self {
        Self {
            store,
            records,
            metadata: ImageMetadata::Removed,
        }
    }

    /// The same service with another treatment of metadata.
    pub fn with_metadata(self, metadata: ImageMetadata) -> Self {
        Self { metadata, ..self }
    }

    /// Checks a file and prepares it for an upload. Takes some milliseconds for large files.
    ///
    /// # Errors
    /// The first rule that the file breaks.
    pub fn file(&self, bytes: Bytes) -> Result<ImageFile, InvalidImage> {
        let file = ImageFile::try_from(bytes)?;
        Ok(match self.metadata {
            ImageMetadata::Removed => file.without_metadata(),
            ImageMetadata::Kept => file,
        })
    }

    /// Uploads files concurrently and appends their originals to a product's images. All are stored or none: if one
    /// fails, the others are removed.
    ///
    /// # Errors
    /// [`ConfirmError`] if the product does not exist or has too many images; [`ImageStoreError`] if the image store
    /// fails.
    pub async fn upload(
        &self,
        upload: Upload,
        product: Option<&Slug>,
    ) -> Result<Vec<Image>, ImageError> {
        if let Some(product) = product {
            self.records
                .check_image_limit(product, upload.files().len())
                .await?;
        }
        let files = upload.files().iter().cloned();
        let named: Vec<_> = files.map(|file| (PublicId::random(), file)).collect();
        self.records.reserve(&named, Self::RESERVATION).await?;
        let result = self.store_all(&named, product).await;
        if result.is_err() {
            let ids: Vec<_> = named.into_iter().map(|(id, _)| id).collect();
            self.cancel(&ids).await;
        }
        result
    }

    /// Removes the images of a failed upload. Images that the records do not release were kept, or are removed when
    /// their reservation expires.
    async fn cancel(&self, ids: &[PublicId]) {
        let ids = self.records.cancel(ids, Self::REMOVAL).await;
        join_all(ids.iter().flatten().map(|id| self.remove_from_store(id))).await;
    }

    async fn store_all(
        &self,
        named: &[(PublicId, ImageFile)],
        product: Option<&Slug>,
    ) -> Result<Vec<Image>, ImageError> {
        let uploads = named.iter().map(|(id, file)| self.store.upload(id, file));
        // Wait for every upload, so that none arrives after its image was removed.
        let images: Vec<Image> = join_all(uploads)
            .await
            .into_iter()
            .collect::<Result<_, _>>()?;
        self.records.confirm(&images, product).await?;
        Ok(images)
    }

    /// Deletes an image and removes it from every product that shows it. If the image store fails,
    /// [`remove_due`](Self::remove_due) tries again later.
    ///
    /// # Errors
    /// [`ImageError::NotFound`], or an error of the records.
    pub async fn delete(&self, image: &PublicId) -> Result<(), ImageError> {
        if !self.records.discard(image, Self::REMOVAL).await? {
            return Err(ImageError::NotFound);
        }
        let (service, image) = (self.clone(), image.clone());
        after_commit(async move {
            service.remove_from_store(&image).await;
        })
        .await;
        Ok(())
    }

    /// Removes images that are due: their upload was interrupted, their product was removed, or an earlier removal
    /// failed. Call it periodically.
    ///
    /// # Errors
    /// If the records are unavailable or fail.
    pub async fn remove_due(&self) -> Result<Removed, StoreError> {
        let mut all = Removed::default();
        loop {
            let due = self.records.claim_due(Self::BATCH, Self::REMOVAL).await?;
            let claimed = due.len() as u64;
            let removed = stream::iter(due)
                .map(|image| async move { self.remove_from_store(&image).await })
                .buffer_unordered(Self::SIDE_BY_SIDE)
                .filter(|is_removed| std::future::ready(*is_removed))
                .count()
                .await as u64;
            all.removed += removed;
            all.postponed += claimed - removed;
            // If no image could be removed, the store is probably unavailable.
            if claimed < u64::from(Self::BATCH) || removed == 0 {
                return Ok(all);
            }
        }
    }

    /// Images that were confirmed more than `age` ago and that neither a product nor a review shows.
    ///
    /// # Errors
    /// If the records are unavailable or fail.
    pub async fn unused(&self, age: Duration, limit: u32) -> Result<Vec<PublicId>, StoreError> {
        self.records.unused(age, limit).await
    }

    /// Removes [unused](Self::unused) images, and all others that are due.
    ///
    /// # Errors
    /// If the records are unavailable or fail.
    pub async fn sweep(&self, age: Duration) -> Result<Removed, StoreError> {
        self.records.discard_unused(age).await?;
        self.remove_due().await
    }

    /// Removes an image that is due, and returns whether that succeeded. If not, the image stays recorded.
    async fn remove_from_store(&self, image: &PublicId) -> bool {
        let recorded = match self.store.delete(image).await {
            Ok(Deletion::Deleted) => self.records.delete_record(image).await.map(|()| true),
            Ok(Deletion::NotFound) => self.records.record_missing(image).await.map(|()| false),
            Err(_) => self.records.postpone(image).await.map(|()| false),
        };
        // If the records fail, the image is due again after its claim expires.
        recorded.unwrap_or(false)
    }
}

impl fmt::Debug for ImageService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImageService").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
