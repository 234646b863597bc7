use std::collections::HashMap;

use async_trait::async_trait;
use garde::Valid;

use super::{
    Atomicity, CategoryRef, Contradiction, Expected, NewProduct, OperationError, Product,
    ProductChanges, ProductCodes, ProductId, ProductOperation, Revision, VariantClash, Written,
};
use crate::{Slug, StoreError};

/// Why a product was not read or written. A failed write has no effect.
#[derive(Debug, thiserror::Error)]
pub enum ProductError {
    /// There is no product with this slug.
    #[error("there is no such product")]
    NotFound,
    /// The product does not have the revision that the caller expected. Contains the current one.
    #[error("the product has changed")]
    Changed(Revision),
    /// Another product, active or not, has this slug.
    #[error("the slug {0} is taken")]
    SlugTaken(Slug),
    /// Another product has this SKU.
    #[error("the SKU is taken")]
    SkuTaken,
    /// Another product has this GTIN.
    #[error("the GTIN is taken")]
    GtinTaken,
    /// Another product of the group has other option names, or the same values.
    #[error("{0}")]
    VariantClash(VariantClash),
    /// The change and what the product already has would break these rules together.
    #[error("the changed product would break a rule")]
    Contradicts(Vec<Contradiction>),
    /// These categories do not exist.
    #[error("there are no such categories: {}", named(.0))]
    UnknownCategories(Vec<Slug>),
    /// The store is unavailable or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn named(slugs: &[Slug]) -> String {
    let names: Vec<&str> = slugs.iter().map(Slug::as_str).collect();
    names.join(", ")
}

/// Why a search failed.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The cursor is not from this index, or belongs to another sort.
    #[error("there is no such place in a search")]
    UnknownCursor,
    /// The store is unavailable or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Stores products. Writes are atomic, and durable once they return.
#[async_trait]
pub trait ProductRepository: Send + Sync {
    /// The products with these ids, in any order, either current or of the given version. Those that do not exist are
    /// left out.
    async fn read(&self, revisions: &[Revision]) -> Result<Vec<Product>, StoreError>;

    /// The categories of the products with these ids, also inactive ones, which products don't show; by product, then by
    /// name.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn all_categories(
        &self,
        products: &[ProductId],
    ) -> Result<Vec<(ProductId, CategoryRef)>, StoreError>;

    /// Like [`read`](Self::read), with the inactive categories of the products too.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn read_complete(&self, revisions: &[Revision]) -> Result<Vec<Product>, StoreError> {
        if revisions.is_empty() {
            return Ok(vec![]);
        }
        let mut products = self.read(revisions).await?;
        let ids: Vec<ProductId> = products.iter().map(|product| product.id).collect();
        let mut categories = HashMap::<_, Vec<_>>::new();
        for (product, category) in self.all_categories(&ids).await? {
            categories.entry(product).or_default().push(category);
        }
        for product in &mut products {
            product.categories = categories.remove(&product.id).unwrap_or_default();
        }
        Ok(products)
    }

    /// The product with this slug, active or not.
    async fn find(&self, slug: &Slug) -> Result<Option<Product>, StoreError>;

    /// The product that had this slug before, unless another product has it now.
    async fn find_by_former_slug(&self, slug: &Slug) -> Result<Option<Product>, StoreError>;

    /// For each of these codes, the product, active or not: that with the SKU, else that with the GTIN, else that with the
    /// slug, where both of the latter have no SKU if the codes have one. `categories` also has the inactive ones. The answer is never older than the call, so a write of the caller
    /// may expect its revisions.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn find_by_codes(
        &self,
        codes: &[ProductCodes],
    ) -> Result<Vec<Option<Product>>, StoreError>;

    /// Creates a product with version 1.
    ///
    /// # Errors
    /// [`ProductError::SlugTaken`]. If two concurrent calls create the same slug, one of them succeeds.
    /// [`ProductError::UnknownCategories`] with every category that does not exist.
    async fn create(&self, slug: Slug, product: Valid<NewProduct>)
    -> Result<Product, ProductError>;

    /// Changes a product and increments its version, if it has the expected revision. If nothing changes, the version
    /// stays the same.
    ///
    /// # Errors
    /// [`ProductError::NotFound`] takes precedence over [`ProductError::Changed`], and that over
    /// [`ProductError::Contradicts`] and the errors of [`create`](ProductRepository::create).
    async fn update(
        &self,
        slug: &Slug,
        changes: Valid<ProductChanges>,
        expected: Expected,
    ) -> Result<Product, ProductError>;

    /// Activates and deactivates at most `limit` products whose [`publish_at`](Product::publish_at) or
    /// [`unpublish_at`](Product::unpublish_at) has come, and clears that time. Returns how many. Several servers can call
    /// it at the same time.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn switch_due(&self, limit: u32) -> Result<u64, StoreError>;

    /// Makes operations in one transaction, in order, and returns the result of each. Each sees what those before it
    /// have written. If any fails, [`AllOrNothing`](Atomicity::AllOrNothing) undoes all.
    ///
    /// # Errors
    /// If the store is unavailable or fails. Then no operation has an effect.
    async fn write_all(
        &self,
        operations: Vec<ProductOperation>,
        atomicity: Atomicity,
    ) -> Result<Vec<Result<Written, OperationError>>, StoreError>;

    /// Removes a product with its reviews and category links, if it has the expected revision.
    ///
    /// # Errors
    /// [`ProductError::NotFound`] takes precedence over [`ProductError::Changed`].
    async fn remove(&self, slug: &Slug, expected: Expected) -> Result<(), ProductError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_categories_are_named() {
        let slugs = ["bars", "drinks"].map(|slug| slug.parse().unwrap());
        let error = ProductError::UnknownCategories(slugs.to_vec());
        assert_eq!(
            error.to_string(),
            "there are no such categories: bars, drinks"
        );
    }
}
