use async_trait::async_trait;
use garde::Valid;

use super::{Expected, NewProduct, Product, ProductChanges, Revision};
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
    /// The index has made no such cursor.
    #[error("there is no such place in a search")]
    UnknownCursor,
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Where products are kept. A write is whole or not at all, and what it returned is kept from then on.
#[async_trait]
pub trait ProductRepository: Send + Sync {
    /// The products with these ids, in no order, either current or of the given version. Those that do not exist are left out.
    async fn read(&self, revisions: &[Revision]) -> Result<Vec<Product>, StoreError>;

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
