use serde::{Deserialize, Deserializer, de};
use serde_json::Value;
use serde_json::value::RawValue;
use time::OffsetDateTime;

use crate::categories::Category;
use crate::products::Product;
use crate::reviews::ModeratedReview;
use crate::text_enum::text_enum;

/// A page of events, the oldest first.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct EventPage {
    /// The events.
    pub data: Vec<Event>,
    /// The cursor to go on from, also after an empty page.
    pub next_cursor: String,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Event {
    /// The id. It is the same each time that the event is read or delivered.
    pub id: String,
    /// What happened.
    pub kind: EventType,
    /// When it happened.
    pub time: OffsetDateTime,
    /// The path of the resource, such as `/api/products/eggs`.
    pub subject: String,
    /// The resource.
    pub data: EventData,
}

text_enum! {
    /// The type of an event.
    EventType {
        /// A product was created.
        ProductCreated = "product.created",
        /// A product was changed.
        ProductUpdated = "product.updated",
        /// A product was removed.
        ProductDeleted = "product.deleted",
        /// The stock of a product has fallen to its `low_stock_at`.
        ProductLowStock = "product.low_stock",
        /// A product that was sold out can be bought again.
        ProductBackInStock = "product.back_in_stock",
        /// A category was created.
        CategoryCreated = "category.created",
        /// A category was changed.
        CategoryUpdated = "category.updated",
        /// A category was removed.
        CategoryDeleted = "category.deleted",
        /// A customer has submitted a review.
        ReviewSubmitted = "review.submitted",
        /// A moderator has approved a review.
        ReviewVerified = "review.verified",
        /// A moderator has withdrawn an approval.
        ReviewUnverified = "review.unverified",
        /// A review was removed.
        ReviewDeleted = "review.deleted",
        /// Stock has moved.
        StockMoved = "stock.moved",
        /// The server has switched a webhook off.
        WebhookDisabled = "webhook.disabled",
        /// The test of a webhook.
        WebhookTest = "webhook.test",
    }
}

/// The resource of an event, as the API shows it to an administrator at the time of reading.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum EventData {
    /// A product.
    Product(Box<Product>),
    /// A category.
    Category(Box<Category>),
    /// A review.
    Review(Box<ModeratedReview>),
    /// A webhook.
    Webhook(EventWebhook),
    /// A resource that was removed.
    Gone(Gone),
    /// A resource that this version of the client does not know or can't read.
    Other(Value),
}

/// A webhook that was tested or switched off.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct EventWebhook {
    /// Its id.
    pub id: String,
    /// Whether it receives events.
    pub is_active: bool,
    /// Why the server has switched it off.
    pub disabled_reason: Option<String>,
}

/// A resource that was removed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Gone {
    /// Its id.
    pub id: i64,
    /// Its slug, if it had one.
    pub slug: Option<String>,
}

impl EventData {
    /// Reads the resource of a type of event. A resource may be gone by now, whatever the event says.
    fn read(kind: &EventType, json: &str) -> serde_json::Result<Self> {
        let group = kind.as_str().split('.').next();
        let resource = match group {
            Some("product" | "stock") => serde_json::from_str(json).map(Self::Product),
            Some("category") => serde_json::from_str(json).map(Self::Category),
            Some("review") => serde_json::from_str(json).map(Self::Review),
            Some("webhook") => serde_json::from_str(json).map(Self::Webhook),
            _ => return serde_json::from_str(json).map(Self::Other),
        };
        match resource {
            Ok(resource) => Ok(resource),
            Err(_) => serde_json::from_str(json).map(Self::gone_or_other),
        }
    }

    /// What is no resource that the client can read. Only a removed one has no `created_at`; one that has may be of a newer
    /// server, and still exists.
    fn gone_or_other(value: Value) -> Self {
        if value.get("created_at").is_some() {
            return Self::Other(value);
        }
        match Gone::deserialize(&value) {
            Ok(gone) => Self::Gone(gone),
            Err(_) => Self::Other(value),
        }
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Wire {
            id: String,
            #[serde(rename = "type")]
            kind: EventType,
            #[serde(with = "time::serde::rfc3339")]
            time: OffsetDateTime,
            subject: String,
            data: Box<RawValue>,
        }
        let wire = Wire::deserialize(deserializer)?;
        let data = EventData::read(&wire.kind, wire.data.get());
        Ok(Self {
            data: data.map_err(de::Error::custom)?,
            id: wire.id,
            kind: wire.kind,
            time: wire.time,
            subject: wire.subject,
        })
    }
}
