use std::time::Duration;

use crate::ConnectionString;

/// How to reach PostgreSQL and how long to wait for it.
#[derive(Debug, Clone)]
pub struct DatabaseSettings {
    /// The connection string. Its `sslmode` decides on TLS.
    pub url: ConnectionString,
    /// Maximum number of connections, and number of threads. Default four per core of this machine, at most 20: more
    /// only wait for each other.
    pub pool_size: u32,
    /// Minimum number of idle connections. Default 2.
    pub min_idle: u32,
    /// Maximum idle time of a connection above that minimum. Default 30 s.
    pub idle_timeout: Duration,
    /// Maximum age of a connection. Default 15 min.
    pub max_lifetime: Duration,
    /// Whether each connection is its own session. It is not behind a pooler that gives each transaction another
    /// session. Then no statement is prepared by name and no setting is made, so the role must have the settings.
    /// Default true, unless the connection string has `pgbouncer=true`.
    pub has_sessions: bool,
    /// How long the pool tries to connect before it reports a failure. It waits up to half of that between two
    /// attempts, so this bounds the recovery time after an outage. Default 1 s.
    pub connection_timeout: Duration,
    /// Maximum time that a job waits for a connection. Default 1.5 s.
    pub wait_for_connection: Duration,
    /// Maximum number of waiting jobs. Default 1 000.
    pub queue_length: usize,
    /// Time after which a caller gets the error that the database did not answer. Default 4 s.
    pub deadline: Duration,
    /// Time after which PostgreSQL cancels a statement. Default 3 s.
    pub statement_timeout: Duration,
    /// Maximum time that PostgreSQL waits for a lock. Default 1 s.
    pub lock_timeout: Duration,
    /// Time after which PostgreSQL ends a session that is idle in a transaction. Default 10 s.
    pub idle_in_transaction_timeout: Duration,
}

impl DatabaseSettings {
    /// The defaults for a database at this address.
    pub fn new(url: ConnectionString) -> Self {
        Self {
            has_sessions: !url.is_through_pooler(),
            url,
            pool_size: four_per_core(),
            min_idle: 2,
            idle_timeout: Duration::from_secs(30),
            max_lifetime: Duration::from_secs(15 * 60),
            connection_timeout: Duration::from_secs(1),
            wait_for_connection: Duration::from_millis(1_500),
            queue_length: 1_000,
            deadline: Duration::from_secs(4),
            statement_timeout: Duration::from_secs(3),
            lock_timeout: Duration::from_secs(1),
            idle_in_transaction_timeout: Duration::from_secs(10),
        }
    }
}

fn four_per_core() -> u32 {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    u32::try_from(cores * 4).unwrap_or(20).clamp(4, 20)
}
