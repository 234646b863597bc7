//! Webhooks: addresses of other systems that receive events.

mod delivery;
#[cfg(feature = "webhooks")]
mod verifier;

pub use self::delivery::{DeliveredEvent, Delivery, DeliveryState, RetriedDelivery};
#[cfg(feature = "webhooks")]
pub use self::verifier::{Verifier, VerifyError};

use std::ops::Deref;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::operation as op;
use crate::request::Request;
use crate::{Call, Client, Field};

/// An address of another system that receives events.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Webhook {
    /// The id.
    pub id: String,
    /// Where events are sent.
    pub url: String,
    /// The types of events that it receives: `*` for all, those of a group such as `product.*`, or single ones.
    pub types: Vec<String>,
    /// Whether it receives events.
    pub is_active: bool,
    /// Why the server has switched it off.
    pub disabled_reason: Option<String>,
    /// The time of creation.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

/// A webhook with a secret that was just made. It dereferences to the webhook.
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct FreshWebhook {
    /// The webhook.
    #[serde(flatten)]
    pub webhook: Webhook,
    /// Signs its requests. The server shows it once.
    pub secret: SecretString,
}

impl Deref for FreshWebhook {
    type Target = Webhook;

    fn deref(&self) -> &Webhook {
        &self.webhook
    }
}

/// A webhook to create.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewWebhook {
    /// A public https URL.
    pub url: String,
    /// The types of events that it receives: `*` for all, those of a group such as `product.*`, or single ones.
    pub types: Vec<String>,
    /// Whether it receives events.
    pub is_active: bool,
}

impl NewWebhook {
    /// A webhook that receives events of these types.
    pub fn new(url: impl Into<String>, types: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            url: url.into(),
            types: types.into_iter().map(Into::into).collect(),
            is_active: true,
        }
    }
}

/// The change of a webhook. By default, every field stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct WebhookPatch {
    /// Where events are sent. It can't be cleared.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub url: Field<String>,
    /// The types of events that it receives. They can't be cleared.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub types: Field<Vec<String>>,
    /// Whether it receives events.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub is_active: Field<bool>,
}

/// All webhooks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct WebhookList {
    /// The webhooks.
    pub data: Vec<Webhook>,
}

/// The result of a test.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct WebhookTest {
    /// The status of the receiver's answer; `None` without an answer.
    pub status: Option<u16>,
    /// How many milliseconds the answer or the failure took.
    pub milliseconds: u64,
    /// What went wrong; `None` if the receiver has accepted the event.
    pub error: Option<String>,
}

/// The calls of webhooks, which need `webhooks:manage`. See [`Client::webhooks`].
#[derive(Debug, Clone, Copy)]
pub struct Webhooks<'a>(pub(crate) &'a Client);

impl Client {
    /// Webhooks.
    pub fn webhooks(&self) -> Webhooks<'_> {
        Webhooks(self)
    }
}

impl Webhooks<'_> {
    /// Lists all webhooks.
    pub fn list(&self) -> Call<WebhookList> {
        Call::json(self.0, Request::new(&op::LIST_WEBHOOKS, &[]))
    }

    /// Reads a webhook.
    ///
    /// # Errors
    /// 404 if it does not exist.
    pub fn get(&self, id: &str) -> Call<Webhook> {
        Call::json(self.0, Request::new(&op::READ_WEBHOOK, &[&id]))
    }

    /// Creates a webhook.
    ///
    /// If the answer was lost, or the call fails with 409 `idempotent-answer-lost`, the webhook may exist although nobody has its
    /// secret: [list](Self::list) the webhooks, and [remove](Self::remove) it or [make a new secret](Self::rotate_secret).
    ///
    /// # Errors
    /// 422 if the address is not public or a type is unknown.
    pub fn create(&self, webhook: &NewWebhook) -> Call<FreshWebhook> {
        let request = Request::new(&op::CREATE_WEBHOOK, &[]);
        Call::json(self.0, request.json(webhook))
    }

    /// Changes a webhook.
    ///
    /// # Errors
    /// 404, 422 if the address is not public or a type is unknown.
    pub fn patch(&self, id: &str, patch: &WebhookPatch) -> Call<Webhook> {
        let request = Request::new(&op::PATCH_WEBHOOK, &[&id]);
        Call::json(self.0, request.merge_patch(patch))
    }

    /// Removes a webhook.
    ///
    /// # Errors
    /// 404 if it does not exist.
    pub fn remove(&self, id: &str) -> Call<()> {
        Call::empty(self.0, Request::new(&op::DELETE_WEBHOOK, &[&id]))
    }

    /// Makes a new secret. The old one signs along for 24 hours.
    ///
    /// If the answer was lost, or the call fails with 409 `idempotent-answer-lost`, the new secret may exist although nobody has
    /// it: make another one within these 24 hours.
    ///
    /// # Errors
    /// 404 if it does not exist.
    pub fn rotate_secret(&self, id: &str) -> Call<FreshWebhook> {
        Call::json(self.0, Request::new(&op::ROTATE_WEBHOOK_SECRET, &[&id]))
    }

    /// Sends an event of the type `webhook.test`, and waits for the receiver's answer, at most 15 s.
    ///
    /// # Errors
    /// 404 if it does not exist. A receiver that fails is no error.
    pub fn test(&self, id: &str) -> Call<WebhookTest> {
        Call::json(self.0, Request::new(&op::TEST_WEBHOOK, &[&id]))
    }
}
