use async_trait::async_trait;
use garde::Valid;

use super::{Decision, NewReview, Review, ReviewId, ReviewPage, ReviewQuery};
use crate::{Slug, StoreError};

/// Why a review was not read or written. A failed write has no effect.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// There is no review with this id.
    #[error("there is no such review")]
    NotFound,
    /// There is no active product with this slug.
    #[error("there is no such product")]
    ProductNotFound,
    /// The same reviewer wrote the same comment about the same product within a day.
    #[error("the same was said before")]
    Duplicate,
    /// The store is unavailable or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Stores reviews. Writes are atomic, and durable once they return.
///
/// The rating of a product always is that of its verified reviews, also with concurrent writes. A write that changes
/// the rating increments the product's version in the same transaction; no other write of reviews does.
#[async_trait]
pub trait ReviewRepository: Send + Sync {
    /// One page of reviews. Paging by cursor shows no review twice, and shows every review that exists all the time,
    /// whatever is written or deleted meanwhile.
    ///
    /// # Errors
    /// [`ReviewError::ProductNotFound`] if the reviews of a single product are selected and it does not exist.
    async fn list(&self, query: &ReviewQuery) -> Result<ReviewPage, ReviewError>;

    /// Creates an unverified review.
    ///
    /// # Errors
    /// [`ReviewError::ProductNotFound`] takes precedence over [`ReviewError::Duplicate`]. If two concurrent calls
    /// create the same review, one of them succeeds.
    async fn create(&self, product: &Slug, review: Valid<NewReview>)
    -> Result<Review, ReviewError>;

    /// Verifies a review or reverts that.
    ///
    /// # Errors
    /// [`ReviewError::NotFound`].
    async fn set_verified(
        &self,
        review: ReviewId,
        is_verified: bool,
    ) -> Result<Review, ReviewError>;

    /// Applies decisions about several reviews in one transaction, and returns for each whether the review exists. The
    /// version of a product whose rating changes is incremented once.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn decide(
        &self,
        reviews: &[ReviewId],
        decision: Decision,
    ) -> Result<Vec<bool>, StoreError>;
}
