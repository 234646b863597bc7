//! Reviews of products by customers.

mod input;
mod query;
mod repository;
mod review;
mod service;

pub use input::NewReview;
pub use query::{
    Decision, ReviewCursor, ReviewPage, ReviewQuery, ReviewSort, ReviewedProduct, VerifiedFilter,
};
pub use repository::{ReviewError, ReviewRepository};
pub use review::{InvalidStars, Review, ReviewId, Stars};
pub use service::ReviewService;
