//! Products that the shop sells.

mod bulk;
mod changes;
mod codes;
mod facets;
mod food;
mod gtin;
mod index;
mod input;
mod name_key;
mod net_content;
mod page;
mod product;
mod query;
mod repository;
mod search;
mod seo;
mod service;
mod sku;
mod sort;
mod variant;
mod variant_group;

pub use bulk::{Atomicity, OperationError, ProductOperation, Written};
pub use changes::{
    Contradiction, FoodChanges, Nested, NetContentChanges, NutritionChanges, OptionChanges,
    ProductChanges, SeoChanges, alt_texts,
};
pub use codes::ProductCodes;
pub use facets::{
    CategoryCount, Facet, FacetSet, Facets, PriceCount, PriceFacet, PriceRange, RatingCount,
    StockFacet, UnknownPriceRange,
};
pub use food::{
    Allergen, Country, Diet, Food, InvalidCountry, Nutrient, Nutrition, NutritionBasis,
    UnknownAllergen, UnknownDiet, UnknownNutritionBasis,
};
pub use gtin::{Gtin, InvalidGtin};
pub use index::{
    Found, Highlighter, IndexCheck, IndexComparison, IndexMismatch, MismatchKind, ProductIndex,
    ProductSource, RowVersion,
};
pub use input::NewProduct;
pub use name_key::NameKey;
pub use net_content::{
    ContentUnit, InvalidNetContent, NetContent, UnitMeasure, UnitPrice, UnknownContentUnit,
};
pub use page::{COUNT_LIMIT, InvalidPageSize, Page, PageSize, Total};
pub use product::{CategoryRef, Expected, MAX_IMAGES, Product, ProductId, Rating, Revision};
pub use query::{
    Cursor, MAX_OFFSET, ProductFilter, ProductQuery, Start, StatusFilter, StockFilter,
};
pub use repository::{ProductError, ProductRepository, SearchError};
pub use search::{
    Highlight, InvalidSearchText, ProductSearch, SearchCursor, SearchHit, SearchPage, SearchText,
    Suggestion,
};
pub use seo::Seo;
pub use service::ProductService;
pub use sku::{InvalidSku, Sku};
pub use sort::{ProductSort, SortKey};
pub use variant::ProductOption;
pub use variant_group::VariantClash;
