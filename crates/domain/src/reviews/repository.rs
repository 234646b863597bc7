use async_trait::async_trait;
use garde::Valid;

use super::{Decision, NewReview, Review, ReviewId, ReviewPage, ReviewQuery};
use crate::{Slug, StoreError};

/// Why a review was not read or written. Nothing of a write happened.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// There is no review of this id.
    #[error("there is no such review")]
    NotFound,
    /// There is no active product of this slug.
    #[error("there is no such product")]
    ProductNotFound,
    /// The same reviewer said the same of the same product within a day.
    #[error("the same was said before")]
    Duplicate,
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Where reviews are kept. A write is whole or not at all, and what it returned is kept from then on. A product's rating
/// is that of its verified reviews, whoever writes at the same time: a write that changes it also raises the product's
/// version, in the same step, and no other write does.
#[async_trait]
pub trait ReviewRepository: Send + Sync {
    /// One page of reviews. A cursor shows each review at most once, and every review that was there all the time exactly
    /// once, whatever is written or removed meanwhile.
    ///
    /// # Errors
    /// [`ReviewError::ProductNotFound`] where the reviews of one product are asked for.
    async fn list(&self, query: &ReviewQuery) -> Result<ReviewPage, ReviewError>;

    /// Makes a review that is not verified.
    ///
    /// # Errors
    /// [`ReviewError::ProductNotFound`] before [`ReviewError::Duplicate`]; the latter also when another call says the
    /// same at the same time: one of them wins.
    async fn create(&self, product: &Slug, review: Valid<NewReview>)
    -> Result<Review, ReviewError>;

    /// Lets a review through, or takes that back.
    ///
    /// # Errors
    /// [`ReviewError::NotFound`].
    async fn set_verified(
        &self,
        review: ReviewId,
        is_verified: bool,
    ) -> Result<Review, ReviewError>;

    /// Decides of several reviews in one step, and says of each whether there is such a review. A product whose rating
    /// changes gets one new version.
    ///
    /// # Errors
    /// When the store did not answer.
    async fn decide(
        &self,
        reviews: &[ReviewId],
        decision: Decision,
    ) -> Result<Vec<bool>, StoreError>;
}
