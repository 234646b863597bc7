use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

/// Limits how often failures of one kind are logged. In an outage every request fails, and a client can repeat a
/// request that triggers a bug. One line for each failure would fill the disk without more information.
#[derive(Debug, Default)]
pub(super) struct FailureLog(Mutex<HashMap<String, State>>);

#[derive(Debug, Default)]
struct State {
    logged: Option<Instant>,
    unlogged: u64,
}

/// Minimum time between two lines of the same kind.
const PAUSE: Duration = Duration::from_secs(1);

impl FailureLog {
    /// Counts a failure. If the failure should be logged, returns the number of failures of its kind since the last
    /// line, including this one. The number of kinds must be small, since they are never forgotten.
    pub(super) fn count(&self, kind: &str, now: Instant) -> Option<u64> {
        // No code panics while it holds the lock.
        let mut kinds = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !kinds.contains_key(kind) {
            kinds.insert(kind.to_owned(), State::default());
        }
        let state = kinds.get_mut(kind)?;
        state.unlogged += 1;
        let is_due = |logged: Instant| now.saturating_duration_since(logged) >= PAUSE;
        if !state.logged.is_none_or(is_due) {
            return None;
        }
        state.logged = Some(now);
        Some(std::mem::take(&mut state.unlogged))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outage_is_one_line_a_second_with_a_count() {
        let log = FailureLog::default();
        let start = Instant::now();
        let at = |milliseconds| log.count("/a", start + Duration::from_millis(milliseconds));
        assert_eq!(at(0), Some(1));
        assert_eq!((at(1), at(500), at(999)), (None, None, None));
        assert_eq!(at(1_000), Some(4));
        assert_eq!(log.count("/b", start), Some(1));
        assert_eq!(at(5_000), Some(1));
    }
}
