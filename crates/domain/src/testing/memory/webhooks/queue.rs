use std::collections::{HashMap, HashSet};
use std::time::Duration;

use async_trait::async_trait;
use time::OffsetDateTime;

use super::super::InMemoryShop;
use super::Webhooks;
use super::stored::{StoredDelivery, StoredEvent};
use crate::StoreError;
use crate::changes::{ChangeLog, FollowError, NoChangeLog};
use crate::webhooks::{
    ClaimedDelivery, DeliveryLease, DeliveryQueue, DeliveryState, FailedAttempt, Followed,
    MAX_OPEN, NewEvent, RETENTION, Recorded, Step, WebhookId, WebhookUrl,
};

impl Webhooks {
    fn add(&mut self, new: NewEvent, now: OffsetDateTime) {
        let wanting = self.webhooks.iter().filter(|of| {
            let mut types = of.webhook.types.iter();
            of.webhook.is_active && types.any(|pattern| pattern.matches(new.kind))
        });
        let wanting: Vec<WebhookId> = wanting.map(|of| of.webhook.id).collect();
        let is_known = self.events.iter().any(|of| of.new.id == new.id);
        if wanting.is_empty() || is_known {
            return;
        }
        let (key, resource) = (new.subject.clone(), new.resource.clone());
        self.events.push(StoredEvent {
            new,
            created_at: now,
        });
        let number = i64::try_from(self.events.len()).unwrap_or(i64::MAX);
        for webhook in wanting {
            let mut delivery = StoredDelivery::new(webhook, number, key.clone(), resource.clone());
            let earlier = self.deliveries.iter().filter(|of| {
                let is_pending = of.state == DeliveryState::Pending;
                is_pending && of.webhook == webhook && of.resource == resource
            });
            let last = earlier.max_by_key(|of| of.number);
            let last = last.filter(|of| of.ordering_key != key);
            delivery.follows = last.map(|of| of.number);
            self.deliveries.push(delivery);
        }
        self.pass_turns(now);
    }

    /// The due deliveries of a webhook that may be claimed, each with its rank: the number of open ones with it.
    fn claimable(&self, webhook: WebhookId, now: OffsetDateTime) -> Vec<(u32, usize)> {
        let of_webhook = self.deliveries.iter().enumerate();
        let of_webhook = of_webhook.filter(|(_, of)| of.webhook == webhook);
        let open = of_webhook.clone().filter(|(_, of)| of.is_leased(now));
        let open = u32::try_from(open.count()).unwrap_or(u32::MAX);
        let due = of_webhook.filter(|(_, of)| of.due_at.is_some_and(|due| due <= now));
        let mut due: Vec<(usize, &StoredDelivery)> = due.collect();
        due.sort_by_key(|(_, of)| (of.due_at, of.number));
        let ranked = due.into_iter().zip(open + 1..=MAX_OPEN);
        ranked.map(|((index, _), rank)| (rank, index)).collect()
    }

    fn claim(
        &mut self,
        index: usize,
        (lease, until): (DeliveryLease, OffsetDateTime),
        now: OffsetDateTime,
    ) -> Option<ClaimedDelivery> {
        let delivery = &mut self.deliveries[index];
        delivery.lease = Some(lease);
        delivery.due_at = Some(until);
        delivery.attempts += 1;
        delivery.first_attempt_at.get_or_insert(now);
        let delivery = &self.deliveries[index];
        let mut webhooks = self.webhooks.iter();
        let stored = webhooks.find(|of| of.webhook.id == delivery.webhook)?;
        let event = self.event(delivery)?;
        Some(ClaimedDelivery {
            webhook: delivery.webhook,
            number: delivery.number,
            event: event.new.id,
            target: stored.target(now),
            body: event.new.body.clone(),
            time: event.new.time,
            attempt: delivery.attempts,
            lease,
        })
    }

    /// The delivery of a claim whose lease still holds.
    fn held(&mut self, claimed: &ClaimedDelivery) -> Option<&mut StoredDelivery> {
        let mut deliveries = self.deliveries.iter_mut();
        deliveries.find(|of| {
            let is_same = of.webhook == claimed.webhook && of.number == claimed.number;
            is_same && of.lease == Some(claimed.lease)
        })
    }

