use std::fmt;

use bytes::Bytes;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{EventId, Target, WebhookId};

/// Identifies one claim of deliveries. A server whose lease has run out has another one than the server that has
/// claimed the delivery since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DeliveryLease(Uuid);

impl DeliveryLease {
    /// A new, random id.
    pub fn random() -> Self {
        Self(Uuid::new_v4())
    }
}

impl fmt::Display for DeliveryLease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

/// An event that this server sends to a webhook until its lease runs out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedDelivery {
    /// The webhook.
    pub webhook: WebhookId,
    /// The number of the event in the order of delivery.
    pub number: i64,
    /// The event.
    pub event: EventId,
    /// Where it is sent.
    pub target: Target,
    /// The bytes to send.
    pub body: Bytes,
    /// The time of the change.
    pub time: OffsetDateTime,
    /// The number of this attempt, from 1.
    pub attempt: u32,
    /// The lease.
    pub lease: DeliveryLease,
}

impl ClaimedDelivery {
    /// Why a webhook is switched off after the last attempt of this delivery, for people.
    pub fn exhaustion(&self) -> String {
        format!(
            "all {} attempts to deliver the event {} failed, and no other event was delivered meanwhile",
            self.attempt, self.event
        )
    }
}

/// The result of an attempt that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedAttempt {
    /// The HTTP status. `None` if there was no answer.
    pub status: Option<u16>,
    /// The duration.
    pub milliseconds: u64,
    /// What went wrong, for people.
    pub error: String,
}

/// Whether a result was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// It was recorded.
    Made,
    /// It was recorded, and the webhook was switched off.
    SwitchedOff,
    /// The lease has run out and another server has claimed the delivery since, or it was deleted. Nothing has changed.
    Lost,
}
