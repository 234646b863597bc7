use std::fmt;

use time::OffsetDateTime;

use crate::products::ProductId;

/// Identifies a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct ReviewId(pub i32);

/// What a customer said of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Review {
    /// Its identity.
    pub id: ReviewId,
    /// Of which product.
    pub product_id: ProductId,
    /// Who says so.
    pub reviewer_name: String,
    /// Where a picture of them is.
    pub reviewer_image_url: Option<String>,
    /// How many stars.
    pub rating: Stars,
    /// What they say.
    pub comment: String,
    /// Where a picture is that goes with it.
    pub image_url: Option<String>,
    /// Where a film is that goes with it.
    pub video_url: Option<String>,
    /// Whether a moderator let it through; only then the public sees it and it counts.
    pub is_verified: bool,
    /// When it was written.
    #[cfg_attr(feature = "serde", serde(with = "time::serde::rfc3339"))]
    pub created_at: OffsetDateTime,
}

impl Review {
    /// A review that waits for a moderator, without any address.
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

/// A rating of 1 to 5 stars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "i64", into = "i64"))]
pub struct Stars(u8);

/// A number is no rating.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Rating must be between 1 and 5")]
pub struct InvalidStars;

impl Stars {
    /// How many.
    pub fn get(self) -> u8 {
        self.0
    }
}

impl fmt::Display for Stars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl TryFrom<i64> for Stars {
    type Error = InvalidStars;

    fn try_from(stars: i64) -> Result<Self, InvalidStars> {
        match u8::try_from(stars) {
            Ok(stars @ 1..=5) => Ok(Self(stars)),
            _ => Err(InvalidStars),
        }
    }
}

impl From<Stars> for i64 {
    fn from(stars: Stars) -> Self {
        stars.0.into()
    }
}
