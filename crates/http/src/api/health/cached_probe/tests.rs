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
