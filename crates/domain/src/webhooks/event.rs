use std::fmt;
use std::str::FromStr;

use bytes::Bytes;
use time::OffsetDateTime;

use crate::changes::{ChangeEntry, EventType};

/// Identifies an event: the id of its entry in the log of changes, and, if the entry has several events, its number
/// among them. It is also the `webhook-id` of each attempt to deliver it.
///
/// ```
/// use eggypro_domain::webhooks::EventId;
///
/// let second: EventId = "4711-1".parse()?;
/// assert_eq!((second.entry, second.number), (4711, 1));
/// # Ok::<(), eggypro_domain::webhooks::InvalidEventId>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EventId {
    /// The id of the entry.
    pub entry: i64,
    /// The number among the events of the entry, from 0.
    pub number: u32,
}

/// A text is not an [`EventId`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the id of an event")]
pub struct InvalidEventId;

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            0 => self.entry.fmt(f),
            number => write!(f, "{}-{number}", self.entry),
        }
    }
}

impl FromStr for EventId {
    type Err = InvalidEventId;

    fn from_str(text: &str) -> Result<Self, InvalidEventId> {
        let (entry, number) = text.split_once('-').unwrap_or((text, "0"));
        let id = Self {
            entry: entry.parse().map_err(|_| InvalidEventId)?,
            number: number.parse().map_err(|_| InvalidEventId)?,
        };
        // An event has one id only: no `+1`, `01` or `1-0`.
        let is_canonical = id.to_string() == text;
        is_canonical.then_some(id).ok_or(InvalidEventId)
    }
}

/// An event to deliver.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewEvent {
    /// The id.
    pub id: EventId,
    /// The type.
    pub kind: EventType,
    /// What the event is about, such as `product 7`. Events about the same resource are delivered one after the other, also if
    /// its address changes.
    pub resource: String,
    /// The address of what the event is about, in the API. Events with the same subject are delivered one after the other,
    /// also if another resource had the address before.
    pub subject: String,
    /// The time of the change.
    pub time: OffsetDateTime,
    /// The JSON of the event, which every attempt sends.
    pub body: Bytes,
}

impl NewEvent {
    /// An event of an entry of the log. `number` counts the events of that entry from 0.
    pub fn of(
        entry: &ChangeEntry,
        number: u32,
        kind: EventType,
        subject: String,
        body: Bytes,
    ) -> Self {
        Self {
            id: EventId {
                entry: entry.id,
                number,
            },
            kind,
            resource: format!("{} {}", entry.resource.as_str(), entry.resource_id),
            subject,
            time: entry.at,
            body,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_as_they_are_shown() {
        for (entry, number, text) in [(1, 0, "1"), (i64::MAX, 12, "9223372036854775807-12")] {
            let id = EventId { entry, number };
            assert_eq!(id.to_string(), text);
            assert_eq!(text.parse(), Ok(id));
        }
        for text in [
            "", "-", "1-", "-1", "1-0", "01", "+1", "1-+1", "1-1-1", "1.0", " 1",
        ] {
            assert_eq!(text.parse::<EventId>(), Err(InvalidEventId), "{text}");
        }
    }
}
