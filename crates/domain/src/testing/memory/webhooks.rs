mod queue;
mod stored;

use async_trait::async_trait;
use garde::Valid;
use time::OffsetDateTime;

use super::{InMemoryShop, State};
use crate::StoreError;
use crate::products::{PageSize, Total};
use crate::webhooks::{
    DeliveryPage, DeliveryState, EventId, MAX_WEBHOOKS, NewWebhook, SECRET_OVERLAP, Target,
    Webhook, WebhookChanges, WebhookError, WebhookId, WebhookRepository, WebhookSecret,
};

use self::stored::{StoredDelivery, StoredEvent, StoredWebhook};

/// The webhooks of a shop. The shop keeps no log of changes, so all events come from the caller.
#[derive(Debug, Default)]
pub(super) struct Webhooks {
    webhooks: Vec<StoredWebhook>,
    /// The number of an event is its position, from 1.
    events: Vec<StoredEvent>,
    deliveries: Vec<StoredDelivery>,
    /// The number of steps that were made.
    revision: i64,
}

impl Webhooks {
    fn find(&mut self, id: WebhookId) -> Result<&mut StoredWebhook, WebhookError> {
        let mut webhooks = self.webhooks.iter_mut();
        let found = webhooks.find(|stored| stored.webhook.id == id);
        found.ok_or(WebhookError::NotFound)
    }

    fn event(&self, delivery: &StoredDelivery) -> Option<&StoredEvent> {
        let index = usize::try_from(delivery.number - 1).ok()?;
        self.events.get(index)
    }
}

impl State {
    fn webhook(&mut self, id: WebhookId) -> Result<&mut StoredWebhook, WebhookError> {
        self.webhooks.find(id)
    }
}

#[async_trait]
impl WebhookRepository for InMemoryShop {
    async fn list(&self) -> Result<Vec<Webhook>, StoreError> {
        let state = self.state();
        let webhooks = state.webhooks.webhooks.iter().rev();
        Ok(webhooks.map(|stored| stored.webhook.clone()).collect())
    }

    async fn find(&self, id: WebhookId) -> Result<Option<Webhook>, StoreError> {
        let mut state = self.state();
        Ok(state.webhook(id).ok().map(|stored| stored.webhook.clone()))
    }

    async fn create(
        &self,
        webhook: Valid<NewWebhook>,
        secret: &WebhookSecret,
    ) -> Result<Webhook, WebhookError> {
        let mut state = self.state();
        if state.webhooks.webhooks.len() as u64 >= MAX_WEBHOOKS {
            return Err(WebhookError::TooMany);
        }
        let (_, now) = state.tick();
        let new = webhook.into_inner();
        let mut webhook = Webhook::new(WebhookId::random(), new.url, new.types, now);
        webhook.is_active = new.is_active;
        state.webhooks.webhooks.push(StoredWebhook {
            webhook: webhook.clone(),
            secrets: vec![(secret.clone(), None)],
            activated_at: now,
            last_success_at: None,
        });
        Ok(webhook)
    }

    async fn update(
        &self,
        id: WebhookId,
        changes: Valid<WebhookChanges>,
    ) -> Result<Webhook, WebhookError> {
        let mut state = self.state();
        let (_, now) = state.tick();
        let stored = state.webhook(id)?;
        let was_active = stored.webhook.is_active;
        stored.webhook.apply(changes.into_inner());
        if stored.webhook.is_active && !was_active {
            stored.activated_at = now;
        }
        Ok(stored.webhook.clone())
    }

    async fn delete(&self, id: WebhookId) -> Result<(), WebhookError> {
        let mut state = self.state();
        state.webhook(id)?;
        let webhooks = &mut state.webhooks;
        webhooks.webhooks.retain(|of| of.webhook.id != id);
        webhooks.deliveries.retain(|of| of.webhook != id);
        Ok(())
    }

    async fn rotate_secret(
        &self,
        id: WebhookId,
        secret: &WebhookSecret,
    ) -> Result<Webhook, WebhookError> {
        let mut state = self.state();
        let (_, now) = state.tick();
        let stored = state.webhook(id)?;
        for (_, expires_at) in &mut stored.secrets {
            expires_at.get_or_insert(now + SECRET_OVERLAP);
        }
        stored.secrets.insert(0, (secret.clone(), None));
        Ok(stored.webhook.clone())
    }

    async fn target(&self, id: WebhookId) -> Result<Target, WebhookError> {
        let mut state = self.state();
        let now = state.now();
        state.webhook(id).map(|stored| stored.target(now))
    }

    async fn deliveries(
        &self,
        id: WebhookId,
        before: Option<i64>,
        limit: PageSize,
    ) -> Result<DeliveryPage, WebhookError> {
        let mut state = self.state();
        state.webhook(id)?;
        let webhooks = &state.webhooks;
        let of = webhooks.deliveries.iter().filter(|of| of.webhook == id);
        let total = Total::from_bounded_count(of.clone().count().try_into().unwrap_or(u32::MAX));
        let older = of.filter(|of| before.is_none_or(|before| of.number < before));
        let mut older: Vec<&StoredDelivery> = older.collect();
        older.sort_by_key(|of| std::cmp::Reverse(of.number));
        let limit = limit.get() as usize;
        let page = older.iter().take(limit);
        Ok(DeliveryPage {
            items: page.filter_map(|of| of.read(webhooks)).collect(),
            total,
            has_more: older.len() > limit,
        })
    }

    async fn retry(&self, id: WebhookId, event: EventId) -> Result<(), WebhookError> {
        let mut state = self.state();
        let now = state.now();
        if !state.webhook(id)?.webhook.is_active {
            return Err(WebhookError::Inactive);
        }
        state.webhooks.retry(id, event, now)
    }
}

impl Webhooks {
    fn retry(
        &mut self,
        id: WebhookId,
        event: EventId,
        now: OffsetDateTime,
    ) -> Result<(), WebhookError> {
        let is_wanted = |of: &StoredDelivery| {
            of.webhook == id && self.event(of).is_some_and(|found| found.new.id == event)
        };
        let index = self.deliveries.iter().position(is_wanted);
        let index = index.ok_or(WebhookError::DeliveryNotFound)?;
        let delivery = &mut self.deliveries[index];
        let mut queue = delivery.queue();
        if delivery.state != DeliveryState::Pending {
            delivery.state = DeliveryState::Pending;
            delivery.attempts = 0;
            delivery.first_attempt_at = None;
            delivery.finished_at = None;
            self.pass_turns(now);
        }
        // Those that have the turn do not wait for their time, so that this one follows soon: in its queue, in the one that
        // its queue follows, and so on.
        loop {
            let pending = self.deliveries.iter_mut();
            let pending = pending.filter(|of| of.is_pending_in(&queue));
            let Some(first) = pending.min_by_key(|of| (of.due_at.is_none(), of.number)) else {
                return Ok(());
            };
            if first.due_at.is_some() {
                first.due_at = match first.lease {
                    Some(_) => first.due_at,
                    None => first.due_at.min(Some(now)),
                };
                return Ok(());
            }
            let (webhook, follows) = (first.webhook, first.follows);
            let mut all = self.deliveries.iter();
            let earlier = all.find(|of| of.webhook == webhook && Some(of.number) == follows);
            let Some(earlier) = earlier else {
                return Ok(());
            };
            queue = earlier.queue();
        }
    }
}
