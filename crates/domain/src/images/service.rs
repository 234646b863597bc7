use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::future::join_all;
use futures_util::stream;

use super::{
    Deletion, Image, ImageFile, ImageMetadata, ImageRepository, ImageStore, ImageStoreError,
    InvalidImage, KeepError, PublicId, Upload,
};
use crate::{Slug, StoreError};

/// Why nothing was uploaded or removed.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// There is no image of this id.
    #[error("there is no such image")]
    NotFound,
    /// The images were not kept.
    #[error(transparent)]
    Keep(#[from] KeepError),
    /// The image store did not take them.
    #[error(transparent)]
    ImageStore(#[from] ImageStoreError),
}

impl From<StoreError> for ImageError {
    fn from(error: StoreError) -> Self {
        Self::Keep(error.into())
    }
}

/// What a clean-up did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Removed {
    /// Images that are gone.
    pub removed: u64,
    /// Images that are looked for again later: they could not be removed, or were not there.
    pub postponed: u64,
}

/// What can be done with images: each is in the image store and in the records, or in neither, if not now then soon.
#[derive(Clone)]
pub struct ImageService {
    store: Arc<dyn ImageStore>,
    records: Arc<dyn ImageRepository>,
    metadata: ImageMetadata,
}

impl ImageService {
    /// How long an upload may take before its images are due for removal. Far longer than any does.
    const RESERVATION: Duration = Duration::from_secs(15 * 60);

    /// How long a removal may take before another one tries.
    const REMOVAL: Duration = Duration::from_secs(5 * 60);

    /// How many images are removed side by side.
    const SIDE_BY_SIDE: usize = 4;

    /// How many images are taken for removal at once.
    const BATCH: u32 = 20;

    /// A service over these stores, which takes out of files what they say beside their pictures.
    pub fn new(store: Arc<dyn ImageStore>, records: Arc<dyn ImageRepository>) -> Self {
        Self {
            store,
            records,
            metadata: ImageMetadata::Removed,
        }
    }

    /// The same service, which does this with what files say beside their pictures.
    pub fn with_metadata(self, metadata: ImageMetadata) -> Self {
        Self { metadata, ..self }
    }

    /// Checks a file, and makes of it what may be uploaded. For a large one that takes a moment.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn file(&self, bytes: Bytes) -> Result<ImageFile, InvalidImage> {
        let file = ImageFile::try_from(bytes)?;
        Ok(match self.metadata {
            ImageMetadata::Removed => file.without_metadata(),
            ImageMetadata::Kept => file,
        })
    }

    /// Uploads files side by side, and appends their originals to a product's images. All of them are kept or none:
    /// when one fails, the others are taken back.
    ///
    /// # Errors
    /// [`KeepError`] where the product says no; [`ImageStoreError`] where the image store does.
    pub async fn upload(
        &self,
        upload: Upload,
        product: Option<&Slug>,
    ) -> Result<Vec<Image>, ImageError> {
        if let Some(product) = product {
            self.records
                .check_room(product, upload.files().len())
                .await?;
        }
        let files = upload.files().iter().cloned();
        let named: Vec<_> = files.map(|file| (PublicId::random(), file)).collect();
        self.records.reserve(&named, Self::RESERVATION).await?;
        let result = self.store_all(&named, product).await;
        if result.is_err() {
            let ids: Vec<_> = named.into_iter().map(|(id, _)| id).collect();
            self.take_back(&ids).await;
        }
        result
    }

    /// Removes what was uploaded for nothing. What the records don't take back was kept, or is left to the end of its
    /// reservation.
    async fn take_back(&self, ids: &[PublicId]) {
        let ids = self.records.take_back(ids, Self::REMOVAL).await;
        join_all(ids.iter().flatten().map(|id| self.remove_from_store(id))).await;
    }

    async fn store_all(
        &self,
        named: &[(PublicId, ImageFile)],
        product: Option<&Slug>,
    ) -> Result<Vec<Image>, ImageError> {
        let uploads = named.iter().map(|(id, file)| self.store.upload(id, file));
        // Each is waited for, lest one arrives after it was taken back.
        let images: Vec<Image> = join_all(uploads)
            .await
            .into_iter()
            .collect::<Result<_, _>>()?;
        self.records.keep(&images, product).await?;
        Ok(images)
    }

    /// Deletes an image and takes it out of every product that shows it. One that the image store does not delete now
    /// is tried again later, by [`remove_due`](Self::remove_due).
    ///
    /// # Errors
    /// [`ImageError::NotFound`], or when the records did not answer.
    pub async fn delete(&self, image: &PublicId) -> Result<(), ImageError> {
        if !self.records.discard(image, Self::REMOVAL).await? {
            return Err(ImageError::NotFound);
        }
        self.remove_from_store(image).await;
        Ok(())
    }

    /// Removes the images that are due: those whose upload was cut off, whose product is gone, or that could not be
    /// removed before. To be called now and then.
    ///
    /// # Errors
    /// When the records did not answer.
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
            // Where nothing could be removed, the next ones will fare no better.
            if claimed < u64::from(Self::BATCH) || removed == 0 {
                return Ok(all);
            }
        }
    }

    /// Images that were kept longer ago than this and that no product shows.
    ///
    /// # Errors
    /// When the records did not answer.
    pub async fn unused(&self, age: Duration, limit: u32) -> Result<Vec<PublicId>, StoreError> {
        self.records.unused(age, limit).await
    }

    /// Removes those images, and whatever else is due.
    ///
    /// # Errors
    /// When the records did not answer.
    pub async fn sweep(&self, age: Duration) -> Result<Removed, StoreError> {
        self.records.discard_unused(age).await?;
        self.remove_due().await
    }

    /// Removes an image that is recorded as due; whether that went well. Otherwise it stays recorded.
    async fn remove_from_store(&self, image: &PublicId) -> bool {
        let recorded = match self.store.delete(image).await {
            Ok(Deletion::Deleted) => self.records.forget(image).await.map(|()| true),
            Ok(Deletion::NotFound) => self.records.miss(image).await.map(|()| false),
            Err(_) => self.records.postpone(image).await.map(|()| false),
        };
        // Where the records don't answer, the image is due again when its time is over.
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
