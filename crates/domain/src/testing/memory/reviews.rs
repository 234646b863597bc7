use async_trait::async_trait;
use time::Duration;

use super::{InMemoryShop, State};
use crate::products::{ProductId, Total};
use crate::reviews::{
    NewReview, Review, ReviewError, ReviewId, ReviewPage, ReviewQuery, ReviewRepository,
    ReviewSort, Stars,
};
use crate::{Slug, StoreError, Valid};

impl State {
    fn active(&self, slug: &Slug) -> Result<ProductId, ReviewError> {
        let mut products = self.products.iter().map(|stored| &stored.product);
        let product = products.find(|product| product.slug == *slug && product.is_active);
        product
            .map(|product| product.id)
            .ok_or(ReviewError::ProductNotFound)
    }

    /// Counts the stars of a review for its product, or no longer.
    fn count(&mut self, review: &Review, is_counted: bool) {
        let now = self.tick().1;
        let mut products = self.products.iter_mut().map(|stored| &mut stored.product);
        if let Some(product) = products.find(|product| product.id == review.product_id) {
            let count = &mut product.rating.distribution[usize::from(review.rating.get()) - 1];
            *count = if is_counted { *count + 1 } else { *count - 1 };
            product.version += 1;
            product.updated_at = now;
        }
    }
}

#[async_trait]
impl ReviewRepository for InMemoryShop {
    async fn list(&self, query: &ReviewQuery) -> Result<ReviewPage, ReviewError> {
        let state = self.state();
        let product = query.product.as_ref().map(|slug| state.active(slug));
        let product = product.transpose()?;
        let mut items = state.reviews.clone();
        items.retain(|review| {
            product.is_none_or(|product| review.product_id == product)
                && query
                    .verified
                    .wanted()
                    .is_none_or(|wanted| review.is_verified == wanted)
                && query.rating.is_none_or(|rating| review.rating == rating)
        });
        let at = |review: &Review| (review.created_at, review.id);
        items.sort_by(|a, b| match query.sort {
            ReviewSort::Newest => at(b).cmp(&at(a)),
            ReviewSort::Oldest => at(a).cmp(&at(b)),
            ReviewSort::RatingDesc => b.rating.cmp(&a.rating).then(at(b).cmp(&at(a))),
            ReviewSort::RatingAsc => a.rating.cmp(&b.rating).then(at(b).cmp(&at(a))),
        });
        let total = Total::of_bounded_count(items.len().try_into().unwrap_or(u32::MAX));
        let page = items.into_iter().skip(query.offset as usize);
        Ok(ReviewPage {
            items: page.take(query.limit.get() as usize).collect(),
            total,
        })
    }

    async fn create(
        &self,
        product: &Slug,
        review: Valid<NewReview>,
    ) -> Result<Review, ReviewError> {
        let new = review.into_inner();
        let mut state = self.state();
        let product_id = state.active(product)?;
        let (id, created_at) = state.tick();
        let is_same = |other: &Review| {
            other.product_id == product_id
                && other.reviewer_name == new.reviewer_name
                && other.comment == new.comment
                && other.created_at > created_at - Duration::days(1)
        };
        if state.reviews.iter().any(is_same) {
            return Err(ReviewError::Duplicate);
        }
        let rating = Stars::new(new.rating);
        let review = Review {
            id: ReviewId(id),
            product_id,
            reviewer_name: new.reviewer_name,
            reviewer_image_url: new.reviewer_image_url,
            rating: rating.map_err(|error| StoreError::Unexpected(Box::new(error)))?,
            comment: new.comment,
            image_url: new.image_url,
            video_url: new.video_url,
            is_verified: false,
            created_at,
        };
        state.reviews.push(review.clone());
        Ok(review)
    }

    async fn set_verified(
        &self,
        review: ReviewId,
        is_verified: bool,
    ) -> Result<Review, ReviewError> {
        let mut state = self.state();
        let mut reviews = state.reviews.iter_mut();
        let found = reviews.find(|other| other.id == review);
        let found = found.ok_or(ReviewError::NotFound)?;
        let was_verified = std::mem::replace(&mut found.is_verified, is_verified);
        let review = found.clone();
        if was_verified != is_verified {
            state.count(&review, is_verified);
        }
        Ok(review)
    }

    async fn remove(&self, review: ReviewId) -> Result<(), ReviewError> {
        let mut state = self.state();
        let at = state.reviews.iter().position(|other| other.id == review);
        let removed = state.reviews.remove(at.ok_or(ReviewError::NotFound)?);
        if removed.is_verified {
            state.count(&removed, false);
        }
        Ok(())
    }
}
