//! Products: what the shop sells.

mod facets;
mod input;
mod product;
mod query;
mod repository;
mod service;

pub use facets::{
    CategoryCount, Facet, FacetSet, Facets, PriceCount, PriceFacet, PriceRange, RatingCount,
    StockFacet, UnknownPriceRange,
};
pub use input::{NewProduct, ProductChanges};
pub use product::{CategoryRef, Expected, MAX_IMAGES, Product, ProductId, Rating, Revision};
pub use query::{
    COUNT_LIMIT, Cursor, Highlight, InvalidPageSize, InvalidSearchText, MAX_OFFSET, Page, PageSize,
    Place, ProductFilter, ProductQuery, ProductSearch, ProductSort, SearchCursor, SearchHit,
    SearchPage, SearchText, SortKey, Start, StatusFilter, Suggestion, Total,
};
pub use repository::{ProductError, ProductRepository, SearchError};
pub use service::ProductService;
