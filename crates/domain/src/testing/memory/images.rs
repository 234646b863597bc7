use std::time::Duration;

use async_trait::async_trait;
use time::OffsetDateTime;

use super::{InMemoryShop, State};
use crate::images::{ConfirmError, Image, ImageFile, ImageRepository, PublicId, StoredImage};
use crate::products::{MAX_IMAGES, Product, ProductId};
use crate::{Slug, StoreError};

/// The record of an image.
#[derive(Debug, Clone)]
pub(super) struct Record {
    id: PublicId,
    /// Empty until the image is kept.
    url: String,
    /// What products contain about it; set when it is kept.
    shown: Option<StoredImage>,
    product: Option<ProductId>,
    created_at: OffsetDateTime,
    due_at: Option<OffsetDateTime>,
    /// The number of attempts to remove it.
    attempts: u32,
}

impl State {
    /// Makes the images of a removed product due, except those that another product or a review shows.
    pub(super) fn discard_images_of(&mut self, product: &Product) {
        let now = self.tick().1;
        let shown = self.shown_images();
        for image in &mut self.images {
            let is_of_it = image.product == Some(product.id) || product.images.contains(&image.url);
            if is_of_it && image.due_at.is_none() && !is_shown(image, &shown) {
                image.due_at = Some(now);
            }
        }
    }

    /// Makes images due in a day that a product showed before and that nothing shows now.
    pub(super) fn discard_taken_out(&mut self, before: &[String]) {
        let (now, shown) = (self.now(), self.shown_images());
        for image in &mut self.images {
            let was_shown = image.due_at.is_none() && is_shown(image, before);
            if was_shown && !is_shown(image, &shown) {
                image.due_at = Some(now + Duration::from_secs(24 * 60 * 60));
            }
        }
    }

    /// What is recorded about the image with this URL.
    pub(super) fn stored_image(&self, url: &str) -> Option<StoredImage> {
        let mut images = self.images.iter();
        images.find(|image| image.url == url)?.shown.clone()
    }

    fn shown_images(&self) -> Vec<String> {
        let products = self.products.iter();
        let of_products = products.flat_map(|stored| stored.product.images.clone());
        let reviews = self.reviews.iter();
        let of_reviews = reviews
            .flat_map(|review| [review.image_url.clone(), review.reviewer_image_url.clone()]);
        of_products.chain(of_reviews.flatten()).collect()
    }

    fn unused(&mut self, age: Duration) -> Vec<&mut Record> {
        let (shown, now) = (self.shown_images(), self.now());
        let before = now - age;
        let images = self.images.iter_mut();
        images
            .filter(|image| image.is_wanted(now) && image.created_at <= before)
            .filter(|image| !is_shown(image, &shown))
            .collect()
    }

    /// The position of a product, if it may have this many more images.
    fn position_for(&self, product: &Slug, images: usize) -> Result<usize, ConfirmError> {
        let mut products = self.products.iter();
        let at = products.position(|stored| stored.product.slug == *product);
        let at = at.ok_or(ConfirmError::ProductNotFound)?;
        if self.products[at].product.images.len() + images > MAX_IMAGES {
            return Err(ConfirmError::TooManyImages);
        }
        Ok(at)
    }
}

impl Record {
    /// Whether it is kept, and not due or claimed for removal.
    fn is_wanted(&self, now: OffsetDateTime) -> bool {
        let waits = |due_at| !self.url.is_empty() && self.attempts == 0 && due_at > now;
        self.due_at.is_none_or(waits)
    }
}

/// Whether an image is shown, in any rendition.
fn is_shown(image: &Record, shown: &[String]) -> bool {
    shown.iter().any(|url| url.contains(image.id.as_str()))
}

#[async_trait]
impl ImageRepository for InMemoryShop {
    async fn check_image_limit(&self, product: &Slug, images: usize) -> Result<(), ConfirmError> {
        self.state().position_for(product, images).map(drop)
    }

    async fn reserve(
        &self,
        images: &[(PublicId, ImageFile)],
        time: Duration,
    ) -> Result<(), StoreError> {
        let mut state = self.state();
        let now = state.tick().1;
        let records = images.iter().map(|(id, _)| Record {
            id: id.clone(),
            url: String::new(),
            shown: None,
            product: None,
            created_at: now,
            due_at: Some(now + time),
            attempts: 0,
        });
        state.images.extend(records);
        Ok(())
    }

