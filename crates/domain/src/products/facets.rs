use rust_decimal::Decimal;

use super::{Allergen, Diet};
use crate::{Price, Slug};

/// A property that the products of a list are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum Facet {
    /// By category.
    Category,
    /// By price range.
    Price,
    /// By rating, in whole stars.
    Rating,
    /// By availability.
    Stock,
    /// By diet.
    Diet,
    /// By allergen that is not contained.
    Allergen,
}

impl Facet {
    /// All facets.
    pub const ALL: [Self; 6] = [
        Self::Category,
        Self::Price,
        Self::Rating,
        Self::Stock,
        Self::Diet,
        Self::Allergen,
    ];

    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Price => "price",
            Self::Rating => "rating",
            Self::Stock => "stock",
            Self::Diet => "diet",
            Self::Allergen => "allergen",
        }
    }
}

/// A set of facets. The default is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FacetSet([bool; Facet::ALL.len()]);

impl FacetSet {
    /// Whether the set contains a facet.
    pub fn contains(self, facet: Facet) -> bool {
        self.0[facet as usize]
    }

    /// Whether the set is empty.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// The facets of the set, in the order of [`Facet::ALL`].
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

/// The facets of a list or search. Each facet ignores its own part of the filter. A facet that was not requested is
/// `None`. Values without products are left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Facets {
    /// By active category, most products first, then by name.
    pub categories: Option<Vec<CategoryCount>>,
    /// By price.
    pub price: Option<PriceFacet>,
    /// By rating, best first; products without a rating last.
    pub ratings: Option<Vec<RatingCount>>,
    /// By availability.
    pub stock: Option<StockFacet>,
    /// By diet, most products first, then in the order of [`Diet::ALL`].
    pub diets: Option<Vec<(Diet, u64)>>,
    /// By allergen: the products that are known not to contain it, in the order of [`Allergen::ALL`]. Allergens that no
    /// product contains are left out.
    pub allergens: Option<Vec<(Allergen, u64)>>,
}

impl Facets {
    /// The facets of an empty list; `None` if no facet is requested.
    pub fn of_nothing(wanted: FacetSet) -> Option<Self> {
        let has = |facet| wanted.contains(facet);
        (!wanted.is_empty()).then(|| Self {
            categories: has(Facet::Category).then(Vec::new),
            price: has(Facet::Price).then(PriceFacet::default),
            ratings: has(Facet::Rating).then(Vec::new),
            stock: has(Facet::Stock).then(StockFacet::default),
            diets: has(Facet::Diet).then(Vec::new),
            allergens: has(Facet::Allergen).then(Vec::new),
        })
    }
}

/// The number of products in a category.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct CategoryCount {
    /// The slug of the category.
    pub slug: Slug,
    /// The name of the category.
    pub name: String,
    /// The number of products.
    pub count: u64,
}

/// The prices of products.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PriceFacet {
    /// The lowest and the highest price; `None` without products.
    pub extremes: Option<(Price, Price)>,
    /// The price ranges that contain products, cheapest first.
    pub ranges: Vec<PriceCount>,
}

/// The number of products in a price range.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PriceCount {
    /// The range.
    pub range: PriceRange,
    /// The number of products.
    pub count: u64,
}

/// A price range. The bounds are round numbers: each is two or two and a half times the previous one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "usize", into = "usize"))]
pub struct PriceRange(usize);

/// A number is not the index of a [`PriceRange`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no such range of prices")]
pub struct UnknownPriceRange;

impl TryFrom<usize> for PriceRange {
    type Error = UnknownPriceRange;

    /// The range at this index of [`STARTS`](Self::STARTS).
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
    /// The lower bound of each range.
    pub const STARTS: [u32; 17] = [
        0, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000,
        200_000, 500_000,
    ];

    /// The range of a price.
    pub fn of(price: Price) -> Self {
        let begun = Self::STARTS.partition_point(|start| Decimal::from(*start) <= price.amount());
        Self(begun.saturating_sub(1))
    }

    /// The lowest price in the range.
    pub fn lowest(self) -> Decimal {
        Self::STARTS[self.0].into()
    }

    /// The highest price in the range, 0.01 below the next range; `None` for the last range.
    pub fn highest(self) -> Option<Decimal> {
        let next = Self::STARTS.get(self.0 + 1)?;
        Some(Decimal::from(*next) - Decimal::new(1, 2))
    }
}

/// The number of products with a rating.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RatingCount {
    /// The mean rating rounded to whole stars; `None` for products without a rating.
    pub stars: Option<u8>,
    /// The number of products.
    pub count: u64,
}

/// The number of products by availability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct StockFacet {
    /// Products with a stock of 1 or more.
    pub in_stock: u64,
    /// Products that are sold out.
    pub out_of_stock: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn price_ranges_are_adjacent() {
        let of = |price: &str| PriceRange::of(price.parse().unwrap());
        assert_eq!(of("19.99").highest(), Some(Decimal::new(1_999, 2)));
        assert_eq!(of("20.00").lowest(), Decimal::from(20));
        assert_eq!(of("0.01"), PriceRange::try_from(0).unwrap());
        assert_eq!(of("999999.99").highest(), None);
        let ranges = PriceRange::STARTS.len();
        assert_eq!(PriceRange::try_from(ranges), Err(UnknownPriceRange));
        assert_eq!(usize::from(of("999999.99")), ranges - 1);
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
