use std::fmt;

use time::OffsetDateTime;

use crate::categories::CategoryId;
use crate::images::StoredImage;
use crate::{Price, Slug};

/// Identifies a product for as long as its row exists; never given to another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct ProductId(pub i32);

impl fmt::Display for ProductId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How many images a product has at most.
pub const MAX_IMAGES: usize = 20;

/// A product as it stands in the shop.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Product {
    /// Its identity.
    pub id: ProductId,
    /// Its name: ASCII letters, digits, space, `-` and `_`.
    pub name: String,
    /// Where it is found.
    pub slug: Slug,
    /// What it is, in a few sentences.
    pub description: String,
    /// All there is to know: nutrition, storage, allergens.
    pub details: String,
    /// What one costs.
    pub price: Price,
    /// Absolute URLs of its pictures, the first one leading.
    pub images: Vec<String>,
    /// What is known of each of [`images`](Self::images), in the same order; `None` of one that is not in the image
    /// store.
    pub media: Vec<Option<StoredImage>>,
    /// What it is made of, most first.
    pub ingredients: Vec<String>,
    /// How many can be sold.
    pub stock_quantity: i32,
    /// Whether the public sees it.
    pub is_active: bool,
    /// The active categories that it stands in, by name.
    pub categories: Vec<CategoryRef>,
    /// What verified reviews say.
    pub rating: Rating,
    /// Starts at 1 and grows by one with every change of what the product shows.
    pub version: i32,
    /// When it was made.
    #[cfg_attr(feature = "serde", serde(with = "time::serde::rfc3339"))]
    pub created_at: OffsetDateTime,
    /// When it was last changed.
    #[cfg_attr(feature = "serde", serde(with = "time::serde::rfc3339"))]
    pub updated_at: OffsetDateTime,
}

impl Product {
    /// A product without anything that it may lack: in its first version, active and sold out.
    pub fn new(
        id: ProductId,
        name: String,
        slug: Slug,
        price: Price,
        created_at: OffsetDateTime,
    ) -> Self {
        Self {
            id,
            name,
            slug,
            description: String::new(),
            details: String::new(),
            price,
            images: vec![],
            media: vec![],
            ingredients: vec![],
            stock_quantity: 0,
            is_active: true,
            categories: vec![],
            rating: Rating::default(),
            version: 1,
            created_at,
            updated_at: created_at,
        }
    }

    /// The product's identity together with its version.
    pub fn revision(&self) -> Revision {
        Revision {
            id: self.id,
            version: self.version,
        }
    }
}

/// What a product says of a category that it stands in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct CategoryRef {
    /// Its name.
    pub name: String,
    /// Its slug.
    pub slug: Slug,
    /// Its identity.
    pub id: CategoryId,
}

/// How many verified reviews gave 1, 2, 3, 4 and 5 stars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Rating {
    /// The count of one star first, of five stars last.
    pub distribution: [u32; 5],
}

impl Rating {
    /// How many verified reviews there are.
    pub fn count(self) -> u64 {
        self.distribution.iter().copied().map(u64::from).sum()
    }

    /// All stars together.
    pub fn sum(self) -> u64 {
        (1..)
            .zip(self.distribution)
            .map(|(stars, count)| stars * u64::from(count))
            .sum()
    }

    /// The mean in stars, rounded to two decimals; `None` without a verified review.
    ///
    /// ```
    /// use eggypro_domain::products::Rating;
    ///
    /// assert_eq!(Rating { distribution: [0, 0, 1, 2, 9] }.average(), Some(4.67));
    /// ```
    pub fn average(self) -> Option<f64> {
        let count = self.count();
        // Whole hundredths, so that the quotient is the nearest float of a number with two decimals.
        (count > 0).then(|| ((self.sum() * 200 + count) / (2 * count)) as f64 / 100.0)
    }

    /// The mean in millionths of a star, rounded down, and 0 without a review: what sorting by rating compares.
    pub fn score(self) -> i32 {
        let millionths = (self.sum() * 1_000_000)
            .checked_div(self.count())
            .unwrap_or(0);
        i32::try_from(millionths).unwrap_or(i32::MAX)
    }
}

/// One state of one product or, by another kind of id, of one of something else. What is removed and made anew under
/// the same slug has another identity, so a revision never comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Revision<Id = ProductId> {
    /// Which one.
    pub id: Id,
    /// Which of its versions.
    pub version: i32,
}

/// Which state the caller of a write has seen and expects to still hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected<Id = ProductId> {
    /// Whatever it is.
    Any,
    /// One of these; an empty list never holds.
    OneOf(Vec<Revision<Id>>),
}

impl<Id: Copy + PartialEq> Expected<Id> {
    /// Whether what is in this state may be written.
    pub fn holds_for(&self, revision: Revision<Id>) -> bool {
        match self {
            Self::Any => true,
            Self::OneOf(revisions) => revisions.contains(&revision),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_reviews_have_no_average() {
        assert_eq!(Rating::default().average(), None);
        assert_eq!(Rating::default().score(), 0);
    }

    #[test]
    fn average_is_rounded_to_two_decimals() {
        let rating = Rating {
            distribution: [1, 0, 0, 0, 2],
        };
        assert_eq!((rating.count(), rating.sum()), (3, 11));
        assert_eq!(rating.average(), Some(3.67));
        assert_eq!(rating.score(), 3_666_666);
    }

    #[test]
    fn an_empty_list_of_revisions_never_holds() {
        let revision = Revision {
            id: ProductId(1),
            version: 1,
        };
        assert!(!Expected::OneOf(vec![]).holds_for(revision));
        assert!(Expected::OneOf(vec![revision]).holds_for(revision));
        assert!(Expected::Any.holds_for(revision));
    }
}