    async fn confirm(&self, images: &[Image], product: Option<&Slug>) -> Result<(), ConfirmError> {
        let mut state = self.state();
        let at = product.map(|slug| state.position_for(slug, images.len()));
        let at = at.transpose()?;
        let now = state.tick().1;
        let is_reserved = |image: &Image| {
            let mut records = state.images.iter();
            records.any(|record| {
                let is_in_time = record.due_at.is_some_and(|due_at| due_at > now);
                record.id == image.id && is_in_time && record.attempts == 0
            })
        };
        if !images.iter().all(is_reserved) {
            return Err(ConfirmError::ReservationEnded);
        }
        let product = at.map(|at| state.products[at].product.id);
        for image in images {
            let mut records = state.images.iter_mut();
            if let Some(record) = records.find(|record| record.id == image.id) {
                record.url.clone_from(&image.original);
                record.shown = Some(image.into());
                record.product = product;
                record.due_at = None;
            }
        }
        if let Some(at) = at {
            let product = &mut state.products[at].product;
            let originals = images.iter().map(|image| image.original.clone());
            product.images.extend(originals);
            product.version += 1;
            product.updated_at = now;
        }
        Ok(())
    }

    async fn cancel(
        &self,
        images: &[PublicId],
        time: Duration,
    ) -> Result<Vec<PublicId>, StoreError> {
        let mut state = self.state();
        let due_at = Some(state.tick().1 + time);
        let records = state.images.iter_mut();
        let reserved =
            records.filter(|record| images.contains(&record.id) && record.due_at.is_some());
        Ok(reserved
            .map(|record| {
                record.due_at = due_at;
                record.attempts += 1;
                record.id.clone()
            })
            .collect())
    }

    async fn discard(&self, image: &PublicId, time: Duration) -> Result<bool, StoreError> {
        let mut state = self.state();
        let now = state.tick().1;
        let mut records = state.images.iter_mut();
        let record = records.find(|record| record.id == *image && record.is_wanted(now));
        let Some(record) = record else {
            return Ok(false);
        };
        record.due_at = Some(now + time);
        record.attempts += 1;
        for stored in &mut state.products {
            let shows = |url: &String| url.contains(image.as_str());
            if stored.product.images.iter().any(shows) {
                stored.product.images.retain(|url| !shows(url));
                stored.product.version += 1;
                stored.product.updated_at = now;
            }
        }
        Ok(true)
    }

    async fn claim_due(&self, limit: u32, time: Duration) -> Result<Vec<PublicId>, StoreError> {
        let mut state = self.state();
        let (now, shown) = (state.now(), state.shown_images());
        let products = state.products.iter();
        let by_products: Vec<String> = products
            .flat_map(|stored| stored.product.images.clone())
            .collect();
        let is_wanted = |image: &Record| {
            is_shown(image, &by_products) || image.attempts == 0 && is_shown(image, &shown)
        };
        let images = state.images.iter_mut();
        images
            .filter(|image| is_wanted(image) && !image.url.is_empty())
            .for_each(|image| (image.due_at, image.attempts) = (None, 0));
        let images = state.images.iter_mut();
        let mut due: Vec<_> = images
            .filter(|image| image.due_at.is_some_and(|due_at| due_at <= now))
            .collect();
        due.sort_by_key(|image| image.due_at);
        let claimed = due.into_iter().take(limit as usize).map(|image| {
            image.due_at = Some(now + time);
            image.attempts += 1;
            image.id.clone()
        });
        Ok(claimed.collect())
    }

    async fn unused(&self, age: Duration, limit: u32) -> Result<Vec<PublicId>, StoreError> {
        let mut state = self.state();
        let unused = state.unused(age).into_iter().take(limit as usize);
        Ok(unused.map(|image| image.id.clone()).collect())
    }

    async fn discard_unused(&self, age: Duration) -> Result<u64, StoreError> {
        let mut state = self.state();
        let now = state.now();
        let unused = state.unused(age);
        let count = unused.len() as u64;
        for image in unused {
            image.due_at = Some(now);
        }
        Ok(count)
    }

    async fn delete_record(&self, image: &PublicId) -> Result<(), StoreError> {
        let is_it = |record: &Record| record.id == *image && record.due_at.is_some();
        self.state().images.retain(|record| !is_it(record));
        Ok(())
    }

    async fn postpone(&self, image: &PublicId) -> Result<(), StoreError> {
        let mut state = self.state();
        let now = state.now();
        let mut records = state.images.iter_mut();
        let record = records.find(|record| record.id == *image && record.due_at.is_some());
        if let Some(record) = record {
            let times = 1 << record.attempts.saturating_sub(1).min(10);
            record.due_at = Some(now + Duration::from_secs(60) * times);
        }
        Ok(())
    }

    async fn record_missing(&self, image: &PublicId) -> Result<(), StoreError> {
        let often = |record: &Record| record.id == *image && record.attempts >= 8;
        if self.state().images.iter().any(often) {
            return self.delete_record(image).await;
        }
        self.postpone(image).await
    }
}
