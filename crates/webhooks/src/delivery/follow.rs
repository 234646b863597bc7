//! Follows the log of changes.

use std::sync::Arc;
use std::time::Duration;

use eggypro_domain::StoreError;
use eggypro_domain::webhooks::{Followed, NewEvent};
use tokio::sync::watch;
use tokio::task;
use tokio::time::{sleep, timeout};

use super::Parts;
use super::outage::Outage;

/// Number of entries of a step, at most and at least. Queuing an entry takes the database some tenths of a millisecond for
/// each webhook, and a step that takes too long is cancelled. So a step that fails is tried again with half of its entries.
const MOST: u16 = 200;
const FEWEST: u16 = 10;

/// The pause after a step, so that quick changes are read together.
const BATCHING_DELAY: Duration = Duration::from_millis(20);

/// The same if another server makes the steps.
const OTHERS_DELAY: Duration = Duration::from_millis(100);

/// The interval of reads without a signal: first after a change, when it may only wait for a short transaction to end, and
/// later. With the delays above, it is at most half a second.
const FIRST_POLL: Duration = Duration::from_millis(20);
const LAST_POLL: Duration = Duration::from_millis(400);

/// What came of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// It was made.
    Made,
    /// It was made, and there are more entries.
    MadeOneOfMany,
    /// There are no entries.
    Nothing,
    /// Another server makes the steps, or no webhook is active.
    Others,
}

impl Parts {
    /// Queues the events of the log, for ever.
    pub(super) async fn follow(&self, mut change_signal: watch::Receiver<u64>) {
        let mut outage = Outage::default();
        let (mut limit, mut poll) = (MOST, FIRST_POLL);
        loop {
            change_signal.mark_unchanged();
            let step = match self.step(limit).await {
                Ok(step) => step,
                Err(error) => {
                    limit = (limit / 2).max(FEWEST);
                    sleep(outage.failed(&error)).await;
                    continue;
                }
            };
            outage.end();
            limit = (limit * 2).min(MOST);
            match step {
                Step::MadeOneOfMany => {}
                Step::Made => {
                    sleep(BATCHING_DELAY).await;
                    poll = FIRST_POLL;
                }
                Step::Nothing => {
                    sleep(BATCHING_DELAY).await;
                    poll = match signal(&mut change_signal, poll).await {
                        true => FIRST_POLL,
                        false => (poll * 2).min(LAST_POLL),
                    };
                }
                Step::Others => {
                    sleep(OTHERS_DELAY).await;
                    signal(&mut change_signal, LAST_POLL).await;
                }
            }
        }
    }

    async fn step(&self, limit: u16) -> Result<Step, StoreError> {
        let Some(followed) = self.queue.next_entries(limit).await? else {
            return Ok(Step::Others);
        };
        if followed.entries.entries.is_empty() {
            return Ok(Step::Nothing);
        }
        let (step, is_full) = (followed.step.clone(), followed.entries.is_full);
        let events = self.render(followed).await?;
        let count = events.len();
        if !self.queue.enqueue(&step, events).await? {
            return Ok(Step::Others);
        }
        if count > 0 {
            self.counts.queued(count);
            self.wake.notify_one();
        }
        Ok(match is_full {
            true => Step::MadeOneOfMany,
            false => Step::Made,
        })
    }

    /// Renders on a thread for blocking work, since hundreds of products take some milliseconds.
    async fn render(&self, followed: Followed) -> Result<Vec<NewEvent>, StoreError> {
        let renderer = Arc::clone(&self.renderer);
        let rendered = task::spawn_blocking(move || renderer.render(&followed));
        match rendered.await {
            Ok(Ok(events)) => Ok(events),
            Ok(Err(error)) => Err(StoreError::Unexpected(error)),
            Err(panic) => Err(StoreError::Unexpected(Box::new(panic))),
        }
    }
}

/// Waits for a signal, at most for this time. Returns whether there was one.
async fn signal(change_signal: &mut watch::Receiver<u64>, time: Duration) -> bool {
    match timeout(time, change_signal.changed()).await {
        Ok(Ok(())) => true,
        // There will be no more signals.
        Ok(Err(_)) => {
            sleep(time).await;
            false
        }
        Err(_) => false,
    }
}
