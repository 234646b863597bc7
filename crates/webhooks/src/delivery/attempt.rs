//! One attempt, and the record of its result.

use std::sync::Arc;
use std::time::Duration;

use eggypro_domain::StoreError;
use eggypro_domain::webhooks::{ClaimedDelivery, FailedAttempt, Recorded, WebhookId};
use time::OffsetDateTime;
use tokio::time::{Instant, sleep};

use super::Parts;
use super::outage::Outage;
use crate::{Attempt, Outcome, Sender, next_attempt};

/// The time of an attempt, with the reading of the answer.
const LONGEST_ATTEMPT: Duration = Duration::from_secs(16);

/// What an attempt means for its delivery.
enum Verdict {
    Delivered {
        status: u16,
        milliseconds: u64,
    },
    /// With no delay, the event is given up.
    Failed(FailedAttempt, Option<Duration>),
    /// The receiver wants no more events.
    Gone(FailedAttempt),
}

impl Verdict {
    /// `number` is that of the attempt, from 1.
    fn of(attempt: Attempt, number: u32) -> Self {
        let Attempt {
            outcome,
            milliseconds,
        } = attempt;
        let failed = || FailedAttempt {
            status: outcome.status(),
            milliseconds,
            error: outcome.to_string(),
        };
        let retry_after = match outcome {
            Outcome::Delivered { status } => {
                return Self::Delivered {
                    status,
                    milliseconds,
                };
            }
            Outcome::Gone => return Self::Gone(failed()),
            Outcome::Refused { retry_after, .. } => retry_after,
            Outcome::Failed(_) => None,
        };
        let delay = next_attempt(number, retry_after, rand::random());
        Self::Failed(failed(), delay)
    }
}

impl Parts {
    /// Sends a claimed event and records the result.
    pub(super) async fn attempt(
        &self,
        sender: &Sender,
        claimed: &ClaimedDelivery,
        lease_end: Instant,
    ) {
        // Another server may send it from then on. A machine that was suspended wakes up here.
        if Instant::now() + LONGEST_ATTEMPT >= lease_end {
            return;
        }
        let open = self.counts.open();
        let (id, now) = (claimed.event.to_string(), OffsetDateTime::now_utc());
        if claimed.attempt == 1 {
            self.counts.lagged(now - claimed.time);
        }
        let attempt = sender.send_to(
            &claimed.target,
            &id,
            now.unix_timestamp(),
            claimed.body.clone(),
        );
        let attempt = attempt.await;
        drop(open);
        self.counts.attempted(&attempt.outcome);
        tracing::debug!(
            webhook = %claimed.webhook,
            event = %claimed.event,
            attempt = claimed.attempt,
            milliseconds = attempt.milliseconds,
            outcome = %attempt.outcome,
            "sent an event"
        );
        let verdict = Verdict::of(attempt, claimed.attempt);
        let record = self.record(claimed, &verdict, lease_end);
        Arc::clone(&self.origin).scope(record).await;
    }

    /// Records a verdict. While the store is unavailable, tries again until the lease runs out.
    async fn record(&self, claimed: &ClaimedDelivery, verdict: &Verdict, lease_end: Instant) {
        let mut outage = Outage::default();
        loop {
            let pause = match self.try_to_record(claimed, verdict).await {
                Ok(Recorded::SwitchedOff) => {
                    return log_switched_off(claimed.webhook, &claimed.exhaustion());
                }
                Ok(Recorded::Made | Recorded::Lost) => return,
                Err(error) => outage.failed(&error),
            };
            if Instant::now() + pause >= lease_end {
                let (webhook, event) = (&claimed.webhook, &claimed.event);
                tracing::debug!(%webhook, %event, "a result is lost, and the event is sent again");
                return;
            }
            sleep(pause).await;
        }
    }

    async fn try_to_record(
        &self,
        claimed: &ClaimedDelivery,
        verdict: &Verdict,
    ) -> Result<Recorded, StoreError> {
        match verdict {
            Verdict::Delivered {
                status,
                milliseconds,
            } => {
                let recorded = self.queue.succeeded(claimed, *status, *milliseconds);
                recorded.await
            }
            Verdict::Failed(attempt, delay) => {
                self.queue.failed(claimed, attempt.clone(), *delay).await
            }
            Verdict::Gone(attempt) => {
                // First, so that this is the reason, and the next event is not sent.
                let url = &claimed.target.url;
                let disable = self.queue.disable(claimed.webhook, url, &attempt.error);
                if disable.await? {
                    log_switched_off(claimed.webhook, &attempt.error);
                }
                self.queue.failed(claimed, attempt.clone(), None).await
            }
        }
    }
}

fn log_switched_off(webhook: WebhookId, reason: &str) {
    tracing::info!(%webhook, reason, "a webhook was switched off");
}
