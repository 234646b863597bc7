#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use deadpool_redis::redis::RedisError;
use deadpool_redis::redis::aio::MultiplexedConnection;
use deadpool_redis::{Config, Pool, Runtime};
use secrecy::{ExposeSecret, SecretString};

#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use deadpool_redis::redis;

/// How long a call may take, connecting included.
const PATIENCE: Duration = Duration::from_millis(50);

/// How long Redis is left alone after a failure.
const PAUSE: Duration = Duration::from_secs(2);

/// A Redis that may be away. Clones share its connection.
#[derive(Clone)]
pub struct Redis(Arc<Shared>);

struct Shared {
    pool: Pool,
    patience: Duration,
    state: Mutex<State>,
    failures: AtomicU64,
}

enum State {
    Untried,
    Well(MultiplexedConnection),
    /// One call may try again at that time, which then moves on.
    Away {
        retry_at: Instant,
    },
}

/// A Redis can't be used as it is named.
#[derive(Debug, thiserror::Error)]
#[error("the address of Redis can't be used")]
pub struct InvalidAddress;

enum Failure {
    Slow,
    Unreachable,
    Redis(RedisError),
}

impl Redis {
    /// The Redis at a URL such as `redis://127.0.0.1:6379`. It need not be there yet.
    ///
    /// # Errors
    /// When the address is none.
    pub fn at(url: &SecretString) -> Result<Self, InvalidAddress> {
        Self::with_patience(url, PATIENCE)
    }

    /// The same, with so much time for a call instead of 50 ms.
    ///
    /// # Errors
    /// When the address is none.
    pub fn with_patience(url: &SecretString, patience: Duration) -> Result<Self, InvalidAddress> {
        let builder = Config::from_url(url.expose_secret())
            .builder()
            .map_err(|_| InvalidAddress)?;
        // One connection carries the commands of all calls. The pool makes it, and looks after it when it broke.
        let pool = builder.runtime(Runtime::Tokio1).max_size(1).build();
        Ok(Self(Arc::new(Shared {
            pool: pool.map_err(|_| InvalidAddress)?,
            patience,
            state: Mutex::new(State::Untried),
            failures: AtomicU64::new(0),
        })))
    }

    /// What a call gets from Redis; `None` if it does not answer in time, or did not a moment ago.
    pub async fn ask<T>(
        &self,
        call: impl AsyncFnOnce(MultiplexedConnection) -> Result<T, RedisError>,
    ) -> Option<T> {
        let known = self.turn()?;
        let is_trial = known.is_none();
        let whole = async {
            let connection = match known {
                Some(connection) => connection,
                None => self.connect().await?,
            };
            let result = call(connection.clone()).await.map_err(Failure::Redis)?;
            Ok((result, connection))
        };
        match tokio::time::timeout(self.0.patience, whole)
            .await
            .unwrap_or(Err(Failure::Slow))
        {
            Ok((result, connection)) => {
                // Of the calls that were under way when Redis went, some may still succeed: that does not bring it back.
                if is_trial {
                    self.remember_connection(connection);
                }
                Some(result)
            }
            Err(failure) => {
                self.remember_failure(&failure);
                None
            }
        }
    }

    /// Whether the last call was answered.
    pub fn is_well(&self) -> bool {
        matches!(*self.state(), State::Well(_))
    }

    /// How many calls were not answered since the start, those that were spared during an outage left out.
    pub fn failures(&self) -> u64 {
        self.0.failures.load(Ordering::Relaxed)
    }

    /// Whether this call may be made, and on which connection if there is one.
    fn turn(&self) -> Option<Option<MultiplexedConnection>> {
        let mut state = self.state();
        match &mut *state {
            State::Untried => Some(None),
            State::Well(connection) => Some(Some(connection.clone())),
            State::Away { retry_at } => {
                let now = Instant::now();
                (now >= *retry_at).then(|| {
                    *retry_at = now + PAUSE;
                    None
                })
            }
        }
    }

    async fn connect(&self) -> Result<MultiplexedConnection, Failure> {
        let connection = self.0.pool.get().await.map_err(|_| Failure::Unreachable)?;
        Ok((*connection).clone())
    }

    fn remember_connection(&self, connection: MultiplexedConnection) {
        let mut state = self.state();
        if matches!(*state, State::Away { .. }) {
            tracing::info!("Redis is back");
        }
        *state = State::Well(connection);
    }

    fn remember_failure(&self, failure: &Failure) {
        self.0.failures.fetch_add(1, Ordering::Relaxed);
        let mut state = self.state();
        if !matches!(*state, State::Away { .. }) {
            tracing::warn!(%failure, "Redis does not answer: this server does without it");
        }
        *state = State::Away {
            retry_at: Instant::now() + PAUSE,
        };
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Each state is sound, whatever happened to the thread that set it.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Display for Failure {
    /// Without the address, which may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Slow => f.write_str("no answer in time"),
            Self::Unreachable => f.write_str("no connection"),
            Self::Redis(error) => write!(f, "{:?}", error.kind()),
        }
    }
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redis").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
