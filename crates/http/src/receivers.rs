use async_trait::async_trait;
use eggypro_domain::webhooks::{AllowedSchemes, Target, WebhookUrl};
use eggypro_domain::{Bytes, StoreError};
use time::OffsetDateTime;

/// Reaches the receivers of webhooks. The server implements it, since this crate makes no requests of its own.
#[async_trait]
pub trait WebhookReceivers: Send + Sync {
    /// Which schemes the URLs of webhooks may have.
    fn schemes(&self) -> AllowedSchemes;

    /// Checks whether events may be sent to a URL, as far as the URL itself shows it. A name is not resolved, since its
    /// addresses are checked at each connection.
    ///
    /// # Errors
    /// Why not, for people, such as `10.0.0.1 is a private address`.
    fn check(&self, url: &WebhookUrl) -> Result<(), String>;

    /// Makes one attempt to deliver an event, and waits for its result, at most 15 s. The result is not recorded.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if too many tests run at this moment, [`StoreError::Unexpected`] if nothing can be sent
    /// at all. A receiver that can't be reached is no error.
    async fn test(&self, target: &Target, event: TestEvent) -> Result<TestedReceiver, StoreError>;
}

/// An event that is no entry of the log of changes. [`TestEvent::about`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TestEvent {
    /// The id, which no other event has.
    pub id: String,
    /// The time of the test.
    pub time: OffsetDateTime,
    /// The JSON of the event.
    pub body: Bytes,
}

impl TestEvent {
    pub(crate) fn new(id: String, time: OffsetDateTime, body: Bytes) -> Self {
        Self { id, time, body }
    }
}

/// The result of an attempt to deliver a [`TestEvent`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestedReceiver {
    /// The HTTP status. `None` if there was no answer.
    pub status: Option<u16>,
    /// How long the answer or the failure took.
    pub milliseconds: u64,
    /// What went wrong, for people. `None` if the receiver has accepted the event.
    pub error: Option<String>,
}
