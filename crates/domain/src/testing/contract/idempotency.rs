use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Stores, named, slug, valid};
use crate::idempotency::{
    CallerKey, CompletionError, RecordedAnswer, RecordedRequest, after_commit,
};
use crate::products::ProductError;

const KEY: CallerKey = CallerKey([1; 32]);
const OTHER_KEY: CallerKey = CallerKey([2; 32]);

fn request(fingerprint: u8) -> RecordedRequest {
    RecordedRequest {
        fingerprint: [fingerprint; 32],
        answer: RecordedAnswer {
            status: 201,
            headers: vec![("location".into(), "/api/products/a".into())],
            body: vec![0, 1, 255],
        },
    }
}

pub async fn a_completed_request_is_found_by_its_key(stores: Stores) {
    let keys = &stores.idempotency;
    assert_eq!(keys.find(&KEY).await.unwrap(), None);
    let unit = keys.begin(KEY).unwrap();
    assert!(keys.begin(KEY).is_none(), "it is in flight");
    let other = keys.begin(OTHER_KEY).unwrap();
    let product = Arc::clone(&unit).scope(stores.create(named("Bar"))).await;
    unit.complete(request(1)).await.unwrap();
    drop(unit);
    assert_eq!(keys.find(&KEY).await.unwrap(), Some(request(1)));
    assert_eq!(stores.find(&product).await, product);

    other.abandon().await;
    assert!(!other.is_in_flight());
    drop(other);
    assert_eq!(keys.find(&OTHER_KEY).await.unwrap(), None);
    // A request that was not completed can be repeated, also without a write.
    let again = keys.begin(OTHER_KEY).unwrap();
    again.complete(request(2)).await.unwrap();
    assert_eq!(keys.find(&OTHER_KEY).await.unwrap(), Some(request(2)));
    assert_eq!(keys.find(&KEY).await.unwrap(), Some(request(1)));
    assert_eq!(keys.delete_old(10).await.unwrap(), 0);
}

pub async fn an_incomplete_request_has_no_effect(stores: Stores) {
    let keys = &stores.idempotency;
    let product = stores.create(named("Bar")).await;
    let write = async |name: &str, key: CallerKey| {
        let unit = keys.begin(key).unwrap();
        Arc::clone(&unit).scope(stores.create(named(name))).await;
        unit
    };
    let exists = async |name: &str| stores.products.find(&slug(name)).await.unwrap().is_some();
    let abandoned = write("Abandoned", KEY).await;
    abandoned.abandon().await;
    drop(abandoned);
    // Nobody waits for the end of this one, so its key stays claimed for a moment.
    drop(write("Dropped", OTHER_KEY).await);
    assert!(!exists("abandoned").await && !exists("dropped").await);

    // A refused write leaves the key claimed, and its answer can be recorded.
    let unit = keys.begin(KEY).unwrap();
    let taken = Arc::clone(&unit).scope(async {
        let again = named("Bar");
        stores
            .products
            .create(product.slug.clone(), valid(again))
            .await
    });
    assert!(matches!(taken.await, Err(ProductError::SlugTaken(_))));
    unit.complete(request(1)).await.unwrap();
    drop(unit);

    // The writes of a repetition that was not found in time are undone.
    let late = write("Late", KEY).await;
    assert!(matches!(
        late.complete(request(2)).await,
        Err(CompletionError::Recorded)
    ));
    drop(late);
    assert!(!exists("late").await);
    assert_eq!(keys.find(&KEY).await.unwrap(), Some(request(1)));
}

pub async fn a_key_has_one_record(stores: Stores) {
    let keys = &stores.idempotency;
    keys.begin(KEY).unwrap().complete(request(1)).await.unwrap();
    let second = keys.begin(KEY).unwrap().complete(request(2)).await;
    assert!(matches!(second, Err(CompletionError::Recorded)));
    assert_eq!(keys.find(&KEY).await.unwrap(), Some(request(1)));
}

pub async fn tasks_wait_for_the_commit(stores: Stores) {
    let task = |has_run: &Arc<AtomicBool>| {
        let has_run = Arc::clone(has_run);
        async move { has_run.store(true, Ordering::Relaxed) }
    };
    let has_run = Arc::new(AtomicBool::new(false));
    let unit = stores.idempotency.begin(KEY).unwrap();
    Arc::clone(&unit).scope(after_commit(task(&has_run))).await;
    assert!(!has_run.load(Ordering::Relaxed));
    for deferred in unit.take_deferred() {
        deferred.await;
    }
    assert!(has_run.load(Ordering::Relaxed));
    // Outside of a unit, it runs at once.
    let has_run = Arc::new(AtomicBool::new(false));
    after_commit(task(&has_run)).await;
    assert!(has_run.load(Ordering::Relaxed));
}
