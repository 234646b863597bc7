use std::fmt;

use rust_decimal::Decimal;
use time::OffsetDateTime;

use super::{Facet, FacetSet, Facets, NameKey, Product, ProductId, SearchText};
use crate::{Price, Slug};

/// How many rows a page may skip; who wants to go further uses a [`Cursor`].
pub const MAX_OFFSET: u32 = 10_000;

/// Maximum that stores count to row by row, so that the cost of a page does not depend on the length of its list.
pub const COUNT_LIMIT: u32 = 10_000;

/// Which products are wanted, in which order, and which part of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
#[non_exhaustive]
pub struct ProductQuery {
    /// Which products.
    pub filter: ProductFilter,
    /// In which order; ties are broken by id in the same direction.
    pub sort: ProductSort,
    /// Where the page begins.
    pub start: Start,
    /// How many at most.
    pub limit: PageSize,
    /// The facets to count. Each facet ignores its own part of the filter.
    pub facets: FacetSet,
}

/// Which products are wanted. The default is every product that the public may see.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
#[non_exhaustive]
pub struct ProductFilter {
    /// Only those in one of these categories, of which inactive and unknown ones have none; whatever category if none is
    /// given.
    pub categories: Vec<Slug>,
    /// Only these; all if none is given.
    pub ids: Vec<ProductId>,
    /// Only those whose name or description contains this text, in any case.
    pub contains: Option<SearchText>,
    /// Only those with a stock of 1 or more.
    pub in_stock: bool,
    /// Only those that cost at least this.
    pub min_price: Option<Decimal>,
    /// Only those that cost at most this.
    pub max_price: Option<Decimal>,
    /// Only those that have at least so many stars by their [average](super::Rating::average).
    pub min_rating: Option<Decimal>,
    /// Active ones, inactive ones or all.
    pub status: StatusFilter,
}

impl ProductFilter {
    /// The lowest [score](super::Rating::score) that meets [`min_rating`](Self::min_rating), as averages are rounded.
    pub fn min_score(&self) -> Option<i32> {
        let stars = self.min_rating.filter(|stars| *stars > Decimal::ZERO)?;
        let score = stars * Decimal::from(1_000_000) - Decimal::from(5_000);
        Some(score.ceil().try_into().unwrap_or(i32::MAX))
    }

    /// Whether a product matches.
    pub fn admits(&self, product: &Product) -> bool {
        let Self {
            categories,
            ids,
            contains,
            in_stock,
            min_price,
            max_price,
            min_rating: _,
            status,
        } = self;
        let price = product.price.amount();
        let stands_in = |slug: &Slug| product.categories.iter().any(|of| of.slug == *slug);
        status.admits(product.is_active)
            && (!in_stock || product.stock_quantity > 0)
            && min_price.is_none_or(|minimum| price >= minimum)
            && max_price.is_none_or(|maximum| price <= maximum)
            && (ids.is_empty() || ids.contains(&product.id))
            && (categories.is_empty() || categories.iter().any(stands_in))
            && self
                .min_score()
                .is_none_or(|score| product.rating.score() >= score)
            && contains.as_ref().is_none_or(|text| text.is_in(product))
    }

    /// The filter without the part that belongs to a facet.
    #[must_use]
    pub fn without(&self, facet: Facet) -> Self {
        let mut filter = self.clone();
        match facet {
            Facet::Category => filter.categories.clear(),
            Facet::Price => (filter.min_price, filter.max_price) = (None, None),
            Facet::Rating => filter.min_rating = None,
            Facet::Stock => filter.in_stock = false,
        }
        filter
    }
}

impl fmt::Display for ProductFilter {
    /// A name that is the same for two filters only if they admit the same products.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            categories,
            ids,
            contains,
            in_stock,
            min_price,
            max_price,
            min_rating,
            status,
        } = self;
        for category in categories {
            write!(f, "in {category} ")?;
        }
        for id in ids {
            write!(f, "{id} ")?;
        }
        if *in_stock {
            f.write_str("in-stock ")?;
        }
        if let Some(price) = min_price {
            write!(f, "from {} ", price.normalize())?;
        }
        if let Some(price) = max_price {
            write!(f, "to {} ", price.normalize())?;
        }
        if let Some(stars) = min_rating {
            write!(f, "stars {} ", stars.normalize())?;
        }
        if let Some(text) = contains {
            write!(f, "with {:?} ", text.as_str())?;
        }
        f.write_str(status.as_str())
    }
}

/// Whether inactive products are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum StatusFilter {
    /// What the public sees.
    #[default]
    Active,
    /// Only what the public doesn't see.
    Inactive,
    /// Everything.
    All,
}

impl StatusFilter {
    /// Every filter.
    pub const ALL: [Self; 3] = [Self::Active, Self::Inactive, Self::All];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::All => "all",
        }
    }

    /// Whether a product passes.
    pub fn admits(self, is_active: bool) -> bool {
        self.admitted().contains(&is_active)
    }

    /// What `is_active` may be.
    pub fn admitted(self) -> &'static [bool] {
        match self {
            Self::Active => &[true],
            Self::Inactive => &[false],
            Self::All => &[true, false],
        }
    }
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum ProductSort {
    /// By name, [as people expect](NameKey).
    #[default]
    NameAsc,
    /// By name, backwards.
    NameDesc,
    /// The cheapest first.
    PriceAsc,
    /// The dearest first.
    PriceDesc,
    /// What was made last first.
    Newest,
    /// The best rated first, those without a rating last.
    RatingDesc,
}

