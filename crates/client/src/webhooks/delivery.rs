use serde::Deserialize;
use time::OffsetDateTime;

use super::Webhooks;
use crate::Call;
use crate::changes::EventType;
use crate::operation as op;
use crate::page::{Items, Page, Pages};
use crate::request::Request;
use crate::text_enum::text_enum;

/// An event for a webhook, with the result of its last attempt.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Delivery {
    /// Which event.
    pub event: DeliveredEvent,
    /// Whether it has arrived.
    pub state: DeliveryState,
    /// The number of attempts. A retry by hand begins anew.
    pub attempts: u32,
    /// The status of the last answer.
    pub status: Option<u16>,
    /// How many milliseconds the last attempt took.
    pub milliseconds: Option<u64>,
    /// What went wrong at the last attempt.
    pub error: Option<String>,
    /// When it is attempted next.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub next_attempt_at: Option<OffsetDateTime>,
    /// When it was queued.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When the receiver has accepted it.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub delivered_at: Option<OffsetDateTime>,
}

/// Which event is delivered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct DeliveredEvent {
    /// The id, as in the header `webhook-id`.
    pub id: String,
    /// What happened.
    #[serde(rename = "type")]
    pub kind: EventType,
    /// The path of the resource.
    pub subject: String,
}

text_enum! {
    /// Whether an event has arrived.
    DeliveryState {
        /// It waits, or is being sent.
        Pending = "pending",
        /// The receiver has accepted it.
        Delivered = "delivered",
        /// It was given up, or its webhook was switched off.
        Failed = "failed",
    }
}

/// An event that is sent again.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RetriedDelivery {
    /// The id of the event.
    pub event: String,
    /// Whether it has arrived.
    pub state: DeliveryState,
}

impl Webhooks<'_> {
    /// Reads a page of the deliveries of a webhook, the newest first. `limit` is 1 to 100.
    ///
    /// # Errors
    /// 404 if there is no such webhook.
    pub fn deliveries(
        &self,
        id: &str,
        limit: Option<u8>,
        cursor: Option<&str>,
    ) -> Call<Page<Delivery>> {
        let request = Request::new(&op::LIST_DELIVERIES, &[&id]);
        let request = request.query(|query| {
            query.add("limit", limit).add("cursor", cursor);
        });
        Call::json(self.0, request)
    }

    /// Reads all deliveries of a webhook, page by page.
    pub fn all_deliveries(&self, id: &str) -> Items<Delivery> {
        let (client, id) = (self.0.clone(), id.to_owned());
        let pages = Pages::new(move |cursor| {
            let webhooks = client.webhooks();
            webhooks.deliveries(&id, Some(100), cursor.as_deref())
        });
        pages.items()
    }

    /// Sends an event again.
    ///
    /// # Errors
    /// 404 if there is no such delivery, 409 if the event is still being sent.
    pub fn retry(&self, id: &str, event: &str) -> Call<RetriedDelivery> {
        Call::json(self.0, Request::new(&op::RETRY_DELIVERY, &[&id, &event]))
    }
}
