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
mod tests {
    use super::*;

    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::sync::Semaphore;

    /// A service that answers when the test permits it. The first answer is a failure.
    #[derive(Debug)]
    struct Slow {
        may_answer: Semaphore,
        asked: AtomicUsize,
    }

    #[async_trait]
    impl Probe for Slow {
        async fn check(&self) -> Result<(), StoreError> {
            let asked = self.asked.fetch_add(1, Ordering::Relaxed);
            self.may_answer.acquire().await.unwrap().forget();
            match asked {
                0 => Err(StoreError::Unavailable("away".to_owned())),
                _ => Ok(()),
            }
        }
    }

    fn slow() -> Arc<Slow> {
        Arc::new(Slow {
            may_answer: Semaphore::new(0),
            asked: AtomicUsize::new(0),
        })
    }

    #[actix_web::test]
    async fn concurrent_checks_of_a_probe_share_one_request() {
        let service = slow();
        let state = CachedProbe::new(service.clone(), Duration::from_secs(3_600));
        for _ in 0..9 {
            let impatient = tokio::time::timeout(Duration::ZERO, state.check());
            assert!(impatient.await.is_err());
        }
        let checks = (0..50).map(|_| state.check());
        let checks = futures_util::future::join_all(checks);
        service.may_answer.add_permits(50);
        for check in checks.await {
            let error = check.unwrap_err();
            assert!(error.to_string().contains("away"), "{error}");
        }
        assert_eq!(service.asked.load(Ordering::Relaxed), 1);
    }

    #[actix_web::test]
    async fn an_expired_result_is_checked_again() {
        let service = slow();
        let state = CachedProbe::new(service.clone(), Duration::ZERO);
        service.may_answer.add_permits(3);
        assert!(state.check().await.is_err());
        assert!(state.check().await.is_ok());
        assert_eq!(service.asked.load(Ordering::Relaxed), 2);
    }
}
