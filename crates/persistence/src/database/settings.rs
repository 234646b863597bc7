use std::time::Duration;

use crate::ConnectionString;

/// How to reach PostgreSQL and how long to wait for it.
#[derive(Debug, Clone)]
pub struct DatabaseSettings {
    /// Where it is; `sslmode` in there decides on TLS.
    pub url: ConnectionString,
    /// How many connections and threads there are at most. Default four for each core of this machine, at most 20: more
    /// only wait for each other.
    pub pool_size: u32,
    /// How many connections are kept without work. Default 2.
    pub min_idle: u32,
    /// How long a spare connection is kept. Default 30 s.
    pub idle_timeout: Duration,
    /// How long any connection is kept. Default 15 min.
    pub max_lifetime: Duration,
    /// Whether a connection is a session of its own. Behind a pooler that gives each transaction another one it is not:
    /// then no statement is prepared by name and no setting is made, and the role must have those. Default true, unless the
    /// connection string says `pgbouncer=true`.
    pub has_sessions: bool,
    /// How long the pool tries to make a connection before it counts as failed. It waits up to half of that between two
    /// tries, so this bounds how long after an outage the database is used again. Default 1 s.
    pub connection_timeout: Duration,
    /// How long one job waits for a connection. Default 1.5 s.
    pub wait_for_connection: Duration,
    /// How many jobs wait at most. Default 1 000.
    pub queue_length: usize,
    /// When a caller is told that the database did not answer. Default 4 s.
    pub deadline: Duration,
    /// When PostgreSQL gives up a statement. Default 3 s.
    pub statement_timeout: Duration,
    /// When PostgreSQL gives up waiting for a lock. Default 1 s.
    pub lock_timeout: Duration,
    /// When PostgreSQL ends a session that sits in a transaction. Default 10 s.
    pub idle_in_transaction_timeout: Duration,
}

impl DatabaseSettings {
    /// The defaults for a database at this address.
    pub fn new(url: ConnectionString) -> Self {
        Self {
            has_sessions: !url.is_through_pooler(),
            url,
            pool_size: four_a_core(),
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

fn four_a_core() -> u32 {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    u32::try_from(cores * 4).unwrap_or(20).clamp(4, 20)
}
