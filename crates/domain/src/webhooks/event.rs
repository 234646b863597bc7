use std::fmt;
use std::str::FromStr;

use bytes::Bytes;
use time::OffsetDateTime;

use crate::changes::{ChangeEntry, EventType, Resource};

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
    /// Events with the same key are delivered one after the other. It names the address that the resource had after the
    /// change, which another resource may have had before.
    pub ordering_key: String,
    /// The key of the former address, if the change gave the resource another one. The event is delivered after the earlier
    /// events with that key.
    pub former_key: Option<String>,
    /// The address of what the event is about, in the API.
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
        let resource = entry.resource.as_str();
        let slug = match entry.resource {
            Resource::Product | Resource::Category => entry.slug.as_deref(),
            _ => None,
        };
        let address = slug.unwrap_or(&entry.resource_id);
        let former = slug.and_then(|_| entry.former_slug());
        Self {
            id: EventId {
                entry: entry.id,
                number,
            },
            kind,
            ordering_key: format!("{resource} {address}"),
            former_key: former.map(|former| format!("{resource} {former}")),
            subject,
            time: entry.at,
            body,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::changes::{Action, Actor};

    fn keys(resource: Resource, slug: Option<&str>, diff: &str) -> (String, Option<String>) {
        let mut entry = ChangeEntry::new(
            1,
            OffsetDateTime::UNIX_EPOCH,
            (resource, "7".to_owned()),
            Action::Updated,
            Actor::customer(),
            diff.to_owned(),
        );
        entry.slug = slug.map(str::to_owned);
        let kind = EventType::ProductUpdated;
        let event = NewEvent::of(&entry, 0, kind, String::new(), Bytes::new());
        (event.ordering_key, event.former_key)
    }

    #[test]
    fn keys_name_addresses() {
        use Resource::{Category, Product, Review};

        let renamed = r#"{"sku": [null, "\"slug\":[\"x\""], "slug": ["bar", "vanilla-bar"]}"#;
        let compact = r#"{"slug":["bar","vanilla-bar"]}"#;
        let other = r#"{"name": ["Slug", "\"slug\": [\"a\", \"b\"]"]}"#;
        for (resource, slug, diff, key, former) in [
            (
                Product,
                Some("vanilla-bar"),
                renamed,
                "product vanilla-bar",
                Some("product bar"),
            ),
            (
                Category,
                Some("vanilla-bar"),
                compact,
                "category vanilla-bar",
                Some("category bar"),
            ),
            (Product, Some("bar"), other, "product bar", None),
            (Product, None, compact, "product 7", None),
            (Review, Some("vanilla-bar"), compact, "review 7", None),
        ] {
            let expected = (key.to_owned(), former.map(str::to_owned));
            assert_eq!(keys(resource, slug, diff), expected, "{resource:?} {diff}");
        }
    }

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
