//! The stores on PostgreSQL fulfil the contract of the domain.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::sync::Arc;

use eggypro_domain::changes::ChangeFollower;
use eggypro_domain::testing::Stores;
use eggypro_persistence::testing::TestDatabase;
use eggypro_persistence::{
    PostgresCategories, PostgresIdempotency, PostgresImages, PostgresKeys, PostgresProductSource,
    PostgresProducts, PostgresReviews, PostgresStock, PostgresSynonyms,
};
use eggypro_search::{CatalogueIndex, Follower};

fn run(case: impl AsyncFnOnce(Stores)) {
    let database = TestDatabase::migrated();
    let index = Arc::new(CatalogueIndex::new().unwrap());
    let source = Arc::new(PostgresProductSource::new(database.open()));
    let follower = Follower::new(Arc::clone(&index), source);
    let door = database.open().with_follower(Arc::new(follower.clone()));
    let stores = Stores {
        products: Arc::new(PostgresProducts::new(door.clone())),
        index,
        categories: Arc::new(PostgresCategories::new(door.clone())),
        images: Arc::new(PostgresImages::new(door.clone())),
        reviews: Arc::new(PostgresReviews::new(door.clone())),
        keys: Arc::new(PostgresKeys::new(door.clone())),
        synonyms: Arc::new(PostgresSynonyms::new(door.clone())),
        stock: Arc::new(PostgresStock::new(door.clone())),
        idempotency: Arc::new(PostgresIdempotency::new(door)),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(async {
        follower.missed_changes().await;
        case(stores).await;
    });
}

eggypro_domain::store_contract!(run);
