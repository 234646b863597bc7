use std::collections::BTreeSet;
use std::fmt;

use rust_decimal::Decimal;

use super::{
    Allergen, Diet, Facet, FacetSet, Food, PageSize, Product, ProductId, ProductSort, SearchText,
    SortKey,
};
use crate::Slug;

/// Maximum number of rows that a page may skip. Use a [`Cursor`] to go further.
pub const MAX_OFFSET: u32 = 10_000;

/// Selects a page of products.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
#[non_exhaustive]
pub struct ProductQuery {
    /// The filter.
    pub filter: ProductFilter,
    /// The order. Ties are broken by id in the same direction.
    pub sort: ProductSort,
    /// Where the page begins.
    pub start: Start,
    /// Maximum number of products on the page.
    pub limit: PageSize,
    /// The facets to count. Each facet ignores its own part of the filter.
    pub facets: FacetSet,
}

/// Selects products. The default selects every public product.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
#[non_exhaustive]
pub struct ProductFilter {
    /// Only products in one of these categories. Inactive and unknown categories contain no products. Empty means any.
    pub categories: Vec<Slug>,
    /// Only these products. Empty means any.
    pub ids: Vec<ProductId>,
    /// Only products whose title, name or description contains this text. Ignores case.
    pub contains: Option<SearchText>,
    /// Only products with a stock of 1 or more.
    pub in_stock: bool,
    /// Only products whose stock is on one of these levels. Empty means any.
    pub stock: Vec<StockFilter>,
    /// Only products with this price or a higher one.
    pub min_price: Option<Decimal>,
    /// Only products with this price or a lower one.
    pub max_price: Option<Decimal>,
    /// Only products with this [average](super::Rating::average) rating or a better one.
    pub min_rating: Option<Decimal>,
    /// Only products of this group.
    pub group: Option<Slug>,
    /// Only products that are known to [be free](Food::is_free_of) of these allergens.
    pub allergen_free: BTreeSet<Allergen>,
    /// Only products that suit all of these diets.
    pub diets: BTreeSet<Diet>,
    /// Only products with so many grams of protein in 100 g or 100 ml, or more.
    pub min_protein: Option<Decimal>,
    /// Active or inactive products, or all.
    pub status: StatusFilter,
}

impl ProductFilter {
    /// The lowest [score](super::Rating::score) that meets [`min_rating`](Self::min_rating), since averages are
    /// rounded.
    pub fn min_score(&self) -> Option<i32> {
        let stars = self.min_rating.filter(|stars| *stars > Decimal::ZERO)?;
        let score = stars * Decimal::from(1_000_000) - Decimal::from(5_000);
        Some(score.ceil().try_into().unwrap_or(i32::MAX))
    }

    /// Whether a product matches. Ignores the categories that the product does not show.
    pub fn matches(&self, product: &Product) -> bool {
        let Self {
            categories,
            ids,
            contains,
            in_stock,
            stock,
            min_price,
            max_price,
            min_rating: _,
            group,
            allergen_free,
            diets,
            min_protein,
            status,
        } = self;
        let food = product.food.as_ref();
        let is_free = |food: &Food| food.is_free_of(allergen_free);
        let suits = |food: &Food| food.diets.is_superset(diets);
        let price = product.price.amount();
        let stands_in = |slug: &Slug| product.categories.iter().any(|of| of.slug == *slug);
        status.matches(product.is_active)
            && (!in_stock || product.stock_quantity > 0)
            && (stock.is_empty() || stock.iter().any(|level| level.matches(product)))
            && min_price.is_none_or(|minimum| price >= minimum)
            && max_price.is_none_or(|maximum| price <= maximum)
            && (ids.is_empty() || ids.contains(&product.id))
            && (group.is_none() || product.group == *group)
            && (allergen_free.is_empty() || food.is_some_and(is_free))
            && (diets.is_empty() || food.is_some_and(suits))
            && min_protein.is_none_or(|least| product.protein().is_some_and(|grams| grams >= least))
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
            Facet::Stock => {
                filter.in_stock = false;
                filter.stock.clear();
            }
            Facet::Diet => filter.diets.clear(),
            Facet::Allergen => filter.allergen_free.clear(),
        }
        filter
    }
}

impl fmt::Display for ProductFilter {
    /// A name that is equal for two filters only if they select the same products.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            categories,
            ids,
            contains,
            in_stock,
            stock,
            min_price,
            max_price,
            min_rating,
            group,
            allergen_free,
            diets,
            min_protein,
            status,
        } = self;
        for level in stock {
            write!(f, "{} ", level.as_str())?;
        }
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
        if let Some(group) = group {
            write!(f, "of {group} ")?;
        }
        for allergen in allergen_free {
            write!(f, "without {} ", allergen.as_str())?;
        }
        for diet in diets {
            write!(f, "for {} ", diet.as_str())?;
        }
        if let Some(grams) = min_protein {
            write!(f, "protein {} ", grams.normalize())?;
        }
        if let Some(text) = contains {
            write!(f, "with {:?} ", text.as_str())?;
        }
        f.write_str(status.as_str())
    }
}

/// A level of stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum StockFilter {
    /// [Low](Product::is_low_in_stock), but not sold out.
    Low,
    /// Sold out.
    Out,
}

impl StockFilter {
    /// All choices.
    pub const ALL: [Self; 2] = [Self::Low, Self::Out];

    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Out => "out",
        }
    }

    /// Whether the stock of a product is on this level.
    pub fn matches(self, product: &Product) -> bool {
        match self {
            Self::Low => product.is_low_in_stock(),
            Self::Out => product.stock_quantity == 0,
        }
    }
}

/// Whether active or inactive products are selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum StatusFilter {
    /// Only active ones, which are public.
    #[default]
    Active,
    /// Only inactive ones.
    Inactive,
    /// All.
    All,
}

impl StatusFilter {
    /// All choices.
    pub const ALL: [Self; 3] = [Self::Active, Self::Inactive, Self::All];

    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::All => "all",
        }
    }

    /// Whether a product with this `is_active` is selected.
    pub fn matches(self, is_active: bool) -> bool {
        self.admitted().contains(&is_active)
    }

    /// The values of `is_active` that are selected.
    pub fn admitted(self) -> &'static [bool] {
        match self {
            Self::Active => &[true],
            Self::Inactive => &[false],
            Self::All => &[true, false],
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
    /// After this page anchor, whatever was inserted or removed before it.
    After(C),
}

impl<C> Start<C> {
    /// The number of skipped rows. It is unknown with a cursor, and then 0.
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

/// A page anchor: the position after the product with this sort key and id.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Cursor {
    /// The sort key.
    pub key: SortKey,
    /// The id, which breaks ties.
    pub id: ProductId,
}

impl Cursor {
    /// The position right after a product.
    pub fn after(sort: ProductSort, product: &Product) -> Self {
        Self {
            key: sort.key(product),
            id: product.id,
        }
    }
}

#[cfg(test)]
mod tests;
