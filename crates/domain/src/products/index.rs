mod check;
mod source;

use std::fmt;

use super::{
    Highlight, Page, Product, ProductFilter, ProductQuery, ProductSearch, Revision, SearchCursor,
    SearchError, SearchText, Total,
};
use crate::StoreError;
use crate::products::Facets;

pub use self::check::{IndexCheck, IndexComparison, IndexMismatch, MismatchKind};
pub use self::source::{ProductSource, RowVersion};

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

    /// All products that match a filter, by id.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the index is not ready.
    fn matching(&self, filter: &ProductFilter) -> Result<Vec<Revision>, StoreError>;

    /// The active product with this SKU, without regard to case, this GTIN, with or without zeros in front, or this slug.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the index is not ready.
    fn find_by_code(&self, code: &str) -> Result<Option<Revision>, StoreError>;

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
