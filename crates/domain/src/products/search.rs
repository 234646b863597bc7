//! Searches for products.

use std::str::FromStr;

use super::{FacetSet, Facets, PageSize, Product, ProductFilter, ProductSort, Start, Total};
use crate::{Price, Slug};

/// A text to search for: 1 to 200 characters after trimming, without NUL. It has no operators or wildcards. Case does
/// not matter, so ASCII letters are converted to lower case. Like all texts it is in [normalization form
/// C](crate::nfc).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "String", into = "String"))]
pub struct SearchText(String);

/// Why a text is not a valid [`SearchText`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSearchText {
    /// The text is empty or only white space.
    #[error("must not be empty")]
    Empty,
    /// The text has more than 200 characters.
    #[error("must have at most 200 characters")]
    TooLong,
    /// The text has a NUL character, which no stored text has.
    #[error("must not contain NUL characters")]
    Nul,
}

impl SearchText {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl SearchText {
    /// Whether the name or description of a product contains the text. Ignores case.
    pub(super) fn is_in(&self, product: &Product) -> bool {
        let text = self.0.to_lowercase();
        let contains = |part: &str| part.to_lowercase().contains(&text);
        contains(&product.name) || contains(&product.description)
    }
}

impl FromStr for SearchText {
    type Err = InvalidSearchText;

    fn from_str(text: &str) -> Result<Self, InvalidSearchText> {
        let text = crate::nfc(text.trim());
        if text.is_empty() {
            Err(InvalidSearchText::Empty)
        } else if text.contains('\0') {
            Err(InvalidSearchText::Nul)
        } else if text.chars().nth(200).is_some() {
            Err(InvalidSearchText::TooLong)
        } else {
            Ok(Self(text.to_ascii_lowercase()))
        }
    }
}

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

/// A product that is suggested for an incomplete text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Suggestion {
    /// The name.
    pub name: String,
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
            name: product.name,
            slug: product.slug,
            price: product.price,
            image: product.images.into_iter().next(),
        }
    }
}

impl TryFrom<String> for SearchText {
    type Error = InvalidSearchText;

    fn try_from(text: String) -> Result<Self, InvalidSearchText> {
        text.parse()
    }
}

impl From<SearchText> for String {
    fn from(text: SearchText) -> Self {
        text.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn search_texts_are_trimmed_and_bounded() {
        assert_eq!("  egg ".parse::<SearchText>().unwrap().as_str(), "egg");
        assert_eq!(" \t".parse::<SearchText>(), Err(InvalidSearchText::Empty));
        assert_eq!("a\0".parse::<SearchText>(), Err(InvalidSearchText::Nul));
        assert_eq!(
            "é".repeat(201).parse::<SearchText>(),
            Err(InvalidSearchText::TooLong)
        );
        assert!("é".repeat(200).parse::<SearchText>().is_ok());
        assert_eq!(
            "E\u{301}"
                .repeat(200)
                .parse::<SearchText>()
                .unwrap()
                .as_str(),
            "É".repeat(200)
        );
    }
}
