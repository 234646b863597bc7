use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use garde::{Unvalidated, Valid};

use super::{
    Atomicity, Expected, NewProduct, OperationError, Page, Product, ProductChanges, ProductError,
    ProductFilter, ProductId, ProductIndex, ProductOperation, ProductQuery, ProductRepository,
    ProductSearch, Revision, SearchError, SearchHit, SearchPage, SearchText, Suggestion, Written,
};
use crate::{Slug, StoreError};

/// The use cases of products.
///
/// ```
/// # pollster::block_on(async {
/// use std::sync::Arc;
/// use eggypro_domain::{Unvalidated, products::{NewProduct, ProductService}, testing::InMemoryShop};
///
/// let shop = Arc::new(InMemoryShop::default());
/// let products = ProductService::new(shop.clone(), shop);
/// let product = Unvalidated::new(NewProduct::example()).validate()?;
/// let product = products.create(product).await?;
/// assert_eq!(product.slug.as_str(), "eggypro-vanilla-1kg");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
#[derive(Clone)]
pub struct ProductService {
    store: Arc<dyn ProductRepository>,
    index: Arc<dyn ProductIndex>,
}

impl ProductService {
    /// Maximum number of suggestions.
    const SUGGESTIONS: u8 = 8;

    /// Maximum number of products that are shown as variants of one another.
    pub const MAX_VARIANTS: usize = 500;

    /// A service over a store and its index.
    pub fn new(store: Arc<dyn ProductRepository>, index: Arc<dyn ProductIndex>) -> Self {
        Self { store, index }
    }

    /// Whether the index is ready for lists and searches.
    pub fn is_ready(&self) -> bool {
        self.index.is_ready()
    }

    /// One page of a list. The caller checks who may see inactive products.
    ///
    /// # Errors
    /// If the index or the store is unavailable or fails.
    pub async fn list(&self, query: &ProductQuery) -> Result<Page<Product>, StoreError> {
        let Page {
            items,
            total,
            next,
            facets,
        } = self.index.list(query)?;
        let mut items = self.in_order(&items).await?;
        // A product may have changed after the query and not match any more.
        items.retain(|product| query.filter.matches(product));
        Ok(Page {
            items,
            total,
            next,
            facets,
        })
    }

    /// The active products of a group by id, at most [`MAX_VARIANTS`](Self::MAX_VARIANTS).
    ///
    /// # Errors
    /// If the index or the store is unavailable or fails.
    pub async fn variants(&self, group: &Slug) -> Result<Vec<Product>, StoreError> {
        let filter = ProductFilter {
            group: Some(group.clone()),
            ..ProductFilter::default()
        };
        let mut revisions = self.index.matching(&filter)?;
        revisions.truncate(Self::MAX_VARIANTS);
        let mut variants = self.in_order(&revisions).await?;
        // A product may have left the group after the query.
        variants.retain(|product| filter.matches(product));
        Ok(variants)
    }

    /// The active product with a SKU, a GTIN or a slug.
    ///
    /// # Errors
    /// If the index or the store is unavailable or fails.
    pub async fn find_by_code(&self, code: &str) -> Result<Option<Product>, StoreError> {
        let found = self.index.find_by_code(code)?;
        let products = self.in_order(found.as_slice()).await?;
        Ok(products.into_iter().find(|product| product.is_active))
    }

    /// The active products of these ids, by id.
    ///
    /// # Errors
    /// If the index or the store is unavailable or fails.
    pub async fn active_by_ids(&self, ids: &[ProductId]) -> Result<Vec<Product>, StoreError> {
        if ids.is_empty() {
            return Ok(vec![]);
        }
        let filter = ProductFilter {
            ids: ids.to_vec(),
            ..ProductFilter::default()
        };
        let mut products = self.in_order(&self.index.matching(&filter)?).await?;
        products.retain(|product| product.is_active);
        Ok(products)
    }

    /// One page of a ranked search. The caller checks who may see inactive products.
    ///
    /// # Errors
    /// See [`ProductIndex::search`]. Also if the store is unavailable or fails.
    pub async fn search(&self, search: &ProductSearch) -> Result<SearchPage, SearchError> {
        let found = self.index.search(search)?;
        let mut products = self.in_order(&found.products).await?;
        products.retain(|product| search.filter.matches(product));
        let hits = products.into_iter().map(|product| SearchHit {
            highlight: found.highlighter.highlight(&product),
            product,
        });
        Ok(SearchPage {
            hits: hits.collect(),
            total: found.total,
            next: found.next,
            facets: found.facets,
        })
    }

    /// At most eight products that match an incomplete text.
    ///
    /// # Errors
    /// If the index or the store is unavailable or fails.
    pub async fn suggest(&self, text: &SearchText) -> Result<Vec<Suggestion>, StoreError> {
        let found = self.index.suggest(text, Self::SUGGESTIONS)?;
        let products = self.in_order(&found).await?.into_iter();
        let active = products.filter(|product| product.is_active);
        Ok(active.map(Suggestion::of).collect())
    }

    /// All products that match a filter, by id. Asks only the index; that takes milliseconds for a million products, so call
    /// it where it blocks nothing.
    ///
    /// # Errors
    /// If the index is unavailable or fails.
    pub fn matching(&self, filter: &ProductFilter) -> Result<Vec<Revision>, StoreError> {
        self.index.matching(filter)
    }

