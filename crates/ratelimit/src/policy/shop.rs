//! The policies of the shop.

use std::time::Duration;

use super::{CountedRequests, Policy};

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
}

const FIFTEEN_MINUTES: Duration = Duration::from_secs(15 * 60);