    /// In each queue in which none has the turn, gives it to the earliest pending delivery, unless that one follows a
    /// pending delivery of another queue.
    pub(super) fn pass_turns(&mut self, now: OffsetDateTime) {
        let pending = |of: &&StoredDelivery| of.state == DeliveryState::Pending;
        let all: Vec<&StoredDelivery> = self.deliveries.iter().filter(pending).collect();
        let mut first: HashMap<(WebhookId, String), &StoredDelivery> = HashMap::new();
        for delivery in &all {
            let first = first.entry(delivery.queue()).or_insert(delivery);
            if delivery.number < first.number {
                *first = delivery;
            }
        }
        let having: HashSet<_> = all
            .iter()
            .filter(|of| of.due_at.is_some())
            .map(|of| of.queue())
            .collect();
        let is_pending = |webhook, number| {
            let mut all = all.iter();
            all.any(|of| of.webhook == webhook && of.number == number)
        };
        let next = first.into_iter().filter(|(queue, first)| {
            let follows = first
                .follows
                .is_some_and(|number| is_pending(first.webhook, number));
            !having.contains(queue) && !follows
        });
        let next: HashSet<(WebhookId, i64)> = next.map(|(_, of)| (of.webhook, of.number)).collect();
        for delivery in &mut self.deliveries {
            if next.contains(&(delivery.webhook, delivery.number)) {
                delivery.due_at = Some(now);
            }
        }
    }

    /// Switches a webhook off if nothing was delivered to it since the first attempt of a delivery.
    fn switch_off_exhausted(
        &mut self,
        claimed: &ClaimedDelivery,
        first_attempt_at: Option<OffsetDateTime>,
    ) -> bool {
        let (Some(first), Ok(stored)) = (first_attempt_at, self.find(claimed.webhook)) else {
            return false;
        };
        let latest = first - Duration::from_secs(60);
        let is_exhausted = stored.last_success_at.is_none_or(|last| last < latest);
        let is_switched_off =
            stored.webhook.is_active && is_exhausted && first >= stored.activated_at;
        if is_switched_off {
            stored.webhook.is_active = false;
            stored.webhook.disabled_reason = Some(claimed.exhaustion());
        }
        is_switched_off
    }
}

#[async_trait]
impl DeliveryQueue for InMemoryShop {
    async fn next_entries(&self, limit: u16) -> Result<Option<Followed>, StoreError> {
        let followed = NoChangeLog.follow(None, limit).await;
        let entries = followed.map_err(|error| match error {
            FollowError::Store(error) => error,
            FollowError::PositionExpired => StoreError::Unexpected(Box::new(error)),
        })?;
        let state = self.state();
        let webhooks = state.webhooks.webhooks.iter();
        let active = webhooks.filter(|of| of.webhook.is_active);
        let patterns: Vec<_> = active.flat_map(|of| of.webhook.types.clone()).collect();
        let step = Step {
            revision: state.webhooks.revision,
            position: entries.position.clone(),
        };
        Ok((!patterns.is_empty()).then_some(Followed {
            step,
            entries,
            patterns,
        }))
    }

    async fn enqueue(&self, step: &Step, events: Vec<NewEvent>) -> Result<bool, StoreError> {
        let mut state = self.state();
        let (_, now) = state.tick();
        if state.webhooks.revision != step.revision {
            return Ok(false);
        }
        state.webhooks.revision += 1;
        for event in events {
            state.webhooks.add(event, now);
        }
        Ok(true)
    }

    async fn claim(&self, lease: Duration, limit: u32) -> Result<Vec<ClaimedDelivery>, StoreError> {
        let mut state = self.state();
        let now = state.now();
        let webhooks = &mut state.webhooks;
        let active = webhooks.webhooks.iter().filter(|of| of.webhook.is_active);
        let claimable = active.flat_map(|of| webhooks.claimable(of.webhook.id, now));
        let mut claimable: Vec<(u32, usize)> = claimable.collect();
        claimable.sort_by_key(|(rank, index)| (*rank, webhooks.deliveries[*index].due_at, *index));
        let held = (DeliveryLease::random(), now + lease);
        let claimed = claimable.into_iter().take(limit as usize);
        let claimed = claimed.filter_map(|(_, index)| webhooks.claim(index, held, now));
        Ok(claimed.collect())
    }

    async fn give_back(&self, deliveries: &[ClaimedDelivery]) -> Result<(), StoreError> {
        let mut state = self.state();
        let now = state.now();
        for claimed in deliveries {
            if let Some(delivery) = state.webhooks.held(claimed) {
                delivery.lease = None;
                delivery.due_at = Some(now);
                delivery.attempts -= 1;
                delivery.first_attempt_at =
                    delivery.first_attempt_at.filter(|_| delivery.attempts > 0);
            }
        }
        Ok(())
    }

    async fn succeeded(
        &self,
        claimed: &ClaimedDelivery,
        status: u16,
        milliseconds: u64,
    ) -> Result<Recorded, StoreError> {
        let mut state = self.state();
        let now = state.now();
        let Some(delivery) = state.webhooks.held(claimed) else {
            return Ok(Recorded::Lost);
        };
        delivery.last = Some(FailedAttempt {
            status: Some(status),
            milliseconds,
            error: String::new(),
        });
        delivery.is_dropped = false;
        delivery.end(DeliveryState::Delivered, now);
        if let Ok(stored) = state.webhooks.find(claimed.webhook) {
            stored.last_success_at = Some(now);
        }
        state.webhooks.pass_turns(now);
        Ok(Recorded::Made)
    }

