use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use eggypro_cache::Cache;
use eggypro_domain::StoreError;
use eggypro_domain::changes::{Change, ChangeFollower};
use eggypro_domain::products::{IndexCheck, IndexComparison};
use eggypro_persistence::PostgresProducts;
use eggypro_search::Follower;
use tokio::time::{self, MissedTickBehavior};

/// Reports changes to the index first and then to the cache, which reloads invalidated answers from the index.
#[derive(Clone)]
pub(crate) struct Followers {
    pub(crate) index: Follower,
    pub(crate) products: PostgresProducts,
    pub(crate) cache: Cache,
}

#[async_trait]
impl ChangeFollower for Followers {
    async fn changed(&self, change: &Change) {
        self.index.changed(change).await;
        self.cache.changed(change).await;
    }

    fn reconnected(&self) {
        self.index.reconnected();
        self.cache.reconnected();
    }

    async fn missed_changes(&self) {
        self.products.clear_cache();
        self.index.missed_changes().await;
        self.cache.missed_changes().await;
    }

    fn disconnected(&self) {
        self.index.disconnected();
        self.cache.disconnected();
    }
}

#[async_trait]
impl IndexCheck for Followers {
    async fn check(&self) -> Result<IndexComparison, StoreError> {
        let followers = self.clone();
        // A task, which clears the caches even if the caller is cancelled.
        let checking = tokio::spawn(async move {
            let comparison = followers.index.check().await?;
            if !comparison.mismatches.is_empty() {
                // Answers may have been computed from the wrong index.
                followers.products.clear_cache();
                followers.cache.missed_changes().await;
            }
            Ok(comparison)
        });
        let checked = checking.await;
        checked.unwrap_or_else(|error| Err(StoreError::Unexpected(error.into())))
    }
}

/// Interval of checks of the whole index.
const CHECKING: Duration = Duration::from_secs(60 * 60);

impl Followers {
    /// Checks the whole index once an hour.
    pub(crate) async fn check_hourly(self) {
        let mut times = time::interval_at(time::Instant::now() + CHECKING, CHECKING);
        times.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            times.tick().await;
            if let Err(error) = self.check().await {
                tracing::debug!(%error, "the catalogue index can't be checked");
            }
        }
    }
}

impl fmt::Debug for Followers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Followers").finish_non_exhaustive()
    }
}
