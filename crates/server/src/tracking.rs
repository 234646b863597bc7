//! Reports unexpected failures to Sentry.

use std::sync::Arc;
use std::time::Duration;

use eggypro_domain::metrics::AddressDetail;
use eggypro_http::{ErrorTracker, UnexpectedFailure};
use sentry::protocol::{Event, Level, Request, User};
use sentry::types::Dsn;
use sentry::{Client, ClientOptions};

/// Maximum time to send the last events when the server stops.
const LAST: Duration = Duration::from_secs(2);

/// The Sentry project that failures are reported to.
#[derive(Debug, Clone)]
pub struct TrackerSettings {
    /// The project's address at Sentry, with its public key.
    pub dsn: Dsn,
    /// The mode of the server, such as `production`.
    pub environment: &'static str,
}

/// Sends an event for each unexpected failure, on a thread of its own.
pub(crate) struct Tracker(Client);

impl Tracker {
    pub(crate) fn new(settings: &TrackerSettings) -> Arc<Self> {
        let mut options = ClientOptions::default();
        options.dsn = Some(settings.dsn.clone());
        options.release = Some(env!("CARGO_PKG_VERSION").into());
        options.environment = Some(settings.environment.into());
        Arc::new(Self(Client::from(sentry::apply_defaults(options))))
    }

    /// Sends the waiting events, within [`LAST`].
    pub(crate) fn close(&self) {
        self.0.close(Some(LAST));
    }
}

impl ErrorTracker for Tracker {
    fn track(&self, failure: UnexpectedFailure<'_>) {
        let tags = [
            ("endpoint", failure.endpoint),
            ("method", failure.method),
            ("request_id", failure.request_id),
        ];
        let agent = failure
            .user_agent
            .map(|agent| ("User-Agent".to_owned(), agent.to_owned()));
        let address = AddressDetail::Truncated.of(failure.address);
        let event = Event {
            level: Level::Error,
            message: Some(failure.cause.to_owned()),
            transaction: Some(format!("{} {}", failure.method, failure.endpoint)),
            tags: tags
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            request: Some(Request {
                method: Some(failure.method.to_owned()),
                headers: agent.into_iter().collect(),
                ..Request::default()
            }),
            user: Some(User {
                ip_address: address.map(Into::into),
                ..User::default()
            }),
            ..Event::default()
        };
        self.0.capture_event(event, None);
    }
}
