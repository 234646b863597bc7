use rust_decimal::Decimal;
use serde::Deserialize;

use crate::text_enum::text_enum;

text_enum! {
    /// A facet, by which shoppers narrow a list down.
    FacetName {
        /// Products by category.
        Category = "category",
        /// Products by price.
        Price = "price",
        /// Products by stars.
        Rating = "rating",
        /// Products by stock.
        Stock = "stock",
        /// Products by diet.
        Diet = "diet",
        /// Products by allergen.
        Allergen = "allergen",
    }
}

/// The numbers of products under the filters of a page. Each facet leaves its own filter out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Facets {
    /// By category.
    pub category: Option<Vec<CategoryCount>>,
    /// By price.
    pub price: Option<PriceFacet>,
    /// By stars.
    pub rating: Option<Vec<RatingCount>>,
    /// By stock.
    pub stock: Option<StockFacet>,
    /// By diet.
    pub diet: Option<Vec<NamedCount>>,
    /// By allergen.
    pub allergen: Option<Vec<NamedCount>>,
}

/// The number of products in a category.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct CategoryCount {
    /// The slug of the category.
    pub slug: String,
    /// The name of the category.
    pub name: String,
    /// The number of products.
    pub count: u64,
}

/// The prices of products.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct PriceFacet {
    /// The lowest price; `None` without products.
    #[serde(with = "crate::decimal::option")]
    pub min: Option<Decimal>,
    /// The highest price; `None` without products.
    #[serde(with = "crate::decimal::option")]
    pub max: Option<Decimal>,
    /// The number of products by range.
    pub ranges: Vec<PriceRange>,
}

/// The number of products in a range of prices, whose bounds can be given as `min_price` and `max_price`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct PriceRange {
    /// The lower bound.
    #[serde(with = "crate::decimal")]
    pub min: Decimal,
    /// The upper bound; `None` of the last range.
    #[serde(with = "crate::decimal::option")]
    pub max: Option<Decimal>,
    /// The number of products.
    pub count: u64,
}

/// The number of products with a rating.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RatingCount {
    /// The average, rounded to whole stars; `None` for products without a rating.
    pub stars: Option<u8>,
    /// The number of products.
    pub count: u64,
}

/// The number of products that can be bought and that can't.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct StockFacet {
    /// With a stock of 1 or more.
    pub in_stock: u64,
    /// Sold out.
    pub out_of_stock: u64,
}

/// The number of products with a diet or an allergen.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct NamedCount {
    /// The name of the diet or the allergen.
    pub name: String,
    /// The number of products.
    pub count: u64,
}
