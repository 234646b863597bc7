//! Products: reading, searching, writing, importing stock and images into them.

mod bulk;
mod export;
mod facets;
mod filter;
mod food;
mod input;
mod list;
mod patch;
mod product;
mod search;
mod suggest;

pub use self::bulk::{BulkResult, BulkResults, BulkWrite, Operation};
pub use self::export::{ExportFormat, ExportProducts};
pub use self::facets::{
    CategoryCount, FacetName, Facets, NamedCount, PriceFacet, PriceRange, RatingCount, StockFacet,
};
pub use self::filter::{ProductFilter, Status, StockState};
pub use self::food::{Allergen, Diet, Food, Nutrition, NutritionBasis};
pub use self::input::{MediaInput, NewProduct};
pub use self::list::{ListProducts, ProductPage, SortProducts};
pub use self::patch::{FoodPatch, NutritionPatch, ProductPatch, SeoPatch};
pub use self::product::{
    CategoryReference, ContentUnit, Media, NetContent, Product, Rating, Seo, UnitPrice,
};
pub use self::search::{Highlight, SearchHit, SearchProducts, SearchSort};
pub use self::suggest::{Suggestion, Suggestions};

use serde_json::Value;

use crate::operation as op;
use crate::request::Request;
use crate::{Call, Client, Versioned};

/// The calls of products. See [`Client::products`].
#[derive(Debug, Clone, Copy)]
pub struct Products<'a>(pub(crate) &'a Client);

impl Client {
    /// Products.
    pub fn products(&self) -> Products<'_> {
        Products(self)
    }
}

impl Products<'_> {
    /// Reads a product. An unchanged one is not transferred again.
    ///
    /// # Errors
    /// 404 if it does not exist, or is inactive and the caller lacks `products:read`.
    pub fn get(&self, slug: &str) -> Call<Versioned<Product>> {
        Call::versioned(self.0, Request::new(&op::READ_PRODUCT, &[&slug]))
    }

    /// Creates a product.
    ///
    /// # Errors
    /// 409 if its slug, SKU or GTIN is taken, 422 if a field breaks a rule.
    pub fn create(&self, product: &NewProduct) -> Call<Versioned<Product>> {
        let request = Request::new(&op::CREATE_PRODUCT, &[]);
        Call::versioned(self.0, request.json(product))
    }

    /// Replaces every field of a product that can be written.
    ///
    /// # Errors
    /// 404, 409 if its slug, SKU or GTIN is taken, 412 if `if_match` does not hold, 422 if a field breaks a rule.
    pub fn replace(&self, slug: &str, product: &NewProduct) -> Call<Versioned<Product>> {
        let request = Request::new(&op::REPLACE_PRODUCT, &[&slug]);
        Call::versioned(self.0, request.json(product))
    }

    /// Changes some fields of a product.
    ///
    /// # Errors
    /// As for [`replace`](Self::replace).
    pub fn patch(&self, slug: &str, patch: &ProductPatch) -> Call<Versioned<Product>> {
        let request = Request::new(&op::PATCH_PRODUCT, &[&slug]);
        Call::versioned(self.0, request.merge_patch(patch))
    }

    /// Makes a product inactive. Its data stay.
    ///
    /// # Errors
    /// 404, 412 if `if_match` does not hold.
    pub fn deactivate(&self, slug: &str) -> Call<()> {
        Call::empty(self.0, Request::new(&op::DELETE_PRODUCT, &[&slug]))
    }

    /// Removes a product with its reviews and stored images.
    ///
    /// # Errors
    /// 404, 412 if `if_match` does not hold.
    pub fn remove(&self, slug: &str) -> Call<()> {
        let request = Request::new(&op::DELETE_PRODUCT, &[&slug]);
        let request = request.query(|query| {
            query.add("permanent", Some(true));
        });
        Call::empty(self.0, request)
    }

    /// Makes up to 500 writes in one request.
    ///
    /// # Errors
    /// If it is atomic and a write fails, 409 or 422 with the [results](crate::Problem::results) of all.
    pub fn bulk(&self, write: &BulkWrite) -> Call<BulkResults> {
        let request = Request::new(&op::WRITE_PRODUCTS, &[]);
        Call::json(self.0, request.json(write))
    }

    /// Reads a product as search engines do: schema.org in JSON-LD.
    ///
    /// # Errors
    /// 404 if there is no such active product.
    pub fn json_ld(&self, slug: &str) -> Call<Value> {
        let request = Request::new(&op::READ_PRODUCT_JSONLD, &[&slug]);
        Call::new(self.0, request, crate::answer::Answer::json)
    }
}
