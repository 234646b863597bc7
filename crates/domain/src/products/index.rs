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

/// Answers which products match a query, in which order, how many there are, and their facets. It returns ids and
/// versions; a [`ProductRepository`](super::ProductRepository) has the products. It works in memory, so calls do not
/// block.
pub trait ProductIndex: Send + Sync {
    /// Whether the index is up to date and accepts queries.
    fn is_ready(&self) -> bool;

    /// One page of a list. Paging by cursor shows no product twice, and shows every product that exists all the time,
    /// whatever is inserted or removed meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the index is not ready.
    fn list(&self, query: &ProductQuery) -> Result<Page<Revision>, StoreError>;

    /// One page of a search. Ties are broken by rating and id. Every text is a valid query. Cursors give the same
    /// guarantees as those of lists, as long as the words of products do not change.
    ///
    /// # Errors
    /// [`SearchError::UnknownCursor`] for a cursor that is not from this index, or belongs to another sort.
    fn search(&self, search: &ProductSearch) -> Result<Found, SearchError>;

    /// At most `limit` active products that match an incomplete text, best first.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the index is not ready.
    fn suggest(&self, text: &SearchText, limit: u8) -> Result<Vec<Revision>, StoreError>;
}

/// One page of the hits of a search.
pub struct Found {
    /// The products, in order.
    pub products: Vec<Revision>,
    /// The number of hits.
    pub total: Total,
    /// Where the next page begins; `None` on the last page.
    pub next: Option<SearchCursor>,
    /// The requested facets; `None` if none was requested.
    pub facets: Option<Facets>,
    /// Highlights the matches in the products.
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

/// The source that an index reads products and synonyms from.
#[async_trait]
pub trait ProductSource: Send + Sync {
    /// Reads all products, active or not, from one snapshot and calls `take` with batches in the order of ids. Stops if
    /// `take` returns `false`.
    ///
    /// # Errors
    /// If the store is unavailable or fails, possibly after some batches.
    async fn all(
        &self,
        take: Box<dyn FnMut(Vec<Product>) -> bool + Send>,
    ) -> Result<(), StoreError>;

    /// The version of each product, in the order of ids.
    async fn versions(&self) -> Result<Vec<(ProductId, RowVersion)>, StoreError>;

    /// The products with these ids, in any order. Ids without a product are left out.
    async fn by_ids(&self, ids: Vec<ProductId>) -> Result<Vec<Product>, StoreError>;

    /// The products with these slugs, in any order. Slugs without a product are left out.
    async fn by_slugs(&self, slugs: Vec<Slug>) -> Result<Vec<Product>, StoreError>;

    /// The synonyms of searches.
    async fn synonyms(&self) -> Result<Synonyms, StoreError>;
}

/// The version of a stored product and when it was written. The time distinguishes a version from one with the same
/// number before a backup was restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowVersion {
    version: i32,
    /// In microseconds since the Unix epoch, the precision of the stores.
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

    /// The version number.
    pub fn version(self) -> i32 {
        self.version
    }
}

/// Compares an index with the store that it is filled from.
#[async_trait]
pub trait IndexCheck: Send + Sync {
    /// Compares all products, and replaces those in the index that differ. Ignores changes that the index is about to
    /// receive.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the index is not filled or the store is not available.
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
    /// The result for this number of products.
    pub fn new(products: u64, mismatches: Vec<IndexMismatch>) -> Self {
        Self {
            products,
            mismatches,
        }
    }
}

/// A product that differs between an index and its store.
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
    /// Only the store has the product.
    Missing,
    /// Only the index has the product.
    Surplus,
    /// The index has other values.
    Different,
}

impl MismatchKind {
    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Surplus => "surplus",
            Self::Different => "different",
        }
    }
}
