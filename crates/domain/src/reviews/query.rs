use time::OffsetDateTime;

use super::{Review, ReviewId, Stars};
use crate::Slug;
use crate::products::{PageSize, ProductId, Start, Total};

/// Selects a page of reviews. The default is the first page of public reviews, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
#[non_exhaustive]
pub struct ReviewQuery {
    /// Only reviews of the product with this slug.
    pub product: Option<Slug>,
    /// Whether [`product`](Self::product) may be inactive.
    pub of_inactive: bool,
    /// Verified or unverified reviews, or all.
    pub verified: VerifiedFilter,
    /// Only reviews with this rating.
    pub rating: Option<Stars>,
    /// The order.
    pub sort: ReviewSort,
    /// Where the page begins.
    pub start: Start<ReviewCursor>,
    /// Maximum number of reviews on the page.
    pub limit: PageSize,
}

impl ReviewQuery {
    /// A name of the whole list, which is the same for all its pages.
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

/// Whether verified or unverified reviews are selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum VerifiedFilter {
    /// Verified reviews, which are public.
    #[default]
    Verified,
    /// Reviews that wait for a moderator.
    Unverified,
    /// All reviews.
    All,
}

impl VerifiedFilter {
    /// All choices.
    pub const ALL: [Self; 3] = [Self::Verified, Self::Unverified, Self::All];

    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Verified => "true",
            Self::Unverified => "false",
            Self::All => "all",
        }
    }

    /// The required value of [`Review::is_verified`], or `None` if both are accepted.
    pub fn wanted(self) -> Option<bool> {
        match self {
            Self::Verified => Some(true),
            Self::Unverified => Some(false),
            Self::All => None,
        }
    }
}

/// The order of reviews. Ties are broken by id, newer or older first like the dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum ReviewSort {
    /// Newest first.
    #[default]
    Newest,
    /// Oldest first.
    Oldest,
    /// Best rating first, then newest first.
    RatingDesc,
    /// Worst rating first, then newest first.
    RatingAsc,
}

impl ReviewSort {
    /// All orders.
    pub const ALL: [Self; 4] = [
        Self::Newest,
        Self::Oldest,
        Self::RatingDesc,
        Self::RatingAsc,
    ];

    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Oldest => "oldest",
            Self::RatingDesc => "rating-desc",
            Self::RatingAsc => "rating-asc",
        }
    }
}

/// A page anchor: the position after a review in a list, in any order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ReviewCursor {
    /// The rating of the review.
    pub rating: Stars,
    /// When the review was written.
    #[cfg_attr(feature = "serde", serde(with = "time::serde::rfc3339"))]
    pub created_at: OffsetDateTime,
    /// The id of the review.
    pub id: ReviewId,
}

impl ReviewCursor {
    /// The position right after a review.
    pub fn after(review: &Review) -> Self {
        Self {
            rating: review.rating,
            created_at: review.created_at,
            id: review.id,
        }
    }
}

/// One page of a list of reviews.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ReviewPage {
    /// The reviews, each with its product.
    pub items: Vec<(Review, ReviewedProduct)>,
    /// The number of reviews in the whole list.
    pub total: Total,
    /// Where the next page begins; `None` on the last page.
    pub next: Option<ReviewCursor>,
}

/// The product of a review in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ReviewedProduct {
    /// The id.
    pub id: ProductId,
    /// The slug.
    pub slug: Slug,
    /// The name.
    pub name: String,
}

/// A moderator's decision about a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Decision {
    /// Verifies the review: it becomes public and counts towards the rating.
    Verify,
    /// Reverts the verification.
    Unverify,
    /// Deletes the review permanently.
    Delete,
}

impl Decision {
    /// All decisions.
    pub const ALL: [Self; 3] = [Self::Verify, Self::Unverify, Self::Delete];

    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Verify => "verify",
            Self::Unverify => "unverify",
            Self::Delete => "delete",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn lists_have_names_of_their_own_and_pages_share_them() {
        let of = |change: fn(&mut ReviewQuery)| {
            let mut query = ReviewQuery::default();
            change(&mut query);
            query.list_name()
        };
        let lists = [
            of(|_| ()),
            of(|query| query.product = "bar".parse().ok()),
            of(|query| query.verified = VerifiedFilter::All),
            of(|query| query.verified = VerifiedFilter::Unverified),
            of(|query| query.rating = Stars::try_from(1).ok()),
            of(|query| query.rating = Stars::try_from(2).ok()),
            of(|query| query.sort = ReviewSort::Oldest),
        ];
        assert_eq!(
            BTreeSet::from(lists.clone()).len(),
            lists.len(),
            "{lists:?}"
        );
        assert_eq!(of(|query| query.start = Start::Offset(10)), lists[0]);
    }
}
