use rust_decimal::Decimal;

use crate::{Price, Slug};

/// What the products of a list can be counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum Facet {
    /// By category.
    Category,
    /// By ranges of prices.
    Price,
    /// By whole stars.
    Rating,
    /// By whether they can be bought.
    Stock,
}

impl Facet {
    /// Every facet.
    pub const ALL: [Self; 4] = [Self::Category, Self::Price, Self::Rating, Self::Stock];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Price => "price",
            Self::Rating => "rating",
            Self::Stock => "stock",
        }
    }
}

/// Which facets are wanted; by default none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FacetSet([bool; Facet::ALL.len()]);

impl FacetSet {
    /// Whether this one is wanted.
    pub fn contains(self, facet: Facet) -> bool {
        self.0[facet as usize]
    }

    /// Whether none is wanted.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// Those that are wanted, in the order of [`Facet::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Facet> {
        Facet::ALL
            .into_iter()
            .filter(move |facet| self.contains(*facet))
    }
}

impl FromIterator<Facet> for FacetSet {
    fn from_iter<I: IntoIterator<Item = Facet>>(facets: I) -> Self {
        let mut set = Self::default();
        for facet in facets {
            set.0[facet as usize] = true;
        }
        set
    }
}

/// The facets of a list or search. Each facet ignores its own part of the filter. A facet that was not requested is `None`, and
/// values without products are left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Facets {
    /// By active category, the one with the most products first, then by name.
    pub categories: Option<Vec<CategoryCount>>,
    /// By price.
    pub price: Option<PriceFacet>,
    /// By stars, the best first, those without a rating last.
    pub ratings: Option<Vec<RatingCount>>,
    /// By stock.
    pub stock: Option<StockFacet>,
}

impl Facets {
    /// The facets of no products at all; `None` if none is wanted.
    pub fn of_nothing(wanted: FacetSet) -> Option<Self> {
        let has = |facet| wanted.contains(facet);
        (!wanted.is_empty()).then(|| Self {
            categories: has(Facet::Category).then(Vec::new),
            price: has(Facet::Price).then(PriceFacet::default),
            ratings: has(Facet::Rating).then(Vec::new),
            stock: has(Facet::Stock).then(StockFacet::default),
        })
    }
}

/// How many products stand in a category.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct CategoryCount {
    /// Its slug.
    pub slug: Slug,
    /// Its name.
    pub name: String,
    /// How many.
    pub count: u64,
}

/// What products cost.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PriceFacet {
    /// The cheapest and the dearest one's price; `None` without a product.
    pub extremes: Option<(Price, Price)>,
    /// The ranges that products fall into, the cheapest first.
    pub ranges: Vec<PriceCount>,
}

/// How many products fall into a range of prices.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PriceCount {
    /// The range.
    pub range: PriceRange,
    /// How many.
    pub count: u64,
}

/// A range of prices; the bounds are those of round numbers, each two to two and a half times the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "usize", into = "usize"))]
pub struct PriceRange(usize);

/// A number is no [`PriceRange`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no such range of prices")]
pub struct UnknownPriceRange;

impl TryFrom<usize> for PriceRange {
    type Error = UnknownPriceRange;

    /// The range that begins with this one of [`STARTS`](Self::STARTS), counted from 0.
    fn try_from(index: usize) -> Result<Self, UnknownPriceRange> {
        let is_one = index < Self::STARTS.len();
        is_one.then_some(Self(index)).ok_or(UnknownPriceRange)
    }
}

impl From<PriceRange> for usize {
    fn from(range: PriceRange) -> Self {
        range.0
    }
}

impl PriceRange {
    /// Where each range begins.
    pub const STARTS: [u32; 17] = [
        0, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000,
        200_000, 500_000,
    ];

    /// The range of a price.
    pub fn of(price: Price) -> Self {
        let begun = Self::STARTS.partition_point(|start| Decimal::from(*start) <= price.amount());
        Self(begun.saturating_sub(1))
    }

    /// The lowest price of it.
    pub fn lowest(self) -> Decimal {
        Self::STARTS[self.0].into()
    }

    /// The highest price of it, a hundredth below the next range; `None` for the last one.
    pub fn highest(self) -> Option<Decimal> {
        let next = Self::STARTS.get(self.0 + 1)?;
        Some(Decimal::from(*next) - Decimal::new(1, 2))
    }
}

/// How many products have so many stars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RatingCount {
    /// The mean of their ratings, rounded to whole stars; `None` for those without a rating.
    pub stars: Option<u8>,
    /// How many.
    pub count: u64,
}

/// How many products can be bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct StockFacet {
    /// With a stock of 1 or more.
    pub in_stock: u64,
    /// Sold out.
    pub out_of_stock: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_prices_meet() {
        let of = |price: &str| PriceRange::of(price.parse().unwrap());
        assert_eq!(of("19.99").highest(), Some(Decimal::new(1_999, 2)));
        assert_eq!(of("20.00").lowest(), Decimal::from(20));
        assert_eq!(of("0.01"), PriceRange::try_from(0).unwrap());
        assert_eq!(of("999999.99").highest(), None);
    }

    #[test]
    fn sets_hold_each_facet_once() {
        let set: FacetSet = [Facet::Stock, Facet::Category, Facet::Stock]
            .into_iter()
            .collect();
        assert_eq!(
            set.iter().collect::<Vec<_>>(),
            [Facet::Category, Facet::Stock]
        );
        assert!(!set.is_empty() && FacetSet::default().is_empty());
    }
}
