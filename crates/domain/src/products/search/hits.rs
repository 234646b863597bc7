use super::SearchCursor;
use crate::products::{Facets, Product, Total};

/// One page of the hits of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SearchPage {
    /// The hits, in order.
    pub hits: Vec<SearchHit>,
    /// The number of hits.
    pub total: Total,
    /// Where the next page begins; `None` on the last page.
    pub next: Option<SearchCursor>,
    /// The requested facets; `None` if none was requested.
    pub facets: Option<Facets>,
}

/// A product that a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SearchHit {
    /// The product.
    pub product: Product,
    /// The texts with highlighted matches.
    pub highlight: Highlight,
}

/// The matched parts of a product as escaped HTML, with the matches in `<mark>`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Highlight {
    /// The whole name.
    pub name: String,
    /// The fragment of the description with the most matches.
    pub description: String,
}