impl ProductSort {
    /// Every order.
    pub const ALL: [Self; 6] = [
        Self::NameAsc,
        Self::NameDesc,
        Self::PriceAsc,
        Self::PriceDesc,
        Self::Newest,
        Self::RatingDesc,
    ];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NameAsc => "name-asc",
            Self::NameDesc => "name-desc",
            Self::PriceAsc => "price-asc",
            Self::PriceDesc => "price-desc",
            Self::Newest => "newest",
            Self::RatingDesc => "rating-desc",
        }
    }

    /// Whether the greatest key comes first.
    pub fn is_descending(self) -> bool {
        match self {
            Self::NameAsc | Self::PriceAsc => false,
            Self::NameDesc | Self::PriceDesc | Self::Newest | Self::RatingDesc => true,
        }
    }

    /// What this order compares of a product, before its id.
    pub fn key(self, product: &Product) -> SortKey {
        match self {
            Self::NameAsc | Self::NameDesc => SortKey::Name(NameKey::of(product.name.clone())),
            Self::PriceAsc | Self::PriceDesc => SortKey::Price(product.price),
            Self::Newest => SortKey::CreatedAt(product.created_at),
            Self::RatingDesc => SortKey::Rating(product.rating.score()),
        }
    }
}

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Start<C = Cursor> {
    /// After this many rows, at most [`MAX_OFFSET`].
    Offset(u32),
    /// Behind this place, whatever was inserted or removed before it.
    After(C),
}

impl<C> Start<C> {
    /// How many rows are skipped, as far as is known: none behind a cursor.
    pub fn offset(&self) -> u32 {
        match self {
            Self::Offset(offset) => *offset,
            Self::After(_) => 0,
        }
    }
}

impl<C> Default for Start<C> {
    fn default() -> Self {
        Self::Offset(0)
    }
}

/// A place in a sorted list: behind the product that had this key and id.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Cursor {
    /// What the sort compares first.
    pub key: SortKey,
    /// What breaks ties.
    pub id: ProductId,
}

impl Cursor {
    /// The place right behind a product.
    pub fn after(sort: ProductSort, product: &Product) -> Self {
        Self {
            key: sort.key(product),
            id: product.id,
        }
    }
}

/// What a sort compares before the id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum SortKey {
    /// For the orders by name.
    Name(NameKey),
    /// For the orders by price.
    Price(Price),
    /// For the newest first.
    CreatedAt(OffsetDateTime),
    /// For the best rated first: [`Rating::score`](super::Rating::score).
    Rating(i32),
}

/// How many items a page has at most: 1 to 100, by default 20.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "u32", into = "u32"))]
pub struct PageSize(u8);

impl PageSize {
    /// The largest, 100.
    pub const MAX: Self = Self(100);

    /// The number.
    pub const fn get(self) -> u32 {
        self.0 as u32
    }
}

impl Default for PageSize {
    fn default() -> Self {
        Self(20)
    }
}

/// One part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Page<T> {
    /// The items, in order.
    pub items: Vec<T>,
    /// How many there are in the whole list.
    pub total: Total,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<Cursor>,
    /// The facets that were wanted; `None` if none was.
    pub facets: Option<Facets>,
}

/// How many items a list has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Total {
    /// This many.
    Exactly(u32),
    /// [`COUNT_LIMIT`] or more.
    AtLeast(u32),
}

impl Total {
    /// From a count that was stopped right behind [`COUNT_LIMIT`].
    pub fn of_bounded_count(count: u32) -> Self {
        if count > COUNT_LIMIT {
            Self::AtLeast(COUNT_LIMIT)
        } else {
            Self::Exactly(count)
        }
    }

    /// The count that this is made of.
    pub fn bounded_count(self) -> u32 {
        match self {
            Self::Exactly(count) => count,
            Self::AtLeast(limit) => limit + 1,
        }
    }
}

/// A number is no [`PageSize`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("A page has 1 to 100 items")]
pub struct InvalidPageSize;

impl TryFrom<u32> for PageSize {
    type Error = InvalidPageSize;

    fn try_from(size: u32) -> Result<Self, InvalidPageSize> {
        match u8::try_from(size) {
            Ok(size @ 1..=100) => Ok(Self(size)),
            _ => Err(InvalidPageSize),
        }
    }
}

impl From<PageSize> for u32 {
    fn from(size: PageSize) -> Self {
        size.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_sizes_have_bounds() {
        for size in [0, 101, 257] {
            assert_eq!(PageSize::try_from(size), Err(InvalidPageSize));
        }
        assert_eq!(PageSize::try_from(100), Ok(PageSize::MAX));
        assert_eq!(PageSize::default().get(), 20);
    }

    #[test]
    fn counting_stops() {
        assert_eq!(Total::of_bounded_count(10_000), Total::Exactly(10_000));
        assert_eq!(Total::of_bounded_count(10_001), Total::AtLeast(10_000));
    }
}
