use super::{Review, Stars};
use crate::Slug;
use crate::products::{PageSize, Total};

/// Which reviews are asked for, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewQuery {
    /// Of the product of this slug only, which must be active.
    pub product: Option<Slug>,
    /// Verified ones or others.
    pub verified: VerifiedFilter,
    /// Those of so many stars only.
    pub rating: Option<Stars>,
    /// In which order.
    pub sort: ReviewSort,
    /// How many are skipped.
    pub offset: u32,
    /// How many a page has at most.
    pub limit: PageSize,
}

/// Which reviews are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerifiedFilter {
    /// Those that the public sees.
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

/// A part of a list of reviews.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewPage {
    /// The reviews.
    pub items: Vec<Review>,
    /// How many there are in the whole list.
    pub total: Total,
}
