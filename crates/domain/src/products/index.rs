use std::fmt;

use async_trait::async_trait;
use time::OffsetDateTime;

use super::{
    Highlight, Page, Product, ProductId, ProductQuery, ProductSearch, Revision, SearchCursor,
    SearchError, SearchText, Total,
};
use crate::products::Facets;
use crate::synonyms::Synonyms;
use crate::{Slug, StoreError};

/// Answers which products match a query, in which order, how many they are, and their facets. It returns ids and versions;
/// the products are in a [`ProductRepository`](super::ProductRepository). Calls do not block: it works in memory.
pub trait ProductIndex: Send + Sync {
    /// Whether the index is up to date and accepts queries.
    fn is_ready(&self) -> bool;

    /// One page of a list. A cursor shows each product at most once, and every product that was there all the time
    /// exactly once, whatever is inserted or removed meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the index is not ready.
    fn list(&self, query: &ProductQuery) -> Result<Page<Revision>, StoreError>;

    /// One page of a search; ties are broken by rating and id. Every text is valid. Cursors guarantee the same as those of
    /// lists, as long as the words of products do not change.
    ///
    /// # Errors
    /// [`SearchError::UnknownCursor`] for a cursor that is not of this index, or of another sort.
    fn search(&self, search: &ProductSearch) -> Result<Found, SearchError>;

    /// At most `limit` active products that may be meant by a text that is still being typed, best first.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the index is not ready.
    fn suggest(&self, text: &SearchText, limit: u8) -> Result<Vec<Revision>, StoreError>;
}

/// One page of the matches of a search.
pub struct Found {
    /// The products, in order.
    pub products: Vec<Revision>,
    /// How many there are.
    pub total: Total,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<SearchCursor>,
    /// The facets that were wanted; `None` if none was.
    pub facets: Option<Facets>,
    /// Highlights the matches in them.
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

/// Highlights the matches of a search.
pub trait Highlighter: Send + Sync {
    /// The highlighted texts of a product.
    fn highlight(&self, product: &Product) -> Highlight;
}

/// Where an index reads products and synonyms from.
#[async_trait]
pub trait ProductSource: Send + Sync {
    /// Reads all products, active or not, from one snapshot and calls `take` with batches in the order of ids. Stops if
    /// `take` returns `false`.
    ///
    /// # Errors
    /// When the store did not answer, which may be after some batches.
    async fn all(
        &self,
        take: Box<dyn FnMut(Vec<Product>) -> bool + Send>,
    ) -> Result<(), StoreError>;

    /// The version of each product, in the order of ids.
    async fn versions(&self) -> Result<Vec<(ProductId, RowVersion)>, StoreError>;

    /// The products of these ids that there are, in no order.
    async fn by_ids(&self, ids: Vec<ProductId>) -> Result<Vec<Product>, StoreError>;

    /// The products of these slugs that there are, in no order.
    async fn by_slugs(&self, slugs: Vec<Slug>) -> Result<Vec<Product>, StoreError>;

    /// The synonyms of searches.
    async fn synonyms(&self) -> Result<Synonyms, StoreError>;
}

/// The version of a stored product and when it was written: a restored backup may use a version number again, but with another
/// time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowVersion {
    version: i32,
    /// In microseconds since 1970, as stores keep it.
    updated_at: i64,
}

impl RowVersion {
    /// The version with this number, written at this time.
    pub fn new(version: i32, updated_at: OffsetDateTime) -> Self {
        let microseconds = updated_at.unix_timestamp_nanos() / 1_000;
        Self {
            version,
            updated_at: microseconds.try_into().unwrap_or(i64::MAX),
        }
    }

    /// The version of a product.
    pub fn of(product: &Product) -> Self {
        Self::new(product.version, product.updated_at)
    }

    /// The number.
    pub fn version(self) -> i32 {
        self.version
    }
}

/// Compares an index with the store that it is filled from.
#[async_trait]
pub trait IndexCheck: Send + Sync {
    /// Compares all products, and replaces in the index what differs. Changes that are on their way to the index do not count.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the index is not filled or the store did not answer.
    async fn check(&self) -> Result<IndexComparison, StoreError>;
}

/// The result of comparing an index with its store.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct IndexComparison {
    /// The number of products in the store.
    pub products: u64,
    /// The products that differed.
    pub mismatches: Vec<IndexMismatch>,
}

impl IndexComparison {
    /// A comparison of so many products.
    pub fn new(products: u64, mismatches: Vec<IndexMismatch>) -> Self {
        Self {
            products,
            mismatches,
        }
    }
}

/// A product of which an index and its store differed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexMismatch {
    /// The product.
    pub product: ProductId,
    /// How they differed.
    pub kind: MismatchKind,
}

/// How an index differs from its store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MismatchKind {
    /// The product is in the store only.
    Missing,
    /// The product is in the index only.
    Surplus,
    /// The index has other values.
    Different,
}

impl MismatchKind {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Surplus => "surplus",
            Self::Different => "different",
        }
    }
}
