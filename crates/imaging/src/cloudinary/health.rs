use std::time::{Duration, Instant};

use async_trait::async_trait;
use eggypro_domain::StoreError;
use eggypro_domain::health::Probe;
use tokio::sync::Mutex;

use super::{CallError, Cloudinary};

/// How long an answer is believed: a ping counts against the few hundred calls an hour of an account.
const BELIEVED: Duration = Duration::from_secs(60);

/// What was last found out.
#[derive(Debug, Default)]
pub(super) struct Health(Mutex<Option<(Instant, Result<(), CallError>)>>);

#[async_trait]
impl Probe for Cloudinary {
    /// Asks at most once in 60 seconds, whoever calls and however many do so at once.
    async fn check(&self) -> Result<(), StoreError> {
        let mut last = self.health.0.lock().await;
        let known = last.filter(|(at, _)| at.elapsed() < BELIEVED);
        let state = match known {
            Some((_, state)) => state,
            None => {
                let state = self.ping().await;
                *last = Some((Instant::now(), state));
                state
            }
        };
        state.map_err(|error| StoreError::Unavailable(error.to_string()))
    }
}
