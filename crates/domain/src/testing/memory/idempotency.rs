use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use time::OffsetDateTime;

use super::bulk::Snapshot;
use super::{InMemoryShop, State};
use crate::StoreError;
use crate::idempotency::{
    CallerKey, CompletionError, DeferredTask, IdempotencyRepository, RETENTION, RecordedRequest,
    UnitOfWork,
};

/// The idempotency keys of a shop.
#[derive(Debug, Default)]
pub(super) struct IdempotencyKeys {
    in_flight: Vec<CallerKey>,
    recorded: Vec<(CallerKey, OffsetDateTime, RecordedRequest)>,
}

/// A unit of work. The shop makes each write at once, so other writes at the same time are undone with those of the unit.
struct Unit {
    state: Arc<Mutex<State>>,
    key: CallerKey,
    now: OffsetDateTime,
    /// The shop before the unit, until it is completed.
    before: Mutex<Option<Snapshot>>,
    deferred: Mutex<Vec<DeferredTask>>,
}

impl Unit {
    fn undo(&self) {
        if let Some(before) = lock(&self.before).take() {
            before.restore(&mut lock(&self.state));
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait]
impl UnitOfWork for Unit {
    async fn complete(&self, request: RecordedRequest) -> Result<(), CompletionError> {
        let mut state = lock(&self.state);
        let recorded = &mut state.idempotency.recorded;
        recorded.retain(|(key, at, _)| *key != self.key || *at > self.now - RETENTION);
        if recorded.iter().any(|(key, ..)| *key == self.key) {
            drop(state);
            self.undo();
            return Err(CompletionError::Recorded);
        }
        recorded.push((self.key, self.now, request));
        lock(&self.before).take();
        Ok(())
    }

    async fn abandon(&self) {
        self.undo();
    }

    fn is_in_flight(&self) -> bool {
        false
    }

    fn defer(&self, task: DeferredTask) {
        lock(&self.deferred).push(task);
    }

    fn take_deferred(&self) -> Vec<DeferredTask> {
        std::mem::take(&mut lock(&self.deferred))
    }
}

impl Drop for Unit {
    fn drop(&mut self) {
        self.undo();
        let mut state = lock(&self.state);
        state.idempotency.in_flight.retain(|key| *key != self.key);
    }
}

#[async_trait]
impl IdempotencyRepository for InMemoryShop {
    async fn find(&self, key: &CallerKey) -> Result<Option<RecordedRequest>, StoreError> {
        let state = self.state();
        let oldest = state.now() - RETENTION;
        let mut recorded = state.idempotency.recorded.iter();
        let found = recorded.find(|(of, at, _)| of == key && *at > oldest);
        Ok(found.map(|(.., request)| request.clone()))
    }

    fn begin(&self, key: CallerKey) -> Option<Arc<dyn UnitOfWork>> {
        let mut state = self.state();
        let (_, now) = state.tick();
        if state.idempotency.in_flight.contains(&key) {
            return None;
        }
        state.idempotency.in_flight.push(key);
        Some(Arc::new(Unit {
            state: Arc::clone(&self.state),
            key,
            now,
            before: Mutex::new(Some(Snapshot::of(&state))),
            deferred: Mutex::default(),
        }))
    }

    async fn delete_old(&self, limit: u32) -> Result<u64, StoreError> {
        let mut state = self.state();
        let oldest = state.now() - RETENTION;
        let mut left = limit;
        state.idempotency.recorded.retain(|(_, at, _)| {
            let is_kept = *at > oldest || left == 0;
            left -= u32::from(!is_kept);
            is_kept
        });
        Ok((limit - left).into())
    }
}
