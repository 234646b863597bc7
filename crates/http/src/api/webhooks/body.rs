use eggypro_domain::webhooks::{Delivery, Webhook, WebhookSecret};
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::api::products::Pagination;
use crate::receivers::TestedReceiver;

/// An address of another system that receives events.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Webhook)]
pub(super) struct WebhookBody<'a> {
    #[schema(example = "3f0b6c1e-6d0e-4c53-9d0c-5a5be0f0c1a7")]
    id: String,
    /// Where events are sent.
    #[schema(example = "https://erp.example/hook")]
    url: &'a str,
    /// The types of events that it receives: `*` for all, those of a group such as `product.*`, or single ones.
    #[schema(example = json!(["product.*", "stock.moved"]))]
    types: Vec<String>,
    /// Whether it receives events.
    is_active: bool,
    /// Why the server has switched it off; null if it is active, or if a person has switched it off.
    disabled_reason: Option<&'a str>,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
}

impl<'a> WebhookBody<'a> {
    pub(super) fn of(webhook: &'a Webhook) -> Self {
        Self {
            id: webhook.id.to_string(),
            url: webhook.url.as_str(),
            types: webhook.types.iter().map(ToString::to_string).collect(),
            is_active: webhook.is_active,
            disabled_reason: webhook.disabled_reason.as_deref(),
            created_at: webhook.created_at,
        }
    }
}

/// All webhooks.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookList)]
pub(super) struct WebhookListBody<'a> {
    pub(super) data: Vec<WebhookBody<'a>>,
}

/// A webhook with a secret that was just made.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FreshWebhook)]
pub(super) struct FreshWebhookBody<'a> {
    #[serde(flatten)]
    webhook: WebhookBody<'a>,
    /// Signs the requests, as Standard Webhooks specifies. It is shown here and never again.
    #[schema(example = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD")]
    secret: &'a str,
}

impl<'a> FreshWebhookBody<'a> {
    pub(super) fn of(webhook: &'a Webhook, secret: &'a WebhookSecret) -> Self {
        Self {
            webhook: WebhookBody::of(webhook),
            secret: secret.expose(),
        }
    }
}

/// The result of a test.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookTest)]
pub(super) struct TestBody<'a> {
    /// The status of the receiver's answer; null if there was none.
    #[schema(example = 204)]
    status: Option<u16>,
    /// How long the answer or the failure took.
    #[schema(example = 38)]
    milliseconds: u64,
    /// What went wrong, for people; null if the receiver has accepted the event.
    #[schema(example = json!(null))]
    error: Option<&'a str>,
}

impl<'a> TestBody<'a> {
    pub(super) fn of(tested: &'a TestedReceiver) -> Self {
        Self {
            status: tested.status,
            milliseconds: tested.milliseconds,
            error: tested.error.as_deref(),
        }
    }
}

/// One page of deliveries.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeliveryPage)]
pub(super) struct DeliveryPageBody<'a> {
    pub(super) data: Vec<DeliveryBody<'a>>,
    pub(super) pagination: Pagination,
}

/// An event for a webhook, with the result of its last attempt.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Delivery)]
pub(super) struct DeliveryBody<'a> {
    event: DeliveredEvent<'a>,
    /// `pending` (it waits, or is being sent), `delivered`, or `failed` (given up, or its webhook was switched off).
    #[schema(example = "pending")]
    state: &'static str,
    /// The number of attempts. A retry by hand begins anew.
    #[schema(example = 1)]
    attempts: u32,
    /// The status of the last answer; null if there was none, or no attempt.
    #[schema(example = 503)]
    status: Option<u16>,
    /// How long the last attempt took.
    #[schema(example = 38)]
    milliseconds: Option<u64>,
    /// What went wrong at the last attempt, for people.
    #[schema(example = "the receiver answered 503")]
    error: Option<&'a str>,
    /// When it is attempted next; null while it is being sent, while it waits for an earlier event about the same thing,
    /// and once it has ended.
    #[serde(with = "time::serde::rfc3339::option")]
    next_attempt_at: Option<OffsetDateTime>,
    /// When it was queued.
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    /// When the receiver has accepted it.
    #[serde(with = "time::serde::rfc3339::option")]
    delivered_at: Option<OffsetDateTime>,
}

/// Which event it is. `/api/events` shows it whole.
#[derive(Debug, Serialize, ToSchema)]
struct DeliveredEvent<'a> {
    /// The same as in `webhook-id`.
    #[schema(example = "4711")]
    id: String,
    #[serde(rename = "type")]
    #[schema(example = "product.updated")]
    kind: &'static str,
    #[schema(example = "/api/products/eggypro-vanilla-1kg")]
    subject: &'a str,
}

impl<'a> DeliveryBody<'a> {
    pub(super) fn of(delivery: &'a Delivery) -> Self {
        Self {
            event: DeliveredEvent {
                id: delivery.event.to_string(),
                kind: delivery.kind.as_str(),
                subject: &delivery.subject,
            },
            state: delivery.state.as_str(),
            attempts: delivery.attempts,
            status: delivery.status,
            milliseconds: delivery.milliseconds,
            error: delivery.error.as_deref(),
            next_attempt_at: delivery.next_attempt_at,
            created_at: delivery.created_at,
            delivered_at: delivery.delivered_at,
        }
    }
}

/// An event that is sent again.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RetriedDelivery {
    /// The id of the event.
    #[schema(example = "4711")]
    pub(super) event: String,
    /// `pending`
    #[schema(example = "pending")]
    pub(super) state: &'static str,
}
