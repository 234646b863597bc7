use std::fmt;

use async_trait::async_trait;
use eggypro_cache::Cache;
use eggypro_domain::changes::{Audience, Change};
use eggypro_persistence::PostgresProducts;
use eggypro_search::Follower;

/// Reports changes to the index first and then to the cache, which reloads invalidated answers from the index.
#[derive(Clone)]
pub(crate) struct Followers {
    pub(crate) index: Follower,
    pub(crate) products: PostgresProducts,
    pub(crate) cache: Cache,
}

#[async_trait]
impl Audience for Followers {
    async fn changed(&self, change: &Change) {
        self.index.changed(change).await;
        self.cache.changed(change).await;
    }

    fn hears_again(&self) {
        self.index.hears_again();
        self.cache.hears_again();
    }

    async fn missed_changes(&self) {
        self.products.clear_cache();
        self.index.missed_changes().await;
        self.cache.missed_changes().await;
    }

    fn hears_nothing(&self) {
        self.index.hears_nothing();
        self.cache.hears_nothing();
    }
}

impl fmt::Debug for Followers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Followers").finish_non_exhaustive()
    }
}
