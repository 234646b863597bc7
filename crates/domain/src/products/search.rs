//! Searches for products.

mod hits;
mod text;

use super::{FacetSet, PageSize, Product, ProductFilter, ProductSort, Start};
use crate::{Price, Slug};

pub use self::hits::{Highlight, SearchHit, SearchPage};
pub use self::text::{InvalidSearchText, SearchText};

/// A ranked search in name, ingredients, categories, description and details.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct ProductSearch {
    /// The text to search for. Typing errors are tolerated.
    pub text: SearchText,
    /// The products to search in.
    pub filter: ProductFilter,
    /// The order; best match first if `None`.
    pub sort: Option<ProductSort>,
    /// Where the page begins.
    pub start: Start<SearchCursor>,
    /// Maximum number of hits on the page.
    pub limit: PageSize,
    /// The facets to count. Each facet ignores its own part of the filter.
    pub facets: FacetSet,
}

impl ProductSearch {
    /// The first page of public products, best match first.
    pub fn new(text: SearchText) -> Self {
        Self {
            text,
            filter: ProductFilter::default(),
            sort: None,
            start: Start::default(),
            limit: PageSize::default(),
            facets: FacetSet::default(),
        }
    }
}

/// A position in the hits of a search. Its format is private to the index that created it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct SearchCursor(pub String);

/// A product that is suggested for an incomplete text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Suggestion {
    /// The name.
    pub name: String,
    /// The title, or else the name.
    pub title: String,
    /// The slug.
    pub slug: Slug,
    /// The price of one unit.
    pub price: Price,
    /// The URL of its main image.
    pub image: Option<String>,
}

impl Suggestion {
    /// The suggestion for a product.
    pub fn of(product: Product) -> Self {
        Self {
            title: product.shown_title().to_owned(),
            name: product.name,
            slug: product.slug,
            price: product.price,
            image: product.images.into_iter().next(),
        }
    }
}
