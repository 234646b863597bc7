mod stars;

use time::OffsetDateTime;

use crate::products::ProductId;

pub use self::stars::{InvalidStars, Stars};

/// Identifies a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct ReviewId(pub i32);

/// A review of a product by a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Review {
    /// The id.
    pub id: ReviewId,
    /// The id of the product.
    pub product_id: ProductId,
    /// The name of the customer.
    pub reviewer_name: String,
    /// The URL of a picture of the customer.
    pub reviewer_image_url: Option<String>,
    /// The rating.
    pub rating: Stars,
    /// The text.
    pub comment: String,
    /// The URL of an image that belongs to the review.
    pub image_url: Option<String>,
    /// The URL of a video that belongs to the review.
    pub video_url: Option<String>,
    /// Whether a moderator verified it. Only verified reviews are public and count towards the rating.
    pub is_verified: bool,
    /// When it was written.
    #[cfg_attr(feature = "serde", serde(with = "time::serde::rfc3339"))]
    pub created_at: OffsetDateTime,
}

impl Review {
    /// An unverified review without URLs.
    pub fn new(
        id: ReviewId,
        product_id: ProductId,
        reviewer_name: String,
        rating: Stars,
        comment: String,
        created_at: OffsetDateTime,
    ) -> Self {
        Self {
            id,
            product_id,
            reviewer_name,
            reviewer_image_url: None,
            rating,
            comment,
            image_url: None,
            video_url: None,
            is_verified: false,
            created_at,
        }
    }
}