    /// Reads products in this order, as they are now. Leaves out products that no longer exist.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    pub async fn read_all(&self, revisions: &[Revision]) -> Result<Vec<Product>, StoreError> {
        self.in_order(revisions).await
    }

    /// Like [`read_all`](Self::read_all), with the inactive categories of the products too.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    pub async fn read_complete(&self, revisions: &[Revision]) -> Result<Vec<Product>, StoreError> {
        let products = self.store.read_complete(revisions).await?;
        Ok(in_order_of(revisions, products))
    }

    /// Reads products in this order. Leaves out products that no longer exist.
    async fn in_order(&self, revisions: &[Revision]) -> Result<Vec<Product>, StoreError> {
        if revisions.is_empty() {
            return Ok(vec![]);
        }
        let products = self.store.read(revisions).await?;
        Ok(in_order_of(revisions, products))
    }

    /// The active product with this slug.
    ///
    /// # Errors
    /// [`ProductError::NotFound`] if there is none or it is inactive.
    pub async fn read(&self, slug: &Slug) -> Result<Product, ProductError> {
        let product = self.store.find(slug).await?;
        product
            .filter(|product| product.is_active)
            .ok_or(ProductError::NotFound)
    }

    /// The product with this slug, active or not. The caller checks who may see inactive ones.
    ///
    /// # Errors
    /// [`ProductError::NotFound`].
    pub async fn read_any(&self, slug: &Slug) -> Result<Product, ProductError> {
        let product = self.store.find(slug).await?;
        product.ok_or(ProductError::NotFound)
    }

    /// The product that had this slug before, active or not, unless another product has it now.
    ///
    /// # Errors
    /// [`ProductError::NotFound`].
    pub async fn read_by_former_slug(&self, slug: &Slug) -> Result<Product, ProductError> {
        let product = self.store.find_by_former_slug(slug).await?;
        product.ok_or(ProductError::NotFound)
    }

    /// Creates a product. A missing slug is made from the name.
    ///
    /// # Errors
    /// See [`ProductRepository::create`].
    pub async fn create(&self, product: Valid<NewProduct>) -> Result<Product, ProductError> {
        let slug = product
            .slug()
            .ok_or_else(|| StoreError::Unexpected("a valid product has no slug".into()))?;
        self.store.create(slug, product).await
    }

    /// Changes the given fields of a product.
    ///
    /// # Errors
    /// See [`ProductRepository::update`].
    pub async fn update(
        &self,
        slug: &Slug,
        changes: Valid<ProductChanges>,
        expected: Expected,
    ) -> Result<Product, ProductError> {
        self.store.update(slug, changes, expected).await
    }

    /// Deactivates a product: it is no longer public, but keeps its data.
    ///
    /// # Errors
    /// [`ProductError::NotFound`] and [`ProductError::Changed`].
    pub async fn deactivate(&self, slug: &Slug, expected: Expected) -> Result<(), ProductError> {
        let changes = ProductChanges {
            is_active: Some(false),
            ..ProductChanges::default()
        };
        let changes = Unvalidated::new(changes)
            .validate()
            .map_err(|report| StoreError::Unexpected(report.into()))?;
        self.store.update(slug, changes, expected).await.map(drop)
    }

    /// Makes several writes together.
    ///
    /// # Errors
    /// See [`ProductRepository::write_all`].
    pub async fn write_all(
        &self,
        operations: Vec<ProductOperation>,
        atomicity: Atomicity,
    ) -> Result<Vec<Result<Written, OperationError>>, StoreError> {
        self.store.write_all(operations, atomicity).await
    }

    /// Removes a product with its reviews and category links.
    ///
    /// # Errors
    /// See [`ProductRepository::remove`].
    pub async fn remove(&self, slug: &Slug, expected: Expected) -> Result<(), ProductError> {
        self.store.remove(slug, expected).await
    }
}

impl fmt::Debug for ProductService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProductService").finish_non_exhaustive()
    }
}

/// The products in the order of these revisions.
fn in_order_of(revisions: &[Revision], mut products: Vec<Product>) -> Vec<Product> {
    let places: HashMap<_, _> = revisions.iter().map(|of| of.id).zip(0..).collect();
    products.sort_by_key(|product| places.get(&product.id).copied().unwrap_or(usize::MAX));
    products
}

#[cfg(test)]
mod tests {
    use pollster::block_on;

    use super::*;
    use crate::products::NewProduct;
    use crate::testing::InMemoryShop;

    fn products() -> (ProductService, Product) {
        let shop = Arc::<InMemoryShop>::default();
        let products = ProductService::new(shop.clone(), shop);
        let product = Unvalidated::new(NewProduct::example()).validate().unwrap();
        let product = block_on(products.create(product)).unwrap();
        (products, product)
    }

    #[test]
    fn a_deactivated_product_is_hidden_and_a_removed_one_is_gone() {
        let (products, product) = products();
        assert!(products.is_ready());
        let slug = &product.slug;
        block_on(products.deactivate(slug, Expected::Any)).unwrap();
        let hidden = block_on(products.read(slug));
        assert!(matches!(hidden, Err(ProductError::NotFound)));
        assert!(!block_on(products.read_any(slug)).unwrap().is_active);
        block_on(products.remove(slug, Expected::Any)).unwrap();
        let gone = block_on(products.read_any(slug));
        assert!(matches!(gone, Err(ProductError::NotFound)));
    }

    #[test]
    fn each_of_several_writes_has_its_result() {
        let (products, product) = products();
        let remove = || ProductOperation::Remove(product.slug.clone(), Expected::Any);
        let twice = vec![remove(), remove()];
        let results = block_on(products.write_all(twice, Atomicity::EachForItself)).unwrap();
        assert!(matches!(results[..], [Ok(Written::Removed), Err(_)]));
    }
}
