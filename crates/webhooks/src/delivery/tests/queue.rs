//! A queue in memory whose calls are reported, and fail if a test says so.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use eggypro_domain::StoreError;
use eggypro_domain::changes::{EntriesAfter, Position, ResourceState};
use eggypro_domain::testing::InMemoryShop;
use eggypro_domain::webhooks::{
    ClaimedDelivery, DeliveryQueue, FailedAttempt, Followed, NewEvent, Recorded, Step, TypePattern,
    WebhookId, WebhookUrl,
};
use tokio::sync::mpsc;

use super::*;

/// A call that a test waits for. Events have the ids of their entries.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Call {
    /// The events of a step were queued.
    Queued(Vec<i64>),
    /// A claim waits at the gate with this number of deliveries.
    Claimed(usize),
    GivenBack(Vec<i64>),
    Delivered(i64, u16),
    Failed {
        event: i64,
        status: Option<u16>,
        error: String,
        retry_in: Option<Duration>,
    },
    SwitchedOff(String),
    /// A result could not be recorded.
    NotRecorded,
}

pub(super) struct TestQueue {
    pub(super) shop: InMemoryShop,
    /// Holds claims back while it is locked.
    pub(super) gate: tokio::sync::Mutex<()>,
    /// How many records of results fail.
    pub(super) failing_records: AtomicU32,
    /// How many reads of the log fail.
    pub(super) failing_steps: AtomicU32,
    /// The next steps: the ids of their entries.
    log: Mutex<VecDeque<Vec<i64>>>,
    revision: AtomicI64,
    calls: mpsc::UnboundedSender<Call>,
}

impl TestQueue {
    pub(super) fn new() -> (Self, mpsc::UnboundedReceiver<Call>) {
        let (calls, received) = mpsc::unbounded_channel();
        let queue = Self {
            shop: InMemoryShop::default(),
            gate: tokio::sync::Mutex::default(),
            failing_records: AtomicU32::new(0),
            failing_steps: AtomicU32::new(0),
            log: Mutex::default(),
            revision: AtomicI64::new(0),
            calls,
        };
        (queue, received)
    }

    /// Adds steps to the log, with the ids of their entries.
    pub(super) fn log(&self, steps: &[&[i64]]) {
        let steps = steps.iter().map(|ids| ids.to_vec());
        self.steps().extend(steps);
    }

    fn steps(&self) -> MutexGuard<'_, VecDeque<Vec<i64>>> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn report(&self, call: Call) {
        // A test that has ended waits for nothing.
        let _ = self.calls.send(call);
    }

    fn record(&self) -> Result<(), StoreError> {
        let recorded = fail_if_any(&self.failing_records);
        if recorded.is_err() {
            self.report(Call::NotRecorded);
        }
        recorded
    }

    fn next_step(&self) -> Option<Followed> {
        let steps = self.steps();
        let ids = steps.front()?;
        let at = |id: i64| Position(id.to_string());
        let entries = ids.iter().map(|id| {
            let entry = entry(*id, &id.to_string());
            (entry, at(*id), ResourceState::Gone)
        });
        let position = at(ids.last().copied().unwrap_or_default());
        Some(Followed {
            step: Step {
                revision: self.revision.load(Ordering::SeqCst),
                position: position.clone(),
            },
            entries: EntriesAfter {
                beginning: at(0),
                entries: entries.collect(),
                position,
                is_full: steps.len() > 1,
            },
            patterns: vec![TypePattern::ALL],
        })
    }
}

fn fail_if_any(failing: &AtomicU32) -> Result<(), StoreError> {
    let left = failing.load(Ordering::SeqCst);
    if left == 0 {
        return Ok(());
    }
    failing.store(left - 1, Ordering::SeqCst);
    Err(StoreError::Unavailable("a test says so".to_owned()))
}

fn ids(claimed: &[ClaimedDelivery]) -> Vec<i64> {
    let mut ids: Vec<i64> = claimed.iter().map(|of| of.event.entry).collect();
    ids.sort_unstable();
    ids
}

#[async_trait]
impl DeliveryQueue for TestQueue {
    async fn next_entries(&self, limit: u16) -> Result<Option<Followed>, StoreError> {
        fail_if_any(&self.failing_steps)?;
        match self.next_step() {
            Some(followed) => Ok(Some(followed)),
            None => self.shop.next_entries(limit).await,
        }
    }

    async fn enqueue(&self, step: &Step, events: Vec<NewEvent>) -> Result<bool, StoreError> {
        let ids = events.iter().map(|event| event.id.entry).collect();
        let queued = self.shop.enqueue(step, events).await?;
        if queued {
            self.steps().pop_front();
            self.revision.fetch_add(1, Ordering::SeqCst);
            self.report(Call::Queued(ids));
        }
        Ok(queued)
    }

    async fn claim(&self, lease: Duration, limit: u32) -> Result<Vec<ClaimedDelivery>, StoreError> {
        let claimed = self.shop.claim(lease, limit).await?;
        if !claimed.is_empty() && self.gate.try_lock().is_err() {
            self.report(Call::Claimed(claimed.len()));
            let _open = self.gate.lock().await;
        }
        Ok(claimed)
    }

    async fn give_back(&self, deliveries: &[ClaimedDelivery]) -> Result<(), StoreError> {
        self.report(Call::GivenBack(ids(deliveries)));
        self.shop.give_back(deliveries).await
    }

    async fn succeeded(
        &self,
        delivery: &ClaimedDelivery,
        status: u16,
        milliseconds: u64,
    ) -> Result<Recorded, StoreError> {
        self.record()?;
        let recorded = self.shop.succeeded(delivery, status, milliseconds).await;
        self.report(Call::Delivered(delivery.event.entry, status));
        recorded
    }

    async fn failed(
        &self,
        delivery: &ClaimedDelivery,
        attempt: FailedAttempt,
        retry_in: Option<Duration>,
    ) -> Result<Recorded, StoreError> {
        self.record()?;
        let call = Call::Failed {
            event: delivery.event.entry,
            status: attempt.status,
            error: attempt.error.clone(),
            retry_in,
        };
        let recorded = self.shop.failed(delivery, attempt, retry_in).await;
        self.report(call);
        recorded
    }

    async fn disable(
        &self,
        webhook: WebhookId,
        url: &WebhookUrl,
        reason: &str,
    ) -> Result<bool, StoreError> {
        self.record()?;
        self.report(Call::SwitchedOff(reason.to_owned()));
        self.shop.disable(webhook, url, reason).await
    }

    async fn next_due(&self) -> Result<Option<Duration>, StoreError> {
        self.shop.next_due().await
    }

    async fn drop_pending(&self, limit: u32) -> Result<u64, StoreError> {
        self.shop.drop_pending(limit).await
    }

    async fn delete_old(&self, limit: u32) -> Result<u64, StoreError> {
        DeliveryQueue::delete_old(&self.shop, limit).await
    }
}
