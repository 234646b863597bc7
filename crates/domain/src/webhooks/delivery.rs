use std::fmt;
use std::str::FromStr;

use time::OffsetDateTime;

use super::EventId;
use crate::changes::EventType;
use crate::products::Total;

/// An event for a webhook, with the result of its last attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The number of the event in the order of delivery. A later event has a higher one.
    pub number: i64,
    /// The event.
    pub event: EventId,
    /// The type of the event.
    pub kind: EventType,
    /// The address of what the event is about, in the API.
    pub subject: String,
    /// The state.
    pub state: DeliveryState,
    /// The number of attempts, with those whose server has stopped. A retry by hand begins anew.
    pub attempts: u32,
    /// The HTTP status of the last attempt. `None` if there was no answer, or no attempt.
    pub status: Option<u16>,
    /// The duration of the last attempt.
    pub milliseconds: Option<u64>,
    /// What went wrong at the last attempt, for people.
    pub error: Option<String>,
    /// When it is attempted next. `None` also while it waits for an earlier event of its resource, and while it is
    /// sent.
    pub next_attempt_at: Option<OffsetDateTime>,
    /// When it was queued.
    pub created_at: OffsetDateTime,
    /// When the receiver accepted it.
    pub delivered_at: Option<OffsetDateTime>,
}

/// The state of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeliveryState {
    /// It waits, or is being sent.
    Pending,
    /// The receiver has accepted it.
    Delivered,
    /// It was given up, or dropped because its webhook is not active.
    Failed,
}

/// A text is not a [`DeliveryState`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a state of a delivery")]
pub struct UnknownDeliveryState;

impl DeliveryState {
    /// All states.
    pub const ALL: [Self; 3] = [Self::Pending, Self::Delivered, Self::Failed];

    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }
}

impl fmt::Display for DeliveryState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for DeliveryState {
    type Err = UnknownDeliveryState;

    fn from_str(name: &str) -> Result<Self, UnknownDeliveryState> {
        let mut all = Self::ALL.into_iter();
        all.find(|state| state.as_str() == name)
            .ok_or(UnknownDeliveryState)
    }
}

/// One page of the deliveries of a webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryPage {
    /// The deliveries, newest first.
    pub items: Vec<Delivery>,
    /// The number of all deliveries of the webhook.
    pub total: Total,
    /// Whether there are older deliveries.
    pub has_more: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_read_as_they_are_shown() {
        for state in DeliveryState::ALL {
            assert_eq!(state.to_string().parse(), Ok(state));
        }
        assert_eq!("done".parse::<DeliveryState>(), Err(UnknownDeliveryState));
    }
}
