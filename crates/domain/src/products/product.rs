use std::collections::BTreeMap;
use std::fmt;

use rust_decimal::Decimal;
use time::OffsetDateTime;

use super::{Food, Gtin, NetContent, ProductOption, Seo, Sku, UnitPrice};
use crate::categories::CategoryId;
use crate::images::StoredImage;
use crate::{Price, Slug};

/// Identifies a product. Ids are never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct ProductId(pub i32);

impl fmt::Display for ProductId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Maximum number of images of a product.
pub const MAX_IMAGES: usize = 20;

/// A product of the shop.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Product {
    /// The id.
    pub id: ProductId,
    /// The name: ASCII letters, digits, spaces, `-` and `_`.
    pub name: String,
    /// The name in URLs.
    pub slug: Slug,
    /// A short description.
    pub description: String,
    /// Details such as nutrition, storage and allergens.
    pub details: String,
    /// The price of one unit.
    pub price: Price,
    /// Absolute URLs of its images, the main image first.
    pub images: Vec<String>,
    /// For each of [`images`](Self::images), in the same order, what is recorded about it; `None` for an image that is
    /// not in the image store.
    pub media: Vec<Option<StoredImage>>,
    /// The ingredients, largest share first.
    pub ingredients: Vec<String>,
    /// The quantity in stock.
    pub stock_quantity: i32,
    /// Whether it is public.
    pub is_active: bool,
    /// When it becomes active, once.
    #[cfg_attr(feature = "serde", serde(with = "time::serde::rfc3339::option"))]
    pub publish_at: Option<OffsetDateTime>,
    /// When it becomes inactive, once. After [`publish_at`](Self::publish_at).
    #[cfg_attr(feature = "serde", serde(with = "time::serde::rfc3339::option"))]
    pub unpublish_at: Option<OffsetDateTime>,
    /// The stock at which it is time to order more.
    pub low_stock_at: Option<i32>,
    /// What people read, in any letters; `None` for the [name](Self::name).
    pub title: Option<String>,
    /// The shop's own number. Unique without regard to case.
    pub sku: Option<Sku>,
    /// The number of its barcode. Unique.
    pub gtin: Option<Gtin>,
    /// The brand; `None` for that of the shop.
    pub brand: Option<String>,
    /// The price before a reduction, above [`price`](Self::price).
    pub list_price: Option<Price>,
    /// How much one unit contains.
    pub net_content: Option<NetContent>,
    /// Allergens, nutrition and other facts of a food.
    pub food: Option<Food>,
    /// The group whose products are variants of one another.
    pub group: Option<Slug>,
    /// In what it differs from its variants, at most three.
    pub options: Vec<ProductOption>,
    /// What its images show, by their URLs.
    pub alt_texts: BTreeMap<String, String>,
    /// What search engines show.
    pub seo: Seo,
    /// The active categories that it belongs to, by name.
    pub categories: Vec<CategoryRef>,
    /// The rating by verified reviews.
    pub rating: Rating,
    /// Starts at 1 and is incremented by each change of what the product shows.
    pub version: i32,
    /// The time of creation.
    #[cfg_attr(feature = "serde", serde(with = "time::serde::rfc3339"))]
    pub created_at: OffsetDateTime,
    /// The time of the last change.
    #[cfg_attr(feature = "serde", serde(with = "time::serde::rfc3339"))]
    pub updated_at: OffsetDateTime,
}

impl Product {
    /// A product with version 1, active and sold out, without optional data.
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
            publish_at: None,
            unpublish_at: None,
            low_stock_at: None,
            title: None,
            sku: None,
            gtin: None,
            brand: None,
            list_price: None,
            net_content: None,
            food: None,
            group: None,
            options: vec![],
            alt_texts: BTreeMap::new(),
            seo: Seo::default(),
            categories: vec![],
            rating: Rating::default(),
            version: 1,
            created_at,
            updated_at: created_at,
        }
    }

    /// Whether it is not sold out, but at [`low_stock_at`](Self::low_stock_at) or below.
    pub fn is_low_in_stock(&self) -> bool {
        let line = self.low_stock_at;
        self.stock_quantity > 0 && line.is_some_and(|line| self.stock_quantity <= line)
    }

    /// What people read: the title or else the name.
    pub fn shown_title(&self) -> &str {
        self.title.as_deref().unwrap_or(&self.name)
    }

    /// The grams of protein in 100 g or 100 ml.
    pub fn protein(&self) -> Option<Decimal> {
        self.food.as_ref()?.nutrition.as_ref()?.protein
    }

    /// The price of 1 kg, 1 l or one piece.
    pub fn unit_price(&self) -> Option<UnitPrice> {
        Some(self.net_content?.unit_price(self.price))
    }

    /// The price of 100 g of protein.
    pub fn protein_price(&self) -> Option<Decimal> {
        let nutrition = self.food.as_ref()?.nutrition.as_ref()?;
        self.net_content?.protein_price(self.price, nutrition)
    }

    /// The id with the version.
    pub fn revision(&self) -> Revision {
        Revision {
            id: self.id,
            version: self.version,
        }
    }
}

/// A category as its products show it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct CategoryRef {
    /// The name.
    pub name: String,
    /// The slug.
    pub slug: Slug,
    /// The id.
    pub id: CategoryId,
}

/// The number of verified reviews with 1, 2, 3, 4 and 5 stars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Rating {
    /// The counts from one star to five stars.
    pub distribution: [u32; 5],
}

impl Rating {
    /// The number of verified reviews.
    pub fn count(self) -> u64 {
        self.distribution.iter().copied().map(u64::from).sum()
    }

    /// The sum of all stars.
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
        // The division has integer operands in hundredths, so the quotient is the float nearest to a number with two
        // decimals.
        (count > 0).then(|| ((self.sum() * 200 + count) / (2 * count)) as f64 / 100.0)
    }

    /// The mean in millionths of a star, rounded down; 0 without reviews. Sorting by rating compares it.
    pub fn score(self) -> i32 {
        let millionths = (self.sum() * 1_000_000)
            .checked_div(self.count())
            .unwrap_or(0);
        i32::try_from(millionths).unwrap_or(i32::MAX)
    }
}

/// One state of a product, or of another resource with another type of id. An id is never reused, so a revision never
/// recurs, even if a resource is removed and created again with the same slug.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Revision<Id = ProductId> {
    /// The id.
    pub id: Id,
    /// The version.
    pub version: i32,
}

/// The state that the caller of a write expects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected<Id = ProductId> {
    /// Any state.
    Any,
    /// One of these revisions. An empty list matches none.
    OneOf(Vec<Revision<Id>>),
}

impl<Id: Copy + PartialEq> Expected<Id> {
    /// Whether a resource with this revision may be written.
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
