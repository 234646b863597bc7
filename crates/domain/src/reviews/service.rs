use std::fmt;
use std::sync::Arc;

use garde::Valid;

use super::{
    Decision, NewReview, Review, ReviewError, ReviewId, ReviewPage, ReviewQuery, ReviewRepository,
};
use crate::{Slug, StoreError};

/// The use cases of reviews. The caller checks who may moderate.
#[derive(Clone)]
pub struct ReviewService {
    store: Arc<dyn ReviewRepository>,
}

impl ReviewService {
    /// A service over this store.
    pub fn new(store: Arc<dyn ReviewRepository>) -> Self {
        Self { store }
    }

    /// One page of reviews.
    ///
    /// # Errors
    /// See [`ReviewRepository::list`].
    pub async fn list(&self, query: &ReviewQuery) -> Result<ReviewPage, ReviewError> {
        self.store.list(query).await
    }

    /// Creates a review, which waits for a moderator.
    ///
    /// # Errors
    /// See [`ReviewRepository::create`].
    pub async fn create(
        &self,
        product: &Slug,
        review: Valid<NewReview>,
    ) -> Result<Review, ReviewError> {
        self.store.create(product, review).await
    }

    /// Verifies a review or reverts that.
    ///
    /// # Errors
    /// [`ReviewError::NotFound`].
    pub async fn set_verified(
        &self,
        review: ReviewId,
        is_verified: bool,
    ) -> Result<Review, ReviewError> {
        self.store.set_verified(review, is_verified).await
    }

    /// Deletes a review.
    ///
    /// # Errors
    /// [`ReviewError::NotFound`].
    pub async fn remove(&self, review: ReviewId) -> Result<(), ReviewError> {
        match self.store.decide(&[review], Decision::Delete).await?[..] {
            [true] => Ok(()),
            _ => Err(ReviewError::NotFound),
        }
    }

    /// Applies decisions about several reviews in one transaction, and returns for each whether the review exists.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    pub async fn decide(
        &self,
        reviews: &[ReviewId],
        decision: Decision,
    ) -> Result<Vec<bool>, StoreError> {
        self.store.decide(reviews, decision).await
    }
}

impl fmt::Debug for ReviewService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReviewService").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use garde::Unvalidated;
    use pollster::block_on;

    use super::*;
    use crate::products::{NewProduct, ProductService};
    use crate::testing::InMemoryShop;

    #[test]
    fn a_review_is_decided_and_removed_once() {
        let shop = Arc::<InMemoryShop>::default();
        let products = ProductService::new(shop.clone(), shop.clone());
        let product = Unvalidated::new(NewProduct::example()).validate().unwrap();
        let product = block_on(products.create(product)).unwrap();
        let reviews = ReviewService::new(shop);
        let review = Unvalidated::new(NewReview::example()).validate().unwrap();
        let review = block_on(reviews.create(&product.slug, review)).unwrap();
        let unknown = ReviewId(review.id.0 + 1);
        let decided = block_on(reviews.decide(&[unknown, review.id], Decision::Verify));
        assert_eq!(decided.unwrap(), [false, true]);
        block_on(reviews.remove(review.id)).unwrap();
        let gone = block_on(reviews.remove(review.id));
        assert!(matches!(gone, Err(ReviewError::NotFound)));
    }
}
