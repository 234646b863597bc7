use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use tokio::task::JoinHandle;

use crate::generations::Stamp;
use crate::key::Key;
use crate::metrics::Counters;
use crate::{Abandoned, LoadError};

type Result = std::result::Result<Bytes, LoadError>;
type Load = Shared<BoxFuture<'static, Result>>;

/// The loads that are under way. Who comes after a change doesn't join a load from before it, so they are told apart by
/// their generations, too.
#[derive(Default)]
pub(crate) struct Running(Mutex<HashMap<(String, Stamp), Load>>);

/// Ends a load's entry when it is dropped.
pub(crate) struct UntilDropped<'a> {
    running: &'a Running,
    name: (String, Stamp),
}

impl Running {
    /// The load that runs for this key, or else one that `start` begins, unless it has the answer already.
    pub(crate) fn join(
        &self,
        key: &Key,
        stamp: Stamp,
        counters: &Counters,
        start: impl FnOnce() -> std::result::Result<JoinHandle<Result>, Bytes>,
    ) -> std::result::Result<Load, Bytes> {
        let mut running = self.lock();
        let name = (key.name().to_owned(), stamp);
        if let Some(load) = running.get(&name) {
            Counters::count(&counters.waits);
            return Ok(load.clone());
        }
        // A task of its own: the load goes on for the others when who began it leaves.
        let task = start()?;
        let load = async { task.await.unwrap_or_else(|_| Err(Arc::new(Abandoned))) };
        let load = load.boxed().shared();
        running.insert(name, load.clone());
        Ok(load)
    }

    pub(crate) fn until_dropped(&self, key: &Key, stamp: Stamp) -> UntilDropped<'_> {
        UntilDropped {
            running: self,
            name: (key.name().to_owned(), stamp),
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(String, Stamp), Load>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for UntilDropped<'_> {
    fn drop(&mut self) {
        self.running.lock().remove(&self.name);
    }
}
