use std::time::Duration;

use eggypro_domain::StoreError;

/// The pause after the first failure, and the longest one.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Calls that fail one after the other.
#[derive(Debug, Default)]
pub(super) struct Outage {
    /// The pause after the last failure; zero if the last call succeeded.
    pause: Duration,
}

impl Outage {
    /// How long to wait after this failure. Logs the first one.
    pub(super) fn failed(&mut self, error: &StoreError) -> Duration {
        if self.pause.is_zero() {
            match error {
                // The pool logs that the database is unavailable.
                StoreError::Unavailable(_) => tracing::debug!(%error, "webhooks wait"),
                StoreError::Unexpected(error) => tracing::error!(error, "webhooks wait"),
            }
        }
        self.pause = (self.pause * 2).clamp(FIRST_PAUSE, LONGEST_PAUSE);
        self.pause
    }

    pub(super) fn end(&mut self) {
        self.pause = Duration::ZERO;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_until_a_call_succeeds() {
        let mut outage = Outage::default();
        let error = StoreError::Unavailable("down".to_owned());
        let mut pauses = |count: u32| -> Vec<u128> {
            let failures = (0..count).map(|_| outage.failed(&error).as_millis());
            let pauses = failures.collect();
            outage.end();
            pauses
        };
        assert_eq!(pauses(7), [100, 200, 400, 800, 1_600, 2_000, 2_000]);
        assert_eq!(pauses(2), [100, 200]);
    }
}
