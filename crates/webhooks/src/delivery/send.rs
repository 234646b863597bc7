//! Claims deliveries that are due.

use std::sync::Arc;
use std::time::Duration;

use eggypro_domain::StoreError;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};

use super::outage::Outage;
use super::requests::Requests;
use super::{LEASE, Parts};

/// The interval of claims while there is much to do, so that one claim takes the deliveries of several results.
const PACE: Duration = Duration::from_millis(10);

/// The shortest and the longest pause without a result: other servers may hold the lock of a webhook, and queue events.
const SHORTEST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// A claim that takes longer than this is given back, since the lease might run out before a result is recorded.
const LONGEST_CLAIM: Duration = Duration::from_secs(10);

impl Parts {
    /// Sends deliveries until `stop` is true.
    pub(super) async fn send(self: &Arc<Self>, mut stop: watch::Receiver<bool>) {
        let mut requests = Requests::new();
        let mut outage = Outage::default();
        let mut pace = interval(PACE);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let claimed = self.claim(&mut requests, &stop).await;
            let is_available = claimed.is_ok();
            let pause = match claimed {
                Ok(pause) => {
                    outage.end();
                    pause
                }
                Err(error) => outage.failed(&error),
            };
            tokio::select! {
                () = self.wake.notified(), if is_available => {}
                () = sleep(pause) => {}
                _ = stop.wait_for(|stops| *stops) => break,
            }
            pace.tick().await;
        }
        requests.close().await;
    }

    /// Claims what is due and sends it. Returns when to look again, unless there is a result before.
    async fn claim(
        self: &Arc<Self>,
        requests: &mut Requests,
        stop: &watch::Receiver<bool>,
    ) -> Result<Duration, StoreError> {
        let free = requests.free();
        if free == 0 || *stop.borrow() {
            return Ok(LONGEST_PAUSE);
        }
        if !self.sender.is_built().await {
            let due = self.queue.next_due().await?;
            if due != Some(Duration::ZERO) {
                return Ok(pause_until(due));
            }
        }
        let sender = self.sender.get().await;
        let sender = sender.map_err(|error| StoreError::Unexpected(Box::new(error)))?;
        // The lease begins within the call.
        let began = Instant::now();
        let claimed = self.queue.claim(LEASE, free).await?;
        if claimed.is_empty() {
            return Ok(pause_until(self.queue.next_due().await?));
        }
        if *stop.borrow() || began.elapsed() > LONGEST_CLAIM {
            self.queue.give_back(&claimed).await?;
            return Ok(SHORTEST_PAUSE);
        }
        for claimed in claimed {
            requests.open(self, &sender, claimed, began + LEASE);
        }
        Ok(LONGEST_PAUSE)
    }
}

fn pause_until(due: Option<Duration>) -> Duration {
    let due = due.unwrap_or(LONGEST_PAUSE);
    due.clamp(SHORTEST_PAUSE, LONGEST_PAUSE)
}
