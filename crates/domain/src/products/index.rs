use std::fmt;

use async_trait::async_trait;
use time::OffsetDateTime;

use super::{
    Highlight, Page, Product, ProductId, ProductQuery, ProductSearch, Revision, SearchCursor,
    SearchError, SearchText, Total,
};
use crate::products::Facets;
use crate::{Slug, StoreError};

/// Knows which products match, in which order, how many there are and what kinds of them; what they show stands in a
/// [`ProductRepository`](super::ProductRepository). It is asked often and answers from memory, at once.
pub trait ProductIndex: Send + Sync {
    /// Whether it knows all products, and so can be asked.
    fn is_ready(&self) -> bool;

    /// One page of a list. A cursor shows each product at most once, and every product that was there all the time
    /// exactly once, whatever is inserted or removed meanwhile.
    ///
    /// # Errors
    /// When the index is not ready.
    fn list(&self, query: &ProductQuery) -> Result<Page<Revision>, StoreError>;

    /// One page of what a search found; ties are broken by rating and id. No text makes it fail. A cursor keeps the promise
    /// of those of lists, as long as the words of products stay.
    ///
    /// # Errors
    /// [`SearchError::UnknownCursor`] for a cursor that is not of this index, or of another sort.
    fn search(&self, search: &ProductSearch) -> Result<Found, SearchError>;

    /// At most `limit` active products that may be meant by a text that is still being typed, best first.
    ///
    /// # Errors
    /// When the index is not ready.
    fn suggest(&self, text: &SearchText, limit: u8) -> Result<Vec<Revision>, StoreError>;
}

/// One part of what a search found in an index.
pub struct Found {
    /// The products, in order.
    pub products: Vec<Revision>,
    /// How many there are.
    pub total: Total,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<SearchCursor>,
    /// The facets that were wanted; `None` if none was.
    pub facets: Option<Facets>,
    /// Shows where they match.
    pub highlighter: Box<dyn Highlighter>,
}

impl fmt::Debug for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Found")
            .field("products", &self.products)
            .field("total", &self.total)
            .finish_non_exhaustive()
    }
}

/// Shows where products match a search.
pub trait Highlighter: Send + Sync {
    /// Where this one does.
    fn highlight(&self, product: &Product) -> Highlight;
}

/// What an index is filled from and follows.
#[async_trait]
pub trait ProductSource: Send + Sync {
    /// Hands over all products of one moment, active or not, in portions, in the order of their ids, until `take` says
    /// that it wants no more.
    ///
    /// # Errors
    /// When the store did not answer, be it in the middle.
    async fn all(
        &self,
        take: Box<dyn FnMut(Vec<Product>) -> bool + Send>,
    ) -> Result<(), StoreError>;

    /// In which state each product is, in the order of their ids.
    async fn stamps(&self) -> Result<Vec<(ProductId, Stamp)>, StoreError>;

    /// The products of these ids that there are, in no order.
    async fn by_ids(&self, ids: Vec<ProductId>) -> Result<Vec<Product>, StoreError>;

    /// The products of these slugs that there are, in no order.
    async fn by_slugs(&self, slugs: Vec<Slug>) -> Result<Vec<Product>, StoreError>;
}

/// A state of a product: a backup that was put back may give a version again, but not of the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    version: i32,
    /// In microseconds since 1970, as stores keep it.
    updated_at: i64,
}

impl Stamp {
    /// The state of this version, made at this time.
    pub fn new(version: i32, updated_at: OffsetDateTime) -> Self {
        let microseconds = updated_at.unix_timestamp_nanos() / 1_000;
        Self {
            version,
            updated_at: microseconds.try_into().unwrap_or(i64::MAX),
        }
    }

    /// The state that a product is in.
    pub fn of(product: &Product) -> Self {
        Self::new(product.version, product.updated_at)
    }

    /// The version.
    pub fn version(self) -> i32 {
        self.version
    }
}
