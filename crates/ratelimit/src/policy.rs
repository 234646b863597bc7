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
    /// Requests of a client: 100 in 15 minutes.
    pub const STANDARD: Self = Self {
        name: "standard",
        limit: 100,
        window: FIFTEEN_MINUTES,
        counted: CountedRequests::Every,
    };

    /// Writes of an anonymous client: 10 in 15 minutes.
    pub const STRICT: Self = Self {
        name: "strict",
        limit: 10,
        ..Self::STANDARD
    };

    /// Writes of all anonymous clients together: 10 000 in 15 minutes, so that an attacker with many addresses can't
    /// fill the disk.
    pub const STRICT_GLOBAL: Self = Self {
        name: "strict-global",
        limit: 10_000,
        ..Self::STANDARD
    };

    /// Failed authentications of a client: 5 in 15 minutes.
    pub const AUTH: Self = Self {
        name: "auth",
        limit: 5,
        counted: CountedRequests::Failed,
        ..Self::STANDARD
    };

    /// Requests with an API key: 10 000 in 15 minutes.
    pub const KEYS: Self = Self {
        name: "key",
        limit: 10_000,
        ..Self::STANDARD
    };

    /// Reads of documents, of up to 1.5 MB each, by an address: 300 in 15 minutes.
    pub const DOCUMENTS: Self = Self {
        name: "documents",
        limit: 300,
        ..Self::STANDARD
    };

    /// Reads of pictures and of the health by an address: 3 000 in 15 minutes, about 3.3 a second.
    pub const OPEN: Self = Self {
        name: "open",
        limit: 3_000,
        ..Self::STANDARD
    };

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

const FIFTEEN_MINUTES: Duration = Duration::from_secs(15 * 60);
