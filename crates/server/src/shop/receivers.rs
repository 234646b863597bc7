//! The receivers of webhooks.

use async_trait::async_trait;
use eggypro_domain::StoreError;
use eggypro_domain::webhooks::{AllowedSchemes, Target, WebhookUrl};
use eggypro_http::{TestEvent, TestedReceiver, WebhookReceivers};
use eggypro_webhooks::{LazySender, Outcome};
use tokio::sync::Semaphore;

/// Maximum number of tests at a time. Each may wait 15 s for its receiver, and may hold a thread that resolves its name.
const TESTS: usize = 4;

/// Reaches the receivers of webhooks.
pub(super) struct Receivers {
    sender: LazySender,
    tests: Semaphore,
}

impl Receivers {
    pub(super) fn new(sender: LazySender) -> Self {
        Self {
            sender,
            tests: Semaphore::new(TESTS),
        }
    }
}

#[async_trait]
impl WebhookReceivers for Receivers {
    fn schemes(&self) -> AllowedSchemes {
        match self.sender.guard().allow_http {
            true => AllowedSchemes::HttpsAndHttp,
            false => AllowedSchemes::Https,
        }
    }

    fn check(&self, url: &WebhookUrl) -> Result<(), String> {
        let checked = self.sender.guard().check_url(url.as_url());
        checked.map_err(|blocked| blocked.to_string())
    }

    async fn test(&self, target: &Target, event: TestEvent) -> Result<TestedReceiver, StoreError> {
        let busy = |_| StoreError::Unavailable("too many webhooks are tested at once".into());
        let _permit = self.tests.try_acquire().map_err(busy)?;
        let sender = self.sender.get().await;
        let sender = sender.map_err(|error| StoreError::Unexpected(Box::new(error)))?;
        let time = event.time.unix_timestamp();
        let attempt = sender.send_to(target, &event.id, time, event.body).await;
        Ok(TestedReceiver {
            status: attempt.outcome.status(),
            milliseconds: attempt.milliseconds,
            error: match attempt.outcome {
                Outcome::Delivered { .. } => None,
                other => Some(other.to_string()),
            },
        })
    }
}

#[cfg(test)]
mod tests;
