#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use deadpool_redis::redis::aio::MultiplexedConnection;
use deadpool_redis::redis::{ErrorKind, RedisError, Script};
use deadpool_redis::{Config, Pool, PoolError, Runtime};
use secrecy::{ExposeSecret, SecretString};
use tokio::runtime::Handle;
use tracing::instrument::WithSubscriber;

#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use deadpool_redis::redis;

/// Maximum time of a call.
const CALL_TIMEOUT: Duration = Duration::from_millis(50);

/// Maximum time to connect. Connecting continues when the call that started it has timed out.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// Time without calls after Redis was found to be unavailable.
const RETRY_INTERVAL: Duration = Duration::from_secs(2);

/// The script of a check: writes a key that expires.
const CHECK_SCRIPT: &str = "redis.call('SET', KEYS[1], 1, 'EX', ARGV[1])";

/// Lifetime of the key that a check writes.
const CHECK_KEY_LIFETIME: Duration = Duration::from_secs(60);

/// Number of failed calls in a row after which Redis is taken to be unavailable. A broken connection counts at once.
const FAILURES: u32 = 3;

/// A Redis that may be unavailable. Clones share its connection.
#[derive(Clone)]
pub struct Redis(Arc<Shared>);

struct Shared {
    pool: Pool,
    timeout: Duration,
    state: Mutex<State>,
    failures: AtomicU64,
    connections: AtomicU64,
}

enum State {
    Untried,
    Available {
        connection: MultiplexedConnection,
        failures_in_a_row: u32,
        /// Whether no call has succeeded since the last outage: a Redis that accepts connections may still refuse
        /// calls.
        was_down: bool,
    },
    /// One call may try again at `retry_at`, which is then moved forward.
    Unavailable {
        retry_at: Instant,
    },
}

/// Redis can't be used now. The text gives the reason and contains no part of the address.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unusable(String);

/// The address of Redis is invalid.
#[derive(Debug, thiserror::Error)]
#[error("the address of Redis can't be used")]
pub struct InvalidAddress;

enum Failure {
    Slow,
    /// With the reason, if there is one; a timeout has none.
    Unreachable(Option<RedisError>),
    Redis(RedisError),
}

impl Redis {
    /// The Redis at a URL such as `redis://127.0.0.1:6379`, or `rediss://` with TLS. Does not connect yet.
    ///
    /// # Errors
    /// When the address is invalid.
    pub fn at(url: &SecretString) -> Result<Self, InvalidAddress> {
        Self::with_call_timeout(url, CALL_TIMEOUT)
    }

    /// Like [`Redis::at`], with this maximum time of a call instead of 50 ms.
    ///
    /// # Errors
    /// When the address is invalid.
    pub fn with_call_timeout(
        url: &SecretString,
        timeout: Duration,
    ) -> Result<Self, InvalidAddress> {
        // The client uses the process-wide provider. The call fails if one is already installed, which is fine.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let builder = Config::from_url(url.expose_secret())
            .builder()
            .map_err(|_| InvalidAddress)?;
        // One connection carries the commands of all calls. The pool creates it, and replaces it when it breaks.
        let pool = builder.runtime(Runtime::Tokio1).max_size(1).build();
        Ok(Self(Arc::new(Shared {
            pool: pool.map_err(|_| InvalidAddress)?,
            timeout,
            state: Mutex::new(State::Untried),
            failures: AtomicU64::new(0),
            connections: AtomicU64::new(0),
        })))
    }

    /// The result of a call; `None` if it fails or times out, or if no calls are made because of an outage.
    pub async fn call<T>(
        &self,
        call: impl AsyncFnOnce(MultiplexedConnection) -> Result<T, RedisError>,
    ) -> Option<T> {
        let existing = self.existing_connection()?;
        self.call_on(existing, self.0.timeout, call).await.ok()
    }

    /// Checks that Redis accepts writes. Makes the call even during the pause after a failure.
    ///
    /// # Errors
    /// When Redis does not accept the write, or not within a second.
    pub async fn check(&self, key: &str) -> Result<(), Unusable> {
        let existing = match &*self.state() {
            State::Available { connection, .. } => Some(connection.clone()),
            State::Untried | State::Unavailable { .. } => None,
        };
        // As a script, like the real calls: Redis may refuse a script to a user that may run its commands one by one.
        let script = Script::new(CHECK_SCRIPT);
        let mut script = script.key(key);
        script.arg(CHECK_KEY_LIFETIME.as_secs());
        let write = async |mut connection: MultiplexedConnection| {
            script.invoke_async::<()>(&mut connection).await
        };
        let checked = self.call_on(existing, CONNECT_TIMEOUT.max(self.0.timeout), write);
        checked
            .await
            .map_err(|failure| Unusable(failure.to_string()))
    }

    async fn call_on<T>(
        &self,
        existing: Option<MultiplexedConnection>,
        timeout: Duration,
        call: impl AsyncFnOnce(MultiplexedConnection) -> Result<T, RedisError>,
    ) -> Result<T, Failure> {
        let work = async {
            let connection = match existing {
                Some(connection) => connection,
                None => self.connect().await?,
            };
            call(connection).await.map_err(Failure::Redis)
        };
        let answer = tokio::time::timeout(timeout, work).await;
        let answer = answer.unwrap_or(Err(Failure::Slow));
        match &answer {
            Ok(_) => self.remember_success(),
            Err(failure) => self.remember_failure(failure),
        }
        answer
    }

    /// Whether Redis was available at the last call.
    pub fn is_available(&self) -> bool {
        matches!(
            *self.state(),
            State::Available {
                was_down: false,
                ..
            }
        )
    }

    /// Number of failed calls since the start. Calls that were skipped during an outage do not count.
    pub fn failures(&self) -> u64 {
        self.0.failures.load(Ordering::Relaxed)
    }

