use std::time::Duration;

use eggypro_http::RateLimits;
use eggypro_ratelimit::{Limiter, Policy};

/// Rate limits of a shop.
#[derive(Debug, Clone)]
pub struct RateSettings {
    /// Maximum number of requests of a client in a window.
    pub max_requests: u64,
    /// Length of that window.
    pub window: Duration,
    /// Maximum number of anonymous writes of an address, in a separate window.
    pub max_anonymous_writes: u64,
    /// Maximum number of anonymous writes of all addresses together, in a separate window.
    pub max_anonymous_writes_of_all: u64,
    /// Maximum number of requests of an API key in `window`.
    pub max_key_requests: u64,
    /// Maximum number of documents for an address in `window`.
    pub max_documents: u64,
    /// Maximum number of pictures and health answers for an address in `window`.
    pub max_open_reads: u64,
    /// Maximum number of wrong credentials of an address in `wrong_credentials_window`.
    pub max_wrong_credentials: u64,
    /// Length of the window of wrong credentials.
    pub wrong_credentials_window: Duration,
}

impl Default for RateSettings {
    fn default() -> Self {
        Self {
            max_requests: Policy::STANDARD.limit,
            window: Policy::STANDARD.window,
            max_anonymous_writes: Policy::STRICT.limit,
            max_anonymous_writes_of_all: Policy::STRICT_GLOBAL.limit,
            max_key_requests: Policy::KEYS.limit,
            max_documents: Policy::DOCUMENTS.limit,
            max_open_reads: Policy::OPEN.limit,
            max_wrong_credentials: Policy::AUTH.limit,
            wrong_credentials_window: Policy::AUTH.window,
        }
    }
}

impl RateSettings {
    pub(in crate::shop) fn limits(&self, limiter: Limiter) -> RateLimits {
        let mut limits = RateLimits::new(limiter);
        limits.standard.limit = self.max_requests;
        limits.standard.window = self.window;
        limits.strict.limit = self.max_anonymous_writes;
        limits.strict_global.limit = self.max_anonymous_writes_of_all;
        limits.keys.limit = self.max_key_requests;
        limits.keys.window = self.window;
        limits.documents.limit = self.max_documents;
        limits.documents.window = self.window;
        limits.open.limit = self.max_open_reads;
        limits.open.window = self.window;
        limits.wrong_credentials.limit = self.max_wrong_credentials;
        limits.wrong_credentials.window = self.wrong_credentials_window;
        limits
    }
}
