use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use eggypro_domain::StoreError;
use eggypro_domain::health::Probe;
use tokio::sync::Mutex;

/// A service that is asked for its state at most once in a while, whoever wants to know it and however many do so at
/// once.
pub struct KnownState {
    service: Arc<dyn Probe>,
    believed: Duration,
    last: Arc<Mutex<Option<Answer>>>,
}

/// When the service answered, and what was wrong, if anything was.
type Answer = (Instant, Result<(), String>);

impl KnownState {
    /// A service whose answers are believed for so long.
    pub fn new(service: Arc<dyn Probe>, believed: Duration) -> Self {
        Self {
            service,
            believed,
            last: Arc::default(),
        }
    }
}

#[async_trait]
impl Probe for KnownState {
    async fn check(&self) -> Result<(), StoreError> {
        let (service, believed) = (Arc::clone(&self.service), self.believed);
        let last = Arc::clone(&self.last);
        // In a task of its own: a caller who gives up must not make it forget that it has asked.
        let asked = tokio::spawn(async move {
            let mut last = last.lock().await;
            if let Some((at, state)) = &*last
                && at.elapsed() < believed
            {
                return state.clone();
            }
            let state = service.check().await.map_err(|error| match error {
                StoreError::Unavailable(reason) => reason,
                StoreError::Unexpected(source) => source.to_string(),
            });
            *last = Some((Instant::now(), state.clone()));
            state
        });
        let state = asked.await.unwrap_or_else(|error| Err(error.to_string()));
        state.map_err(StoreError::Unavailable)
    }
}

impl fmt::Debug for KnownState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KnownState")
            .field("believed", &self.believed)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::sync::Semaphore;

    /// A service that answers whom the test lets go on, the first time badly.
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
    async fn many_who_ask_at_once_are_one_question() {
        let service = slow();
        let state = KnownState::new(service.clone(), Duration::from_secs(3_600));
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
    async fn it_asks_again_when_the_answer_is_old() {
        let service = slow();
        let state = KnownState::new(service.clone(), Duration::ZERO);
        service.may_answer.add_permits(3);
        assert!(state.check().await.is_err());
        assert!(state.check().await.is_ok());
        assert_eq!(service.asked.load(Ordering::Relaxed), 2);
    }
}
