//! Fills the index from its source.

use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::time::Instant;

use eggypro_domain::products::Product;
use tokio::task::spawn_blocking;

use super::{Failure, Inner, READ_AHEAD, panicked};

/// Number of products between two log messages about the progress of filling.
const PROGRESS: usize = 100_000;

impl Inner {
    /// Fills the index.
    pub(super) async fn fill(&self) -> Result<(), Failure> {
        let started = Instant::now();
        let (sender, receiver) = sync_channel::<Vec<Product>>(READ_AHEAD);
        let index = Arc::clone(&self.index);
        let applying = spawn_blocking(move || index.fill(receiver.into_iter()));
        let mut read = 0;
        let take = Box::new(move |products: Vec<Product>| {
            let before = read / PROGRESS;
            read += products.len();
            if read / PROGRESS > before {
                tracing::info!(products = read, "the catalogue index is being filled");
            }
            sender.send(products).is_ok()
        });
        let all = self.source.all(take).await;
        // Wait even after a failure, so that the task does not overlap with the next attempt.
        let filled = applying.await;
        all?;
        filled.map_err(panicked)?.map_err(Failure::Index)?;
        self.follow_synonyms().await?;
        self.index.set_filled(true);
        let (products, milliseconds) = (self.index.len(), started.elapsed().as_millis());
        tracing::info!(products, milliseconds, "the catalogue index is filled");
        Ok(())
    }
}