    async fn failed(
        &self,
        claimed: &ClaimedDelivery,
        attempt: FailedAttempt,
        retry_in: Option<Duration>,
    ) -> Result<Recorded, StoreError> {
        let mut state = self.state();
        let now = state.now();
        let webhooks = &mut state.webhooks;
        let Some(delivery) = webhooks.held(claimed) else {
            return Ok(Recorded::Lost);
        };
        delivery.last = Some(attempt);
        delivery.is_dropped = false;
        let (number, queue) = (delivery.number, delivery.queue());
        let first_attempt_at = delivery.first_attempt_at;
        if let Some(delay) = retry_in {
            delivery.lease = None;
            delivery.due_at = Some(now + delay);
            // An earlier delivery that was retried by hand goes first.
            let mut all = webhooks.deliveries.iter();
            let is_second = all.any(|of| of.is_pending_in(&queue) && of.number < number);
            if is_second {
                let mut all = webhooks.deliveries.iter_mut();
                let second = all.find(|of| of.is_pending_in(&queue) && of.number == number);
                if let Some(second) = second {
                    second.due_at = None;
                }
                webhooks.pass_turns(now);
            }
            return Ok(Recorded::Made);
        }
        delivery.end(DeliveryState::Failed, now);
        webhooks.pass_turns(now);
        Ok(
            match webhooks.switch_off_exhausted(claimed, first_attempt_at) {
                true => Recorded::SwitchedOff,
                false => Recorded::Made,
            },
        )
    }

    async fn disable(
        &self,
        id: WebhookId,
        url: &WebhookUrl,
        reason: &str,
    ) -> Result<bool, StoreError> {
        let mut state = self.state();
        let stored = state.webhooks.find(id).ok();
        let active = stored.filter(|of| of.webhook.is_active && of.webhook.url == *url);
        Ok(active
            .map(|stored| {
                stored.webhook.is_active = false;
                stored.webhook.disabled_reason = Some(reason.to_owned());
            })
            .is_some())
    }

    async fn next_due(&self) -> Result<Option<Duration>, StoreError> {
        let state = self.state();
        let now = state.now();
        let webhooks = &state.webhooks;
        let active = webhooks.webhooks.iter().filter(|of| of.webhook.is_active);
        let next = active.filter_map(|of| {
            let id = of.webhook.id;
            let pending = webhooks.deliveries.iter().filter(|of| of.webhook == id);
            let leased = pending.clone().filter(|of| of.is_leased(now));
            match leased.clone().count() < MAX_OPEN as usize {
                true => pending.filter_map(|of| of.due_at).min(),
                false => leased.filter_map(|of| of.due_at).min(),
            }
        });
        let wait = next.min().map(|at| at - now);
        Ok(wait.map(|wait| wait.try_into().unwrap_or_default()))
    }

    async fn drop_pending(&self, limit: u32) -> Result<u64, StoreError> {
        let mut state = self.state();
        let now = state.now();
        let webhooks = &mut state.webhooks;
        let inactive = webhooks.webhooks.iter().filter(|of| !of.webhook.is_active);
        let inactive: HashSet<WebhookId> = inactive.map(|of| of.webhook.id).collect();
        let all = webhooks.deliveries.iter_mut().rev();
        let pending = all.filter(|of| {
            let is_pending = of.state == DeliveryState::Pending;
            is_pending && inactive.contains(&of.webhook) && !of.is_leased(now)
        });
        let mut dropped = 0;
        for delivery in pending.take(limit as usize) {
            delivery.end(DeliveryState::Failed, now);
            delivery.is_dropped = true;
            dropped += 1;
        }
        webhooks.pass_turns(now);
        Ok(dropped)
    }

    async fn delete_old(&self, limit: u32) -> Result<u64, StoreError> {
        let mut state = self.state();
        let now = state.now();
        let webhooks = &mut state.webhooks;
        let old = webhooks
            .events
            .iter()
            .filter(|of| of.created_at <= now - RETENTION);
        let last = i64::try_from(old.count()).unwrap_or(i64::MAX);
        let mut left = limit;
        webhooks.deliveries.retain(|of| {
            let is_kept = left == 0 || of.number > last || of.is_leased(now);
            if !is_kept {
                left -= 1;
            }
            is_kept
        });
        webhooks.pass_turns(now);
        Ok((limit - left).into())
    }
}
