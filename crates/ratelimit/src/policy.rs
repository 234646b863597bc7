use std::time::Duration;

/// How often something may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// What it is called; policies of different names count apart.
    pub name: &'static str,
    /// How often in a window.
    pub limit: u64,
    /// How long a window is; at least a second.
    pub window: Duration,
    /// Which requests count in the end.
    pub counted: Counted,
}

/// Which requests a policy counts. All of them are counted when they come, since nobody knows yet how they will go;
/// what is not to count is [given back](crate::Limiter::give_back) when they have ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// All.
    Every,
    /// Those that failed.
    Failed,
    /// Those that succeeded.
    Successful,
}

impl Counted {
    /// Whether a request that went like this counts.
    pub fn counts(self, is_success: bool) -> bool {
        match self {
            Self::Every => true,
            Self::Failed => !is_success,
            Self::Successful => is_success,
        }
    }
}

impl Policy {
    /// What a client may ask for: 100 requests in 15 minutes.
    pub const STANDARD: Self = Self {
        name: "standard",
        limit: 100,
        window: FIFTEEN_MINUTES,
        counted: Counted::Every,
    };

    /// What a stranger may write: 10 requests in 15 minutes.
    pub const STRICT: Self = Self {
        name: "strict",
        limit: 10,
        ..Self::STANDARD
    };

    /// What all strangers together may write: 10 000 requests in 15 minutes, so that who has many addresses fills no disk.
    pub const STRICT_GLOBAL: Self = Self {
        name: "strict-global",
        limit: 10_000,
        ..Self::STANDARD
    };

    /// How often somebody may be wrong about a secret: 5 times in 15 minutes.
    pub const AUTH: Self = Self {
        name: "auth",
        limit: 5,
        counted: Counted::Failed,
        ..Self::STANDARD
    };

    /// How often an API key may be used: 10 000 times in 15 minutes.
    pub const KEYS: Self = Self {
        name: "key",
        limit: 10_000,
        ..Self::STANDARD
    };

    /// How often an address may read documents, of up to 1.5 MB: 300 times in 15 minutes.
    pub const DOCUMENTS: Self = Self {
        name: "documents",
        limit: 300,
        ..Self::STANDARD
    };

    /// How often an address may read pictures and health: 3 000 times in 15 minutes, which is three and more a second.
    pub const OPEN: Self = Self {
        name: "open",
        limit: 3_000,
        ..Self::STANDARD
    };

    /// How long until the window that runs at a time ends.
    pub fn reset(self, now: Duration) -> Duration {
        self.window_end(now) - now
    }

    /// When the window that runs at a time ends, since the Unix epoch.
    pub(crate) fn window_end(self, now: Duration) -> Duration {
        let window = self.window.max(Duration::from_secs(1)).as_millis();
        let end = (now.as_millis() / window + 1) * window;
        Duration::from_millis(u64::try_from(end).unwrap_or(u64::MAX))
    }
}

const FIFTEEN_MINUTES: Duration = Duration::from_secs(15 * 60);
