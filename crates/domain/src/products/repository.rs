use async_trait::async_trait;
use garde::Valid;

use super::{
    Expected, NewProduct, Page, Product, ProductChanges, ProductQuery, ProductSearch, Revision,
    SearchPage, SearchText, Suggestion,
};
use crate::{Slug, StoreError};

/// Why a product was not written. Nothing of the write happened.
#[derive(Debug, thiserror::Error)]
pub enum ProductError {
    /// There is no product of this slug.
    #[error("there is no such product")]
    NotFound,
    /// The product is not in the state that the caller expected, but in this one.
    #[error("the product has changed")]
    Changed(Revision),
    /// Another product, active or not, has this slug.
    #[error("the slug {0} is taken")]
    SlugTaken(Slug),
    /// These categories don't exist.
    #[error("there are no such categories: {}", named(.0))]
    UnknownCategories(Vec<Slug>),
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn named(slugs: &[Slug]) -> String {
    let names: Vec<&str> = slugs.iter().map(Slug::as_str).collect();
    names.join(", ")
}

/// Why nothing was looked for.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The store has made no such cursor.
    #[error("there is no such place in a search")]
    UnknownCursor,
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Where products are kept. A write is whole or not at all, and what it returned is kept from then on.
#[async_trait]
pub trait ProductRepository: Send + Sync {
    /// One page of a list. A cursor shows each product at most once, and every product that was there all the time
    /// exactly once, whatever is inserted or removed meanwhile.
    async fn list(&self, query: &ProductQuery) -> Result<Page<Product>, StoreError>;

    /// One page of what a search found; ties are broken by id. Of more hits than are counted, a store may rank a part. No
    /// text makes it fail. A cursor keeps the promise of those of lists, as long as the words of products stay.
    ///
    /// # Errors
    /// [`SearchError::UnknownCursor`] for a cursor that is not of this store, or of another sort.
    async fn search(&self, search: &ProductSearch) -> Result<SearchPage, SearchError>;

    /// At most `limit` active products that may be meant by a text that is still being typed, best first.
    async fn suggest(&self, text: &SearchText, limit: u8) -> Result<Vec<Suggestion>, StoreError>;

    /// The product of this slug, active or not.
    async fn find(&self, slug: &Slug) -> Result<Option<Product>, StoreError>;

    /// The product that once had this slug, which no other one has taken since.
    async fn find_by_former_slug(&self, slug: &Slug) -> Result<Option<Product>, StoreError>;

    /// Makes a product with version 1.
    ///
    /// # Errors
    /// [`ProductError::SlugTaken`], also when another call makes the same slug at the same time: one of them wins.
    /// [`ProductError::UnknownCategories`] names every category that doesn't exist.
    async fn create(&self, slug: Slug, product: Valid<NewProduct>)
    -> Result<Product, ProductError>;

    /// Changes what is given and raises the version by one, if the product is as expected at that very moment.
    ///
    /// # Errors
    /// [`ProductError::NotFound`] before [`ProductError::Changed`] before the others of
    /// [`create`](ProductRepository::create).
    async fn update(
        &self,
        slug: &Slug,
        changes: Valid<ProductChanges>,
        expected: Expected,
    ) -> Result<Product, ProductError>;

    /// Removes the product with all that hangs on it, if it is as expected at that very moment.
    ///
    /// # Errors
    /// [`ProductError::NotFound`] before [`ProductError::Changed`].
    async fn remove(&self, slug: &Slug, expected: Expected) -> Result<(), ProductError>;
}
