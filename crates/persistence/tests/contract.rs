//! The stores on PostgreSQL fulfil the contract of the domain.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::sync::Arc;

use eggypro_domain::changes::ChangeFollower;
use eggypro_domain::idempotency::{
    CallerKey, IdempotencyRepository, RecordedAnswer, RecordedRequest,
};
use eggypro_domain::testing::Stores;
use eggypro_persistence::testing::TestDatabase;
use eggypro_persistence::{
    PostgresCategories, PostgresIdempotency, PostgresImages, PostgresImports, PostgresKeys,
    PostgresProductSource, PostgresProducts, PostgresReviews, PostgresStock, PostgresSynonyms,
    PostgresWebhooks,
};
use eggypro_search::{CatalogueIndex, Follower};

fn run(case: impl AsyncFnOnce(Stores)) {
    let database = TestDatabase::migrated();
    let index = Arc::new(CatalogueIndex::new().unwrap());
    let source = Arc::new(PostgresProductSource::new(database.open()));
    let follower = Follower::new(Arc::clone(&index), source);
    let door = database.open().with_follower(Arc::new(follower.clone()));
    let webhooks = Arc::new(PostgresWebhooks::new(door.clone()));
    let stores = Stores {
        products: Arc::new(PostgresProducts::new(door.clone())),
        index,
        categories: Arc::new(PostgresCategories::new(door.clone())),
        images: Arc::new(PostgresImages::new(door.clone())),
        reviews: Arc::new(PostgresReviews::new(door.clone())),
        keys: Arc::new(PostgresKeys::new(door.clone())),
        synonyms: Arc::new(PostgresSynonyms::new(door.clone())),
        stock: Arc::new(PostgresStock::new(door.clone())),
        imports: Arc::new(PostgresImports::new(door.clone())),
        webhooks: webhooks.clone(),
        deliveries: webhooks,
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

#[tokio::test]
async fn old_answers_are_deleted_in_small_steps() {
    let database = TestDatabase::migrated();
    let answers = PostgresIdempotency::new(database.open());
    for number in 0..4 {
        let unit = answers.begin(CallerKey([number; 32])).unwrap();
        let answer = RecordedAnswer {
            status: 201,
            headers: vec![],
            body: vec![],
        };
        let fingerprint = [number; 32];
        let request = RecordedRequest {
            fingerprint,
            answer,
        };
        unit.complete(request).await.unwrap();
    }
    database.execute(
        "UPDATE idempotency_keys SET created_at = now() - interval '24 hours' WHERE get_byte(digest, 0) < 3",
    );
    for deleted in [2, 1, 0] {
        assert_eq!(answers.delete_old(2).await.unwrap(), deleted);
    }
    let left = answers.find(&CallerKey([3; 32])).await.unwrap();
    assert!(left.is_some());
}
