//! The open requests of this server.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use eggypro_domain::webhooks::{ClaimedDelivery, MAX_OPEN, MAX_WEBHOOKS};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

use super::Parts;
use crate::Sender;

/// Maximum number of open requests without the slow ones.
const QUICK: usize = 64;

/// From this time on, a request is slow. It no longer counts as one of [`QUICK`], so that a few receivers that do not
/// answer can't take up all of them.
const SLOW: Duration = Duration::from_secs(1);

/// Maximum number of open requests with the slow ones: those of all webhooks of a shop, so that receivers that do not answer
/// hold up no others.
const ALL: usize = MAX_WEBHOOKS as usize * MAX_OPEN as usize;

/// How long a server that stops waits for open requests.
const CLOSING: Duration = Duration::from_secs(3);

/// The open requests. Dropping them ends them.
pub(super) struct Requests {
    tasks: JoinSet<()>,
    quick: Arc<Semaphore>,
}

impl Requests {
    pub(super) fn new() -> Self {
        Self {
            tasks: JoinSet::new(),
            quick: Arc::new(Semaphore::new(QUICK)),
        }
    }

    /// How many more may be opened now.
    pub(super) fn free(&mut self) -> u32 {
        while self.tasks.try_join_next().is_some() {}
        let free = ALL.saturating_sub(self.tasks.len());
        let free = free.min(self.quick.available_permits());
        u32::try_from(free).unwrap_or(u32::MAX)
    }

    /// Sends a claimed event in the background.
    pub(super) fn open(
        &mut self,
        parts: &Arc<Parts>,
        sender: &Sender,
        claimed: ClaimedDelivery,
        lease_end: Instant,
    ) {
        let (parts, sender) = (Arc::clone(parts), sender.clone());
        // There is one: nobody else takes any, and no more are claimed than are free.
        let permit = Arc::clone(&self.quick).try_acquire_owned();
        self.tasks.spawn(async move {
            let mut attempt = pin!(parts.attempt(&sender, &claimed, lease_end));
            let is_slow = timeout(SLOW, &mut attempt).await.is_err();
            drop(permit);
            parts.wake.notify_one();
            if is_slow {
                attempt.await;
                parts.wake.notify_one();
            }
        });
    }

    /// Waits for open requests, up to [`CLOSING`]. The others are left to their leases.
    pub(super) async fn close(mut self) {
        let ended = async { while self.tasks.join_next().await.is_some() {} };
        if timeout(CLOSING, ended).await.is_err() {
            let open = self.tasks.len();
            tracing::debug!(open, "events are sent again when their leases have run out");
        }
    }
}
