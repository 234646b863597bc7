use async_trait::async_trait;
use garde::Valid;

use super::{
    DeliveryPage, EventId, NewWebhook, Target, Webhook, WebhookChanges, WebhookId, WebhookSecret,
};
use crate::StoreError;
use crate::products::PageSize;

/// Why a call for a webhook failed. Nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// There is no webhook with this id.
    #[error("there is no such webhook")]
    NotFound,
    /// The webhook has no delivery of this event.
    #[error("there is no such delivery")]
    DeliveryNotFound,
    /// The shop has [`MAX_WEBHOOKS`](super::MAX_WEBHOOKS).
    #[error("there are too many webhooks")]
    TooMany,
    /// The webhook is not active, so nothing is sent to it.
    #[error("the webhook is not active")]
    Inactive,
    /// The store is unavailable or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Stores webhooks. The log of changes records their changes, without their secrets.
#[async_trait]
pub trait WebhookRepository: Send + Sync {
    /// All webhooks, newest first.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn list(&self) -> Result<Vec<Webhook>, StoreError>;

    /// The webhook with this id.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn find(&self, webhook: WebhookId) -> Result<Option<Webhook>, StoreError>;

    /// Creates a webhook with this secret. It receives the events of all changes that are committed once this returns.
    ///
    /// # Errors
    /// [`WebhookError::TooMany`].
    async fn create(
        &self,
        webhook: Valid<NewWebhook>,
        secret: &WebhookSecret,
    ) -> Result<Webhook, WebhookError>;

    /// Changes a webhook.
    ///
    /// # Errors
    /// [`WebhookError::NotFound`].
    async fn update(
        &self,
        webhook: WebhookId,
        changes: Valid<WebhookChanges>,
    ) -> Result<Webhook, WebhookError>;

    /// Deletes a webhook with its secrets. Nothing is sent to it any more, but for open requests.
    ///
    /// # Errors
    /// [`WebhookError::NotFound`].
    async fn delete(&self, webhook: WebhookId) -> Result<(), WebhookError>;

    /// Gives a webhook a new secret. The former one signs along for [`SECRET_OVERLAP`](super::SECRET_OVERLAP).
    ///
    /// # Errors
    /// [`WebhookError::NotFound`].
    async fn rotate_secret(
        &self,
        webhook: WebhookId,
        secret: &WebhookSecret,
    ) -> Result<Webhook, WebhookError>;

    /// Where events of a webhook are sent, for a test. It may be inactive.
    ///
    /// # Errors
    /// [`WebhookError::NotFound`].
    async fn target(&self, webhook: WebhookId) -> Result<Target, WebhookError>;

    /// The deliveries of a webhook, newest first, older than the one with the number `before`.
    ///
    /// # Errors
    /// [`WebhookError::NotFound`].
    async fn deliveries(
        &self,
        webhook: WebhookId,
        before: Option<i64>,
        limit: PageSize,
    ) -> Result<DeliveryPage, WebhookError>;

    /// Sends an event again: makes a delivery that has ended pending, with all attempts, or a pending one due. Within
    /// its resource it comes first, after an event that is being sent.
    ///
    /// # Errors
    /// [`WebhookError::NotFound`], [`WebhookError::Inactive`] or [`WebhookError::DeliveryNotFound`].
    async fn retry(&self, webhook: WebhookId, event: EventId) -> Result<(), WebhookError>;
}
