use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use time::OffsetDateTime;

use super::InMemoryShop;
use crate::StoreError;
use crate::idempotency::{
    CallerKey, CompletionError, DeferredTask, IdempotencyRepository, RETENTION, RecordedRequest,
    UnitOfWork,
};

/// The idempotency keys of a shop.
#[derive(Debug, Default)]
pub(super) struct Keys {
    in_flight: Vec<CallerKey>,
    recorded: Vec<(CallerKey, OffsetDateTime, RecordedRequest)>,
}

/// A unit of work. The shop commits each write at once, so only the record waits for the completion.
struct Unit {
    shop: Arc<Mutex<Keys>>,
    key: CallerKey,
    now: OffsetDateTime,
    deferred: Mutex<Vec<DeferredTask>>,
}

impl Unit {
    fn deferred(&self) -> MutexGuard<'_, Vec<DeferredTask>> {
        self.deferred.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn lock(keys: &Mutex<Keys>) -> MutexGuard<'_, Keys> {
    keys.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait]
impl UnitOfWork for Unit {
    async fn complete(&self, request: RecordedRequest) -> Result<(), CompletionError> {
        let recorded = &mut lock(&self.shop).recorded;
        recorded.retain(|(key, at, _)| *key != self.key || *at > self.now - RETENTION);
        if recorded.iter().any(|(key, ..)| *key == self.key) {
            return Err(CompletionError::Recorded);
        }
        recorded.push((self.key, self.now, request));
        Ok(())
    }

    async fn abandon(&self) -> bool {
        false
    }

    fn defer(&self, task: DeferredTask) {
        self.deferred().push(task);
    }

    fn take_deferred(&self) -> Vec<DeferredTask> {
        std::mem::take(&mut self.deferred())
    }
}

impl Drop for Unit {
    fn drop(&mut self) {
        lock(&self.shop).in_flight.retain(|key| *key != self.key);
    }
}

#[async_trait]
impl IdempotencyRepository for InMemoryShop {
    async fn find(&self, key: &CallerKey) -> Result<Option<RecordedRequest>, StoreError> {
        let oldest = self.state().now() - RETENTION;
        let keys = Arc::clone(&self.state().idempotency);
        let keys = lock(&keys);
        let mut recorded = keys.recorded.iter();
        let found = recorded.find(|(of, at, _)| of == key && *at > oldest);
        Ok(found.map(|(.., request)| request.clone()))
    }

    fn begin(&self, key: CallerKey) -> Option<Arc<dyn UnitOfWork>> {
        let (_, now) = self.state().tick();
        let shop = Arc::clone(&self.state().idempotency);
        let mut keys = lock(&shop);
        if keys.in_flight.contains(&key) {
            return None;
        }
        keys.in_flight.push(key);
        drop(keys);
        Some(Arc::new(Unit {
            shop,
            key,
            now,
            deferred: Mutex::default(),
        }))
    }

    async fn delete_old(&self, limit: u32) -> Result<u64, StoreError> {
        let oldest = self.state().now() - RETENTION;
        let keys = Arc::clone(&self.state().idempotency);
        let mut left = limit;
        lock(&keys).recorded.retain(|(_, at, _)| {
            let is_kept = *at > oldest || left == 0;
            left -= u32::from(!is_kept);
            is_kept
        });
        Ok((limit - left).into())
    }
}
