//! Products: what the shop sells.

mod facets;
mod index;
mod input;
mod name_key;
mod product;
mod query;
mod repository;
mod search;
mod service;

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
pub use product::{CategoryRef, Expected, MAX_IMAGES, Product, ProductId, Rating, Revision};
pub use query::{
    COUNT_LIMIT, Cursor, InvalidPageSize, MAX_OFFSET, Page, PageSize, ProductFilter, ProductQuery,
    ProductSort, SortKey, Start, StatusFilter, Total,
};
pub use repository::{ProductError, ProductRepository, SearchError};
pub use search::{
    Highlight, InvalidSearchText, ProductSearch, SearchCursor, SearchHit, SearchPage, SearchText,
    Suggestion,
};
pub use service::ProductService;
