use std::any::Any;
use std::cell::RefCell;
use std::pin::Pin;
use std::sync::Arc;

use async_trait::async_trait;

use super::{CompletionError, RecordedRequest};
use crate::scope;

/// A task for after a commit.
pub type DeferredTask = Pin<Box<dyn Future<Output = ()> + Send>>;

/// All writes of one request, which are committed together with its answer. A store commits the writes that are made
/// inside its `scope` only in [`complete`](Self::complete), so no service or handler has to know of
/// it. A unit that is dropped has no effect.
#[async_trait]
pub trait UnitOfWork: Any + Send + Sync {
    /// Commits the writes together with the record of the request.
    ///
    /// # Errors
    /// See [`CompletionError`].
    async fn complete(&self, request: RecordedRequest) -> Result<(), CompletionError>;

    /// Undoes the writes.
    async fn abandon(&self);

    /// Whether writes have failed because another request with the key is being processed.
    fn is_in_flight(&self) -> bool;

    /// Adds a task for after the commit.
    fn defer(&self, task: DeferredTask);

    /// Takes the tasks to run after the commit.
    fn take_deferred(&self) -> Vec<DeferredTask>;
}

thread_local! {
    /// The unit of work that this thread works on.
    static CURRENT: scope::Current<dyn UnitOfWork> = const { RefCell::new(None) };
}

impl dyn UnitOfWork {
    /// The unit of the current work.
    pub fn current() -> Option<Arc<Self>> {
        CURRENT.with_borrow(Clone::clone)
    }

    /// Runs work in this unit. Tasks that the work spawns are outside the scope.
    pub async fn scope<T>(self: Arc<Self>, work: impl Future<Output = T>) -> T {
        scope::within(&CURRENT, self, work).await
    }
}

/// Runs a task as soon as the current writes are committed: at once outside a [`UnitOfWork`], else after it. For what
/// can't be undone, such as the removal of a file.
pub async fn after_commit(task: impl Future<Output = ()> + Send + 'static) {
    match <dyn UnitOfWork>::current() {
        Some(unit) => unit.defer(Box::pin(task)),
        None => task.await,
    }
}
