use std::sync::atomic::{AtomicU64, Ordering};

use crate::Outcome;

/// What a server has done for webhooks since its start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DeliveryFigures {
    /// Events that were queued. An event counts once, however many webhooks receive it.
    pub queued: u64,
    /// Attempts that the receiver answered with 200 to 299.
    pub delivered: u64,
    /// Attempts that the receiver answered with another status.
    pub refused: u64,
    /// Attempts without an answer.
    pub unanswered: u64,
    /// Requests that are open now.
    pub open: u64,
    /// The time from the change to the first attempt, in milliseconds, of the event that was first sent last. If it was
    /// retried by hand, the time to that attempt.
    pub lag: u64,
}

#[derive(Debug, Default)]
pub(super) struct Counts {
    queued: AtomicU64,
    delivered: AtomicU64,
    refused: AtomicU64,
    unanswered: AtomicU64,
    open: AtomicU64,
    lag: AtomicU64,
}

/// Counts an open request until it is dropped.
pub(super) struct Open<'a>(&'a AtomicU64);

impl Counts {
    pub(super) fn figures(&self) -> DeliveryFigures {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        DeliveryFigures {
            queued: read(&self.queued),
            delivered: read(&self.delivered),
            refused: read(&self.refused),
            unanswered: read(&self.unanswered),
            open: read(&self.open),
            lag: read(&self.lag),
        }
    }

    pub(super) fn queued(&self, events: usize) {
        self.queued.fetch_add(events as u64, Ordering::Relaxed);
    }

    pub(super) fn attempted(&self, outcome: &Outcome) {
        let count = match outcome {
            Outcome::Delivered { .. } => &self.delivered,
            Outcome::Gone | Outcome::Refused { .. } => &self.refused,
            Outcome::Failed(_) => &self.unanswered,
        };
        count.fetch_add(1, Ordering::Relaxed);
    }

    /// An event is sent for the first time, so long after its change.
    pub(super) fn lagged(&self, lag: time::Duration) {
        let lag = u64::try_from(lag.whole_milliseconds()).unwrap_or_default();
        self.lag.store(lag, Ordering::Relaxed);
    }

    pub(super) fn open(&self) -> Open<'_> {
        self.open.fetch_add(1, Ordering::Relaxed);
        Open(&self.open)
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
