use time::OffsetDateTime;

use super::{Review, ReviewId, Stars};
use crate::Slug;
use crate::products::{PageSize, ProductId, Start, Total};

/// Which reviews are asked for, and how; by default those that the public sees, the latest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
#[non_exhaustive]
pub struct ReviewQuery {
    /// Of the product of this slug only.
    pub product: Option<Slug>,
    /// Whether that may be a product which the public doesn't see.
    pub of_inactive: bool,
    /// Verified ones or others.
    pub verified: VerifiedFilter,
    /// Those of so many stars only.
    pub rating: Option<Stars>,
    /// In which order.
    pub sort: ReviewSort,
    /// Where the page begins.
    pub start: Start<ReviewCursor>,
    /// How many a page has at most.
    pub limit: PageSize,
}

impl ReviewQuery {
    /// A name of the list that this asks a page of, the same for all its pages.
    pub fn list_name(&self) -> String {
        let Self {
            product,
            of_inactive: _,
            verified,
            rating,
            sort,
            start: _,
            limit: _,
        } = self;
        let product = product.as_ref().map_or("", |slug| slug.as_str());
        let rating = rating.map_or(0, Stars::get);
        let (sort, verified) = (sort.as_str(), verified.as_str());
        format!("reviews {product} {verified} {rating} {sort}")
    }
}

/// Which reviews are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum VerifiedFilter {
    /// Those that the public sees.
    #[default]
    Verified,
    /// Those that wait for a moderator.
    Unverified,
    /// All.
    All,
}

impl VerifiedFilter {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::Verified, Self::Unverified, Self::All];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Verified => "true",
            Self::Unverified => "false",
            Self::All => "all",
        }
    }

    /// What a review must be, if it matters.
    pub fn wanted(self) -> Option<bool> {
        match self {
            Self::Verified => Some(true),
            Self::Unverified => Some(false),
            Self::All => None,
        }
    }
}

/// The order of reviews; ties are broken by id, in the direction of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum ReviewSort {
    /// The latest first.
    #[default]
    Newest,
    /// The earliest first.
    Oldest,
    /// The best first, the latest of equal ones.
    RatingDesc,
    /// The worst first, the latest of equal ones.
    RatingAsc,
}

impl ReviewSort {
    /// Every order.
    pub const ALL: [Self; 4] = [
        Self::Newest,
        Self::Oldest,
        Self::RatingDesc,
        Self::RatingAsc,
    ];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Oldest => "oldest",
            Self::RatingDesc => "rating-desc",
            Self::RatingAsc => "rating-asc",
        }
    }
}

/// A place in a list of reviews, whatever its order: behind the review of which this was so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ReviewCursor {
    /// How many stars it gave.
    pub rating: Stars,
    /// When it was written.
    #[cfg_attr(feature = "serde", serde(with = "time::serde::rfc3339"))]
    pub created_at: OffsetDateTime,
    /// Its identity.
    pub id: ReviewId,
}

impl ReviewCursor {
    /// The place right behind a review.
    pub fn after(review: &Review) -> Self {
        Self {
            rating: review.rating,
            created_at: review.created_at,
            id: review.id,
        }
    }
}

/// A part of a list of reviews.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ReviewPage {
    /// The reviews, each with its product.
    pub items: Vec<(Review, ReviewedProduct)>,
    /// How many there are in the whole list.
    pub total: Total,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<ReviewCursor>,
}

/// What a list of reviews says of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ReviewedProduct {
    /// Its identity.
    pub id: ProductId,
    /// Where it is found.
    pub slug: Slug,
    /// Its name.
    pub name: String,
}

/// What a moderator decides of a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Decision {
    /// The public sees it, and it counts.
    Verify,
    /// That is taken back.
    Unverify,
    /// It is removed for good.
    Delete,
}

impl Decision {
    /// Every decision.
    pub const ALL: [Self; 3] = [Self::Verify, Self::Unverify, Self::Delete];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Verify => "verify",
            Self::Unverify => "unverify",
            Self::Delete => "delete",
        }
    }
}
