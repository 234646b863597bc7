//! The receivers of webhooks.

use std::sync::OnceLock;

use async_trait::async_trait;
use eggypro_domain::StoreError;
use eggypro_domain::webhooks::{AllowedSchemes, Target, WebhookUrl};
use eggypro_http::{TestEvent, TestedReceiver, WebhookReceivers};
use eggypro_webhooks::{Guard, Outcome, Secret, Sender, Settings};
use tokio::sync::Semaphore;

use super::settings::WebhookSettings;

/// What receivers see as the client.
const USER_AGENT: &str = concat!("EggyPro/", env!("CARGO_PKG_VERSION"));

/// Maximum number of tests at a time. Each may wait 15 s for its receiver, and may hold a thread that resolves its name.
const TESTS: usize = 4;

/// Reaches the receivers of webhooks.
pub(super) struct Receivers {
    guard: Guard,
    /// Made when it is first needed, because it reads all certificates of the system.
    sender: OnceLock<Sender>,
    tests: Semaphore,
}

impl Receivers {
    pub(super) fn new(settings: WebhookSettings) -> Self {
        Self {
            guard: Guard {
                allow_private: settings.allow_private,
                allow_http: settings.allow_http,
            },
            sender: OnceLock::new(),
            tests: Semaphore::new(TESTS),
        }
    }

    /// The sender of this server. All events go through it, so that they share its connections.
    ///
    /// # Errors
    /// If TLS is not available, for example because the system has no certificates.
    pub(super) fn sender(&self) -> Result<&Sender, StoreError> {
        if let Some(sender) = self.sender.get() {
            return Ok(sender);
        }
        let made = Sender::new(Settings::new(self.guard, USER_AGENT));
        let made = made.map_err(|error| StoreError::Unexpected(Box::new(error)))?;
        Ok(self.sender.get_or_init(|| made))
    }
}

/// The secrets of a webhook, the current one first.
pub(super) fn secrets_of(target: &Target) -> Result<Vec<Secret>, StoreError> {
    let secrets = target.secrets.iter();
    let secrets = secrets.map(|secret| secret.expose().parse::<Secret>());
    let secrets: Result<_, _> = secrets.collect();
    secrets.map_err(|error| StoreError::Unexpected(Box::new(error)))
}

#[async_trait]
impl WebhookReceivers for Receivers {
    fn schemes(&self) -> AllowedSchemes {
        match self.guard.allow_http {
            true => AllowedSchemes::HttpsAndHttp,
            false => AllowedSchemes::Https,
        }
    }

    fn check(&self, url: &WebhookUrl) -> Result<(), String> {
        let checked = self.guard.check_url(url.as_url());
        checked.map_err(|blocked| blocked.to_string())
    }

    async fn test(&self, target: &Target, event: TestEvent) -> Result<TestedReceiver, StoreError> {
        let busy = |_| StoreError::Unavailable("too many webhooks are tested at once".into());
        let _permit = self.tests.try_acquire().map_err(busy)?;
        let (sender, secrets) = (self.sender()?, secrets_of(target)?);
        let (url, time) = (target.url.as_url(), event.time.unix_timestamp());
        let attempt = sender
            .send(url, &event.id, time, &secrets, event.body)
            .await;
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
    use super::*;

    fn check(settings: WebhookSettings, url: &str) -> Result<(), String> {
        let receivers = Receivers::new(settings);
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
