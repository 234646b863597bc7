//! Searches, and what they find.

use std::str::FromStr;

use super::{FacetSet, Facets, PageSize, Product, ProductFilter, ProductSort, Start, Total};
use crate::{Price, Slug};

/// A text to search for: 1 to 200 characters after trimming, without NUL. Every character stands for itself, but case does
/// not matter, so ASCII letters are kept small; like all texts it is in [form C](crate::nfc).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "String", into = "String"))]
pub struct SearchText(String);

/// Why a text can't be searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSearchText {
    /// Nothing but white space.
    #[error("must not be empty")]
    Empty,
    /// More than 200 characters.
    #[error("must have at most 200 characters")]
    TooLong,
    /// A NUL character, which no stored text has.
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
    /// Whether the name or description of a product contains it, in any case.
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

/// A ranked search over name, ingredients, categories, description and details.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct ProductSearch {
    /// What to find; typing errors are forgiven.
    pub text: SearchText,
    /// Among which products.
    pub filter: ProductFilter,
    /// In which order; the best match first if none is given.
    pub sort: Option<ProductSort>,
    /// Where the page begins.
    pub start: Start<SearchCursor>,
    /// How many at most.
    pub limit: PageSize,
    /// The facets to count. Each facet ignores its own part of the filter.
    pub facets: FacetSet,
}

impl ProductSearch {
    /// The first page of what the public sees of this, the best match first.
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

/// A place in what a search found, in words of the store that made it: no other knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct SearchCursor(pub String);

/// One part of what a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SearchPage {
    /// The hits, in order.
    pub hits: Vec<SearchHit>,
    /// How many there are.
    pub total: Total,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<SearchCursor>,
    /// The facets that were wanted; `None` if none was.
    pub facets: Option<Facets>,
}

/// A product that a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SearchHit {
    /// The product.
    pub product: Product,
    /// Where it matched.
    pub highlight: Highlight,
}

/// The matched parts of a product as HTML: escaped, with the hits in `<mark>`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Highlight {
    /// The whole name.
    pub name: String,
    /// The fragment of the description with the most hits.
    pub description: String,
}

/// A product that may be meant by what was typed so far.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Suggestion {
    /// Its name.
    pub name: String,
    /// Its slug.
    pub slug: Slug,
    /// What one costs.
    pub price: Price,
    /// The leading one of its pictures.
    pub image: Option<String>,
}

impl Suggestion {
    /// What is suggested of a product.
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
