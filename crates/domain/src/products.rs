//! Products that the shop sells.

mod bulk;
mod facets;
mod index;
mod input;
mod name_key;
mod page;
mod product;
mod query;
mod repository;
mod search;
mod service;

pub use bulk::{Atomicity, OperationError, ProductOperation, Written};
pub use facets::{
    CategoryCount, Facet, FacetSet, Facets, PriceCount, PriceFacet, PriceRange, RatingCount,
    StockFacet, UnknownPriceRange,
};
pub use index::{
    Found, Highlighter, IndexCheck, IndexComparison, IndexMismatch, MismatchKind, ProductIndex,
    ProductSource, RowVersion,
};
pub use input::{NewProduct, ProductChanges};
pub use name_key::NameKey;
pub use page::{COUNT_LIMIT, InvalidPageSize, Page, PageSize, Total};
pub use product::{CategoryRef, Expected, MAX_IMAGES, Product, ProductId, Rating, Revision};
pub use query::{
    Cursor, MAX_OFFSET, ProductFilter, ProductQuery, ProductSort, SortKey, Start, StatusFilter,
    StockFilter,
};
pub use repository::{ProductError, ProductRepository, SearchError};
pub use search::{
    Highlight, InvalidSearchText, ProductSearch, SearchCursor, SearchHit, SearchPage, SearchText,
    Suggestion,
};
pub use service::ProductService;
