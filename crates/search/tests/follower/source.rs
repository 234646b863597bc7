use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use async_trait::async_trait;
use eggypro_domain::products::{
    PageSize, Product, ProductId, ProductIndex, ProductQuery, ProductRepository, ProductSource,
    RowVersion, StatusFilter,
};
use eggypro_domain::synonyms::{SynonymRepository, Synonyms};
use eggypro_domain::testing::InMemoryShop;
use eggypro_domain::{Slug, StoreError};

/// A shop in memory with injected failures.
#[derive(Default)]
pub(super) struct Source {
    pub(super) shop: InMemoryShop,
    /// The number of calls that will fail.
    pub(super) refusals: AtomicUsize,
    /// Whether the next read of all products fails after one product.
    pub(super) breaks: AtomicBool,
    /// Whether all products were read.
    pub(super) is_read: AtomicBool,
}

impl Source {
    fn answer(&self) -> Result<(), StoreError> {
        let is_refused = |left: usize| left.checked_sub(1);
        let refused = self
            .refusals
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, is_refused);
        match refused {
            Ok(_) => Err(StoreError::Unavailable("away".into())),
            Err(_) => Ok(()),
        }
    }

    async fn products(&self) -> Vec<Product> {
        let mut query = ProductQuery::default();
        query.filter.status = StatusFilter::All;
        query.limit = PageSize::MAX;
        let listed = ProductIndex::list(&self.shop, &query).unwrap();
        let shop: &dyn ProductRepository = &self.shop;
        let mut products = shop.read(&listed.items).await.unwrap();
        products.sort_by_key(|product| product.id);
        products
    }
}

#[async_trait]
impl ProductSource for Source {
    async fn all(
        &self,
        mut take: Box<dyn FnMut(Vec<Product>) -> bool + Send>,
    ) -> Result<(), StoreError> {
        self.answer()?;
        for product in self.products().await {
            take(vec![product]);
            if self.breaks.swap(false, Ordering::SeqCst) {
                return Err(StoreError::Unavailable("gone in the middle".into()));
            }
        }
        self.is_read.store(true, Ordering::SeqCst);
        Ok(())
    }

    async fn versions(&self) -> Result<Vec<(ProductId, RowVersion)>, StoreError> {
        self.answer()?;
        let products = self.products().await;
        let versions = products
            .iter()
            .map(|product| (product.id, RowVersion::of(product)));
        Ok(versions.collect())
    }

    async fn by_ids(&self, ids: Vec<ProductId>) -> Result<Vec<Product>, StoreError> {
        self.answer()?;
        let mut products = self.products().await;
        products.retain(|product| ids.contains(&product.id));
        Ok(products)
    }

    async fn by_slugs(&self, slugs: Vec<Slug>) -> Result<Vec<Product>, StoreError> {
        self.answer()?;
        let mut products = self.products().await;
        products.retain(|product| slugs.contains(&product.slug));
        Ok(products)
    }

    async fn synonyms(&self) -> Result<Synonyms, StoreError> {
        self.answer()?;
        SynonymRepository::read(&self.shop).await
    }
}
