//! Compares the whole index with its source.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use async_trait::async_trait;
use eggypro_domain::StoreError;
use eggypro_domain::products::{
    IndexCheck, IndexComparison, IndexMismatch, MismatchKind, Product, ProductId, RowVersion,
};
use tokio::task::spawn_blocking;
use tokio::time;

use super::{BATCH, Failure, Follower, Inner, Pending, READ_AHEAD, panicked};
use crate::index::{CatalogueIndex, Changes};

/// Number of times that a mismatch is checked again before it counts, and the interval.
const CONFIRMATIONS: usize = 5;
const PAUSE: Duration = Duration::from_millis(200);

/// A mismatch and the version in the source.
type Suspect = (IndexMismatch, Option<RowVersion>);

#[async_trait]
impl IndexCheck for Follower {
    async fn check(&self) -> Result<IndexComparison, StoreError> {
        // The task holds the lock, since it continues if the caller is cancelled.
        let one_at_a_time = Arc::clone(&self.0.check_lock).lock_owned().await;
        let inner = Arc::clone(&self.0);
        let checking = tokio::spawn(async move {
            let checked = inner.check().await;
            if let Err(failure @ Failure::Index(_)) = &checked {
                inner.requeue(Pending::default(), failure);
            }
            drop(one_at_a_time);
            checked
        });
        let checked = checking.await.map_err(panicked).flatten();
        checked.map_err(StoreError::from)
    }
}

impl Inner {
    /// Compares all products, and replaces in the index what differs.
    async fn check(&self) -> Result<IndexComparison, Failure> {
        if !self.index.is_filled() {
            let reason = "the catalogue index is not filled yet".into();
            return Err(StoreError::Unavailable(reason).into());
        }
        self.follow_synonyms().await?;
        let (products, mut suspects) = self.compare_all().await?;
        for _ in 0..CONFIRMATIONS {
            if suspects.is_empty() {
                return Ok(IndexComparison::new(products, vec![]));
            }
            time::sleep(PAUSE).await;
            // While disconnected, poll for unreported changes, so that they do not count as mismatches.
            if !self.is_connected.load(Ordering::SeqCst) {
                self.poll().await;
            }
            suspects = self.confirm(suspects).await?;
        }
        let mismatches: Vec<IndexMismatch> = suspects.iter().map(|(of, _)| *of).collect();
        for mismatches in mismatches.chunks(BATCH) {
            self.replace(mismatches.iter().map(|of| of.product).collect())
                .await?;
        }
        let count = mismatches.len();
        if count > 0 {
            self.mismatches.fetch_add(count as u64, Ordering::Relaxed);
            let first = &mismatches[..count.min(20)];
            tracing::warn!(
                count,
                ?first,
                "the catalogue index differed from the database and was mended"
            );
        }
        Ok(IndexComparison::new(products, mismatches))
    }

    /// The number of products, and the products that differ from one snapshot of the source.
    async fn compare_all(&self) -> Result<(u64, Vec<Suspect>), Failure> {
        let (sender, receiver) = sync_channel::<Vec<Product>>(READ_AHEAD);
        let index = Arc::clone(&self.index);
        let comparing = spawn_blocking(move || {
            let (mut seen, mut suspects) = (vec![], vec![]);
            for products in receiver {
                let of_each = products.iter();
                suspects.extend(of_each.filter_map(|of| suspect(&index, of.id, Some(of))));
                seen.extend(products.iter().map(|product| product.id));
            }
            let known = index.versions().into_iter().map(|(id, _)| id);
            let surplus = known.filter(|id| seen.binary_search(id).is_err());
            suspects.extend(surplus.filter_map(|id| suspect(&index, id, None)));
            (seen.len() as u64, suspects)
        });
        let take = Box::new(move |products| sender.send(products).is_ok());
        let all = self.source.all(take).await;
        let compared = comparing.await;
        all?;
        compared.map_err(panicked)
    }

    /// The suspects that still differ in the same version. If the version is another one, the change is on its way to
    /// the index, and the next check covers it.
    async fn confirm(&self, suspects: Vec<Suspect>) -> Result<Vec<Suspect>, Failure> {
        let mut confirmed = vec![];
        for suspects in suspects.chunks(BATCH) {
            let _guard = self.apply_lock.lock().await;
            let ids = suspects.iter().map(|(of, _)| of.product).collect();
            let products = self.source.by_ids(ids).await?;
            let still = |(of, version): &Suspect| {
                let product = products.iter().find(|product| product.id == of.product);
                let now = suspect(&self.index, of.product, product)?;
                (now.1 == *version).then_some(now)
            };
            confirmed.extend(suspects.iter().filter_map(still));
        }
        Ok(confirmed)
    }

    /// Replaces products in the index.
    async fn replace(&self, ids: Vec<ProductId>) -> Result<(), Failure> {
        let _guard = self.apply_lock.lock().await;
        let products = self.source.by_ids(ids.clone()).await?;
        // Remove them first, so that no old value remains.
        let (gone, none) = (ids, vec![]);
        let removal = Changes {
            products: none,
            gone,
        };
        self.apply_changes(removal).await?;
        let gone = vec![];
        self.apply_changes(Changes { products, gone }).await
    }
}

/// How the index differs from a product, or from its absence.
fn suspect(index: &CatalogueIndex, id: ProductId, product: Option<&Product>) -> Option<Suspect> {
    let kind = match product {
        Some(product) if index.holds(product) => return None,
        Some(_) if index.contains(id) => MismatchKind::Different,
        Some(_) => MismatchKind::Missing,
        None if index.contains(id) => MismatchKind::Surplus,
        None => return None,
    };
    let mismatch = IndexMismatch { product: id, kind };
    Some((mismatch, product.map(RowVersion::of)))
}
