use std::fmt;
use std::sync::Arc;

use garde::Valid;

use super::{
    Decision, NewReview, Review, ReviewError, ReviewId, ReviewPage, ReviewQuery, ReviewRepository,
};
use crate::{Slug, StoreError};

/// What can be done with reviews. Who may moderate them is the caller's to check.
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

    /// Takes a review, which waits for a moderator from then on.
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

    /// Lets a review through, or takes that back.
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

    /// Removes a review.
    ///
    /// # Errors
    /// [`ReviewError::NotFound`].
    pub async fn remove(&self, review: ReviewId) -> Result<(), ReviewError> {
        match self.store.decide(&[review], Decision::Delete).await?[..] {
            [true] => Ok(()),
            _ => Err(ReviewError::NotFound),
        }
    }

    /// Decides of several reviews in one step, and says of each whether there is such a review.
    ///
    /// # Errors
    /// When the store did not answer.
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
