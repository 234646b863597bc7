mod shop;

use std::time::Duration;

/// A rate limit: a number of requests in a window of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// The name. Policies with different names are counted separately.
    pub name: &'static str,
    /// Maximum number of requests in a window.
    pub limit: u64,
    /// Length of a window; at least one second.
    pub window: Duration,
    /// Which requests count.
    pub counted: CountedRequests,
}

/// Which requests a policy counts. Every request is counted when it arrives, since its outcome is not known yet. If the
/// outcome does not count, the request is [given back](crate::Limiter::give_back) when it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountedRequests {
    /// All requests.
    Every,
    /// Failed requests.
    Failed,
    /// Successful requests.
    Successful,
}

impl CountedRequests {
    /// Whether a request with this outcome counts.
    pub fn counts(self, is_success: bool) -> bool {
        match self {
            Self::Every => true,
            Self::Failed => !is_success,
            Self::Successful => is_success,
        }
    }
}

impl Policy {
    /// Time until the window that contains `now` ends.
    pub fn reset(self, now: Duration) -> Duration {
        self.window_end(now) - now
    }

    /// End of the window that contains `now`, since the Unix epoch.
    pub(crate) fn window_end(self, now: Duration) -> Duration {
        let window = self.window.max(Duration::from_secs(1)).as_millis();
        let end = (now.as_millis() / window + 1) * window;
        Duration::from_millis(u64::try_from(end).unwrap_or(u64::MAX))
    }
}