    /// Number of connections since the start. A new connection may lead to another server, or to the same one with
    /// older data.
    pub fn connections(&self) -> u64 {
        self.0.connections.load(Ordering::SeqCst)
    }

    /// `None` if no call may be made now; otherwise the existing connection, if there is one.
    fn existing_connection(&self) -> Option<Option<MultiplexedConnection>> {
        let mut state = self.state();
        match &mut *state {
            State::Untried => Some(None),
            State::Available { connection, .. } => Some(Some(connection.clone())),
            State::Unavailable { retry_at } => {
                let now = Instant::now();
                (now >= *retry_at).then(|| {
                    *retry_at = now + RETRY_INTERVAL;
                    None
                })
            }
        }
    }

    /// Connects in a task of its own, which may take longer than a call, and on a blocking thread, since the machine's
    /// trusted certificates are read each time.
    async fn connect(&self) -> Result<MultiplexedConnection, Failure> {
        let (redis, runtime) = (self.clone(), Handle::current());
        let connect = async move {
            let connection = tokio::time::timeout(CONNECT_TIMEOUT, redis.0.pool.get()).await;
            let connection = connection.map_err(|_| Failure::Unreachable(None))?;
            let connection = connection.map_err(Failure::of_pool)?;
            let connection = MultiplexedConnection::clone(&connection);
            redis.remember_connection(&connection);
            Ok(connection)
        };
        let connect = connect.with_current_subscriber();
        let connecting = tokio::task::spawn_blocking(move || runtime.block_on(connect));
        connecting.await.unwrap_or(Err(Failure::Unreachable(None)))
    }

    fn remember_connection(&self, connection: &MultiplexedConnection) {
        self.0.connections.fetch_add(1, Ordering::SeqCst);
        let mut state = self.state();
        let was_down = match *state {
            State::Untried => false,
            State::Available { was_down, .. } => was_down,
            State::Unavailable { .. } => true,
        };
        *state = State::Available {
            connection: connection.clone(),
            failures_in_a_row: 0,
            was_down,
        };
    }

    fn remember_success(&self) {
        if let State::Available {
            failures_in_a_row,
            was_down,
            ..
        } = &mut *self.state()
        {
            *failures_in_a_row = 0;
            if std::mem::take(was_down) {
                tracing::info!("Redis is back");
            }
        }
    }

    fn remember_failure(&self, failure: &Failure) {
        self.0.failures.fetch_add(1, Ordering::Relaxed);
        let mut state = self.state();
        let was_down = match &mut *state {
            State::Untried => false,
            State::Available {
                failures_in_a_row,
                was_down,
                ..
            } => {
                *failures_in_a_row += 1;
                if !*was_down && !failure.is_final() && *failures_in_a_row < FAILURES {
                    return;
                }
                *was_down
            }
            State::Unavailable { .. } => true,
        };
        if !was_down {
            let problem = failure.problem();
            tracing::warn!(%failure, "{problem}: this server does without it");
        }
        *state = State::Unavailable {
            retry_at: Instant::now() + RETRY_INTERVAL,
        };
        // Drop the pooled connection: the address may lead to another server by now.
        self.0.pool.retain(|_, _| false);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Ignore poisoning: each state is valid even if a thread panicked while it held the lock.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Failure {
    fn of_pool(error: PoolError) -> Self {
        match error {
            PoolError::Backend(error) => Self::Unreachable(Some(error)),
            _ => Self::Unreachable(None),
        }
    }

    /// The kind of failure, in a few words for the log.
    fn problem(&self) -> &'static str {
        match self {
            Self::Redis(error) if error.code().is_some() => "Redis refuses",
            Self::Unreachable(Some(error)) if error.code().is_some() => "Redis refuses",
            _ => "Redis does not answer",
        }
    }

    /// Whether the connection can't be used any more.
    fn is_final(&self) -> bool {
        match self {
            Self::Slow => false,
            Self::Unreachable(_) => true,
            Self::Redis(error) => error.is_unrecoverable_error() || error.is_io_error(),
        }
    }
}

impl fmt::Display for Failure {
    /// Leaves out the client's and Redis's own texts, which may contain the address, the user or a key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Slow => f.write_str("no answer in time"),
            Self::Unreachable(None) => f.write_str("no connection"),
            Self::Unreachable(Some(error)) => write!(f, "no connection: {}", Reason(error)),
            Self::Redis(error) => Reason(error).fmt(f),
        }
    }
}

/// Why a call failed. The text contains no part of the address.
struct Reason<'a>(&'a RedisError);

impl fmt::Display for Reason<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(error) = self;
        let reason = match error.code() {
            Some("NOPERM") => "NOPERM, the user lacks the right to a command or key",
            Some("READONLY") => "READONLY, it is a replica",
            Some("OOM") => "OOM, its memory is full",
            Some("NOAUTH") => "NOAUTH, it wants a password",
            Some("WRONGPASS") => "WRONGPASS, the user or password is wrong",
            Some(code) if code.bytes().all(|byte| byte.is_ascii_uppercase()) => {
                return f.write_str(code);
            }
            Some(_) => "in words that are not Redis's",
            None if error.kind() == ErrorKind::AuthenticationFailed => {
                "the user or password is wrong"
            }
            // The client reports TLS errors as I/O errors, so only the text tells them apart.
            None if error.is_io_error() && error.to_string().contains("certificate") => {
                "its certificate is not trusted"
            }
            None if error.is_connection_refusal() => "nothing listens there",
            None if error.is_timeout() => "no answer in time",
            None if error.is_connection_dropped() => "the connection broke",
            None => return write!(f, "{:?}", error.kind()),
        };
        f.write_str(reason)
    }
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redis").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
