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
mod tests {
    use super::super::settings::WebhookSettings;
    use super::super::webhooks;
    use super::*;

    fn check(settings: WebhookSettings, url: &str) -> Result<(), String> {
        let receivers = Receivers::new(webhooks::sender(settings));
        let url = WebhookUrl::parse(url, receivers.schemes());
        receivers.check(&url.map_err(|rule| rule.to_string())?)
    }

    #[test]
    fn production_allows_https_to_public_addresses() {
        let production = WebhookSettings::default();
        assert_eq!(check(production, "https://erp.example/hook"), Ok(()));
        for (url, reason) in [
            (
                "http://erp.example/hook",
                "URL must be an absolute https URL",
            ),
            ("https://10.0.0.1/", "10.0.0.1 is a private address"),
            (
                "https://localhost/",
                "the name localhost leads to a loopback address",
            ),
        ] {
            assert_eq!(check(production, url), Err(reason.to_owned()));
        }
        let development = WebhookSettings {
            allow_http: true,
            ..production
        };
        assert_eq!(check(development, "http://erp.example/"), Ok(()));
        assert!(check(development, "http://10.0.0.1/").is_err());
        let private = WebhookSettings {
            allow_private: true,
            ..production
        };
        assert_eq!(check(private, "https://10.0.0.1/"), Ok(()));
        assert!(check(private, "http://10.0.0.1/").is_err());
    }
}
