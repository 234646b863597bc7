//! Reads products from the source and applies them to the index.

use std::collections::BTreeSet;
use std::sync::Arc;

use eggypro_domain::Slug;
use eggypro_domain::products::ProductId;
use tokio::task::spawn_blocking;

use super::differences::Differences;
use super::{BATCH, Failure, Inner, panicked};
use crate::Changes;

impl Inner {
    /// Reads and applies products by slug.
    pub(super) async fn apply_slugs(&self, slugs: BTreeSet<Slug>) -> Result<(), Failure> {
        let slugs: Vec<Slug> = slugs.into_iter().collect();
        for slugs in slugs.chunks(BATCH) {
            let products = self.source.by_slugs(slugs.to_vec()).await?;
            let is_found = |id: &ProductId| products.iter().any(|product| product.id == *id);
            let mut gone: Vec<ProductId> = slugs
                .iter()
                .filter_map(|slug| self.index.id_of(slug))
                .collect();
            gone.retain(|id| !is_found(id));
            // A product without the slug that the index has was removed or renamed.
            let moved = self.source.by_ids(gone.clone()).await?;
            gone.retain(|id| !moved.iter().any(|product| product.id == *id));
            let products = products.into_iter().chain(moved).collect();
            self.apply_changes(Changes { products, gone }).await?;
        }
        Ok(())
    }

    /// Compares the versions of all products with the source, and applies the differences.
    pub(super) async fn compare(&self) -> Result<(), Failure> {
        self.follow_synonyms().await?;
        let now = self.source.versions().await?;
        let known = self.index.versions();
        let Differences { changed, gone } = Differences::between(&known, &now);
        if changed.is_empty() && gone.is_empty() {
            return Ok(());
        }
        let (count, of_gone) = (changed.len(), gone.len());
        self.apply_changes(Changes {
            products: vec![],
            gone,
        })
        .await?;
        for ids in changed.chunks(BATCH) {
            let products = self.source.by_ids(ids.to_vec()).await?;
            let gone = vec![];
            self.apply_changes(Changes { products, gone }).await?;
        }
        tracing::debug!(
            changed = count,
            gone = of_gone,
            "the catalogue index has caught up"
        );
        Ok(())
    }

    pub(super) async fn follow_synonyms(&self) -> Result<(), Failure> {
        let synonyms = self.source.synonyms().await?;
        let index = Arc::clone(&self.index);
        let setting = spawn_blocking(move || index.set_synonyms(&synonyms));
        setting.await.map_err(panicked)
    }

    pub(super) async fn apply_changes(&self, changes: Changes) -> Result<(), Failure> {
        // This is fast enough for the event loop.
        if !self.index.has_new_words(&changes) {
            return self.index.apply(&changes).map_err(Failure::Index);
        }
        let index = Arc::clone(&self.index);
        let applying = spawn_blocking(move || index.apply(&changes));
        applying.await.map_err(panicked)?.map_err(Failure::Index)
    }
}
