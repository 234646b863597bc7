//! Compares the whole index with its source.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use async_trait::async_trait;
use eggypro_domain::StoreError;
use eggypro_domain::products::{
    IndexCheck, IndexComparison, IndexMismatch, MismatchKind, Product, ProductId,
};
use tokio::task::spawn_blocking;
use tokio::time;

use super::{BATCH, Failure, Follower, Inner, Pending, READ_AHEAD, panicked};
use crate::index::{CatalogueIndex, Changes};

/// How often a mismatch is looked at again before it counts, and how long after.
const CONFIRMATIONS: usize = 5;
const PAUSE: Duration = Duration::from_millis(200);

#[async_trait]
impl IndexCheck for Follower {
    async fn check(&self) -> Result<IndexComparison, StoreError> {
        let _guard = self.0.check_lock.lock().await;
        let inner = Arc::clone(&self.0);
        let checked = tokio::spawn(async move { inner.check().await }).await;
        checked.map_err(panicked).flatten().map_err(|failure| {
            if matches!(failure, Failure::Index(_)) {
                self.0.requeue(Pending::default(), &failure);
            }
            failure.into()
        })
    }
}

impl Inner {
    /// Compares all products, and replaces in the index what differs.
    pub(super) async fn check(&self) -> Result<IndexComparison, Failure> {
        if !self.index.is_filled() {
            let reason = "the catalogue index is not filled yet".into();
            return Err(StoreError::Unavailable(reason).into());
        }
        let (products, mut mismatches) = self.compare_all().await?;
        for _ in 0..CONFIRMATIONS {
            if mismatches.is_empty() {
                return Ok(IndexComparison::new(products, mismatches));
            }
            // What has changed since it was read, or is on its way here, is no mismatch.
            time::sleep(PAUSE).await;
            mismatches = self.confirm(&mismatches).await?;
        }
        let _guard = self.apply_lock.lock().await;
        let ids: Vec<ProductId> = mismatches.iter().map(|of| of.product).collect();
        for ids in ids.chunks(BATCH) {
            // Removed first, so that nothing of them stays.
            let (gone, products) = (ids.to_vec(), vec![]);
            self.apply_changes(Changes { products, gone }).await?;
            let (gone, products) = (vec![], self.source.by_ids(ids.to_vec()).await?);
            self.apply_changes(Changes { products, gone }).await?;
        }
        let count = mismatches.len();
        self.mismatches.fetch_add(count as u64, Ordering::Relaxed);
        let first = &mismatches[..count.min(20)];
        tracing::warn!(
            count,
            ?first,
            "the catalogue index differed from the database and was mended"
        );
        Ok(IndexComparison::new(products, mismatches))
    }

    /// The number of products, and those that differ from one snapshot of the source.
    async fn compare_all(&self) -> Result<(u64, Vec<IndexMismatch>), Failure> {
        let (tell, told) = sync_channel::<Vec<Product>>(READ_AHEAD);
        let index = Arc::clone(&self.index);
        let comparing = spawn_blocking(move || {
            let (mut seen, mut mismatches) = (vec![], vec![]);
            for products in told {
                let of_each = products.iter();
                mismatches.extend(of_each.filter_map(|of| mismatch(&index, of.id, Some(of))));
                seen.extend(products.iter().map(|product| product.id));
            }
            let known = index.versions().into_iter().map(|(id, _)| id);
            let surplus = known.filter(|id| seen.binary_search(id).is_err());
            mismatches.extend(surplus.filter_map(|id| mismatch(&index, id, None)));
            (seen.len() as u64, mismatches)
        });
        let all = self
            .source
            .all(Box::new(move |products| tell.send(products).is_ok()));
        let all = all.await;
        let compared = comparing.await;
        all?;
        compared.map_err(panicked)
    }

    /// Those that still differ, while nothing is applied.
    async fn confirm(&self, mismatches: &[IndexMismatch]) -> Result<Vec<IndexMismatch>, Failure> {
        let _guard = self.apply_lock.lock().await;
        let mut confirmed = vec![];
        for mismatches in mismatches.chunks(BATCH) {
            let ids: Vec<ProductId> = mismatches.iter().map(|of| of.product).collect();
            let products = self.source.by_ids(ids.clone()).await?;
            let still = |id: ProductId| {
                let product = products.iter().find(|product| product.id == id);
                mismatch(&self.index, id, product)
            };
            confirmed.extend(ids.into_iter().filter_map(still));
        }
        Ok(confirmed)
    }
}

/// How an index differs from a product, or from there being none with this id.
fn mismatch(
    index: &CatalogueIndex,
    id: ProductId,
    product: Option<&Product>,
) -> Option<IndexMismatch> {
    let kind = match product {
        Some(product) if index.holds(product) => return None,
        Some(_) if index.contains(id) => MismatchKind::Different,
        Some(_) => MismatchKind::Missing,
        None if index.contains(id) => MismatchKind::Surplus,
        None => return None,
    };
    Some(IndexMismatch { product: id, kind })
}
