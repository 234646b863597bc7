use time::OffsetDateTime;

use super::Webhooks;
use crate::webhooks::{
    DROPPED, Delivery, DeliveryLease, DeliveryState, FailedAttempt, MAX_SECRETS, NewEvent, Target,
    Webhook, WebhookId, WebhookSecret,
};

#[derive(Debug)]
pub(super) struct StoredWebhook {
    pub(super) webhook: Webhook,
    /// The newest first, each with the time until which it signs. The current one has no such time.
    pub(super) secrets: Vec<(WebhookSecret, Option<OffsetDateTime>)>,
    pub(super) activated_at: OffsetDateTime,
    pub(super) last_success_at: Option<OffsetDateTime>,
}

impl StoredWebhook {
    pub(super) fn target(&self, now: OffsetDateTime) -> Target {
        let secrets = self.secrets.iter();
        let valid = secrets.filter(|(_, until)| until.is_none_or(|until| until > now));
        let valid = valid.map(|(secret, _)| secret.clone());
        Target {
            url: self.webhook.url.clone(),
            secrets: valid.take(MAX_SECRETS).collect(),
        }
    }
}

#[derive(Debug)]
pub(super) struct StoredEvent {
    pub(super) new: NewEvent,
    pub(super) created_at: OffsetDateTime,
}

/// A delivery. Of the pending ones of a queue, one has the turn: it has a time at which it is due.
#[derive(Debug)]
pub(super) struct StoredDelivery {
    pub(super) webhook: WebhookId,
    pub(super) number: i64,
    pub(super) ordering_key: String,
    pub(super) resource: String,
    /// The number of the last event of the resource at another address, which ends before this one is sent.
    pub(super) follows: Option<i64>,
    pub(super) state: DeliveryState,
    /// For a leased one, the end of its lease.
    pub(super) due_at: Option<OffsetDateTime>,
    pub(super) lease: Option<DeliveryLease>,
    pub(super) attempts: u32,
    pub(super) first_attempt_at: Option<OffsetDateTime>,
    /// The last attempt. One that succeeded has no error.
    pub(super) last: Option<FailedAttempt>,
    /// Whether it was dropped since the last attempt.
    pub(super) is_dropped: bool,
    pub(super) finished_at: Option<OffsetDateTime>,
}

impl StoredDelivery {
    pub(super) fn new(
        webhook: WebhookId,
        number: i64,
        ordering_key: String,
        resource: String,
    ) -> Self {
        Self {
            webhook,
            number,
            ordering_key,
            resource,
            follows: None,
            state: DeliveryState::Pending,
            due_at: None,
            lease: None,
            attempts: 0,
            first_attempt_at: None,
            last: None,
            is_dropped: false,
            finished_at: None,
        }
    }

    /// The queue that it belongs to.
    pub(super) fn queue(&self) -> (WebhookId, String) {
        (self.webhook, self.ordering_key.clone())
    }

    pub(super) fn is_pending_in(&self, (webhook, key): &(WebhookId, String)) -> bool {
        let is_pending = self.state == DeliveryState::Pending;
        is_pending && self.webhook == *webhook && self.ordering_key == *key
    }

    pub(super) fn is_leased(&self, now: OffsetDateTime) -> bool {
        self.lease.is_some() && self.due_at.is_some_and(|end| end > now)
    }

    /// Ends a pending delivery.
    pub(super) fn end(&mut self, state: DeliveryState, now: OffsetDateTime) {
        self.state = state;
        self.due_at = None;
        self.lease = None;
        self.finished_at = Some(now);
    }

    pub(super) fn read(&self, webhooks: &Webhooks) -> Option<Delivery> {
        let event = webhooks.event(self)?;
        let last = self.last.as_ref();
        let is_delivered = self.state == DeliveryState::Delivered;
        let error = match self.is_dropped {
            true => Some(DROPPED.to_owned()),
            false => last.map(|last| last.error.clone()),
        };
        Some(Delivery {
            number: self.number,
            event: event.new.id,
            kind: event.new.kind,
            subject: event.new.subject.clone(),
            state: self.state,
            attempts: self.attempts,
            status: last.and_then(|last| last.status),
            milliseconds: last.map(|last| last.milliseconds),
            error: error.filter(|error| !error.is_empty()),
            next_attempt_at: self.due_at.filter(|_| self.lease.is_none()),
            created_at: event.created_at,
            delivered_at: self.finished_at.filter(|_| is_delivered),
        })
    }
}
