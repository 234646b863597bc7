use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use eggypro_domain::StoreError;
use eggypro_domain::health::Probe;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use tokio::runtime::Handle;

/// A probe that caches its result. However many requests come, it checks the service at most once per `ttl`, and
/// concurrent requests share one check.
pub struct CachedProbe {
    service: Arc<dyn Probe>,
    ttl: Duration,
    /// Where checks run. Not on the thread of the first caller, which may be busy with other requests.
    runtime: Handle,
    state: Arc<Mutex<State>>,
}

/// The result of a check, with the reason of a failure.
type Answer = Result<(), String>;

#[derive(Default)]
struct State {
    last: Option<(Instant, Answer)>,
    /// The running check, which all waiting callers share.
    asking: Option<Shared<BoxFuture<'static, Answer>>>,
}

impl CachedProbe {
    /// Caches the results of `service` for `ttl`. Checks run on the caller's Tokio runtime.
    ///
    /// # Panics
    /// Outside of a Tokio runtime.
    pub fn new(service: Arc<dyn Probe>, ttl: Duration) -> Self {
        Self {
            service,
            ttl,
            runtime: Handle::current(),
            state: Arc::default(),
        }
    }

    /// Starts a check in a task of its own, so that a cancelled caller does not cancel it.
    fn ask(&self) -> Shared<BoxFuture<'static, Answer>> {
        let (service, state) = (Arc::clone(&self.service), Arc::clone(&self.state));
        let task = self.runtime.spawn(async move {
            let answer = service.check().await.map_err(|error| match error {
                StoreError::Unavailable(reason) => reason,
                StoreError::Unexpected(source) => source.to_string(),
            });
            let mut state = locked(&state);
            state.last = Some((Instant::now(), answer.clone()));
            state.asking = None;
            answer
        });
        let answer = task.map(|done| done.unwrap_or_else(|error| Err(error.to_string())));
        answer.boxed().shared()
    }
}

fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    // Nothing panics while the lock is held.
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait]
impl Probe for CachedProbe {
    async fn check(&self) -> Result<(), StoreError> {
        let asking = {
            let mut state = locked(&self.state);
            if let Some((at, answer)) = &state.last
                && at.elapsed() < self.ttl
            {
                return answer.clone().map_err(StoreError::Unavailable);
            }
            // A check that panicked has ended, but is still stored.
            let asking = state.asking.take().filter(|asking| asking.peek().is_none());
            let asking = asking.unwrap_or_else(|| self.ask());
            state.asking = Some(asking.clone());
            asking
        };
        asking.await.map_err(StoreError::Unavailable)
    }
}

impl fmt::Debug for CachedProbe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachedProbe")
            .field("ttl", &self.ttl)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
