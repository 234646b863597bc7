use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use tokio::task::JoinHandle;

use crate::generations::GenerationVector;
use crate::key::Key;
use crate::metrics::Counters;
use crate::{Abandoned, LoadError};

type Result = std::result::Result<Bytes, LoadError>;
type Load = Shared<BoxFuture<'static, Result>>;

/// The loads that are running. A request after a change must not join a load from before it, so a load is identified by
/// its generations as well as by its key.
#[derive(Default)]
pub(crate) struct Running(Mutex<HashMap<(String, GenerationVector), Load>>);

/// Removes the entry of a load when it is dropped.
pub(crate) struct UntilDropped<'a> {
    running: &'a Running,
    name: (String, GenerationVector),
}

impl Running {
    /// Joins the load that runs for this key, or starts one. `Err` holds the answer if `start` finds it already cached.
    pub(crate) fn join(
        &self,
        key: &Key,
        generations: GenerationVector,
        counters: &Counters,
        start: impl FnOnce() -> std::result::Result<JoinHandle<Result>, Bytes>,
    ) -> std::result::Result<Load, Bytes> {
        let mut running = self.lock();
        let name = (key.name().to_owned(), generations);
        if let Some(load) = running.get(&name) {
            Counters::count(&counters.waits);
            return Ok(load.clone());
        }
        // A task of its own, so that the load continues for the other waiters when its first caller is cancelled.
        let task = start()?;
        let load = async { task.await.unwrap_or_else(|_| Err(Arc::new(Abandoned))) };
        let load = load.boxed().shared();
        running.insert(name, load.clone());
        Ok(load)
    }

    pub(crate) fn until_dropped(
        &self,
        key: &Key,
        generations: GenerationVector,
    ) -> UntilDropped<'_> {
        UntilDropped {
            running: self,
            name: (key.name().to_owned(), generations),
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(String, GenerationVector), Load>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for UntilDropped<'_> {
    fn drop(&mut self) {
        self.running.lock().remove(&self.name);
    }
}
