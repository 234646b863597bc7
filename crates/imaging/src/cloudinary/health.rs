use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use eggypro_domain::StoreError;
use eggypro_domain::health::Probe;
use reqwest::RequestBuilder;
use tokio::sync::Mutex;

use super::call::once;
use super::{CallError, Cloudinary};

/// How long an answer is believed: a ping counts against the few hundred calls an hour of an account.
const BELIEVED: Duration = Duration::from_secs(60);

/// What was last found out.
#[derive(Debug, Default)]
pub(super) struct Health(Mutex<Option<(Instant, Result<(), CallError>)>>);

impl Health {
    async fn know(self: Arc<Self>, ask: RequestBuilder) -> Result<(), CallError> {
        let mut last = self.0.lock().await;
        if let Some((_, state)) = last.filter(|(at, _)| at.elapsed() < BELIEVED) {
            return state;
        }
        let state = once(ask).await.map(drop);
        *last = Some((Instant::now(), state));
        state
    }
}

#[async_trait]
impl Probe for Cloudinary {
    /// Asks at most once in 60 seconds, whoever calls and however many do so at once.
    async fn check(&self) -> Result<(), StoreError> {
        let knowing = Arc::clone(&self.health).know(self.ping_call());
        // In a task of its own, so that who asks and leaves at once does not make it forget that it has asked.
        let state = tokio::spawn(knowing).await;
        let state = state.unwrap_or(Err(CallError::TimedOut));
        state.map_err(|error| StoreError::Unavailable(error.to_string()))
    }
}
