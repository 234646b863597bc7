use std::time::Duration;

use async_trait::async_trait;

use super::{
    ClaimedDelivery, FailedAttempt, Followed, NewEvent, Recorded, Step, WebhookId, WebhookUrl,
};
use crate::StoreError;

/// The queue of deliveries, which all servers of a shop share. Each call is atomic, and durable once it returns.
///
/// Times are those of the store, so callers pass durations: their clocks may differ.
#[async_trait]
pub trait DeliveryQueue: Send + Sync {
    /// The next step of following the log, with at most `limit` entries. `None` if no webhook is active, or if another
    /// server makes the steps: the server that made the last one does, until it has made none for a second. Call it
    /// whenever there are changes, and again at least every half second, since the end of an open transaction is no
    /// change.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn next_entries(&self, limit: u16) -> Result<Option<Followed>, StoreError>;

    /// Makes a step: adds its events, in order, for each webhook that is active, wants them, and became active before
    /// their changes were committed. A webhook without one of them has no delivery of it. Returns whether the step was
    /// made. If it was not, another server has made it, and nothing has changed.
    ///
    /// # Errors
    /// If the store is unavailable or fails. The outcome is unknown then; the same step can be made again.
    async fn enqueue(&self, step: &Step, events: Vec<NewEvent>) -> Result<bool, StoreError>;

    /// Claims at most `limit` deliveries that are due, for this long. No other claim returns them until the lease has
    /// run out or the result was recorded.
    ///
    /// Of the deliveries of a webhook with the same [subject](NewEvent::subject), only one is ever claimed: the earliest
    /// that is pending, and not before the earlier ones of its [resource](NewEvent::resource) have ended. A webhook has at most [`MAX_OPEN`](super::MAX_OPEN) leases. Those with fewer come
    /// first, so a busy webhook holds up no other one.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn claim(&self, lease: Duration, limit: u32) -> Result<Vec<ClaimedDelivery>, StoreError>;

    /// Gives claimed deliveries back that were not sent. They are due, and the attempt does not count. A store may
    /// leave some to the end of their leases.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn give_back(&self, deliveries: &[ClaimedDelivery]) -> Result<(), StoreError>;

    /// Records that the receiver has accepted an event. The next one of its resource is due then.
    ///
    /// # Errors
    /// If the store is unavailable or fails. The lease then runs out, and the event is sent again with the same id.
    async fn succeeded(
        &self,
        delivery: &ClaimedDelivery,
        status: u16,
        milliseconds: u64,
    ) -> Result<Recorded, StoreError>;

    /// Records that an attempt failed, and that the next one is made after this time. With no time the event is given
    /// up, and the next one of its resource is due.
    ///
    /// If an event is given up and nothing was delivered to its webhook since the first attempt, the webhook is
    /// switched off, for the reason [`exhaustion`](ClaimedDelivery::exhaustion). The current
    /// [`Origin`](crate::changes::Origin) is that of this change. Deliveries are counted to a minute in favour of the
    /// webhook.
    ///
    /// # Errors
    /// As for [`succeeded`](Self::succeeded).
    async fn failed(
        &self,
        delivery: &ClaimedDelivery,
        attempt: FailedAttempt,
        retry_in: Option<Duration>,
    ) -> Result<Recorded, StoreError>;

    /// Switches a webhook off for this reason, if it still has the URL that gave the reason. Returns whether it was active.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn disable(
        &self,
        webhook: WebhookId,
        url: &WebhookUrl,
        reason: &str,
    ) -> Result<bool, StoreError>;

    /// How long until a delivery can be claimed. `None` if none is pending. A webhook with
    /// [`MAX_OPEN`](super::MAX_OPEN) leases counts from the end of a lease, since whoever records a result claims the
    /// next delivery.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn next_due(&self) -> Result<Option<Duration>, StoreError>;

    /// Drops at most `limit` pending deliveries of webhooks that are not active, as failed, but for those that are
    /// being sent. Returns how many.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn drop_pending(&self, limit: u32) -> Result<u64, StoreError>;

    /// Deletes deliveries that were queued longer than [`RETENTION`](super::RETENTION) ago, and what belongs to deleted
    /// webhooks, in a step of about `limit` rows. Returns how many.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn delete_old(&self, limit: u32) -> Result<u64, StoreError>;
}
