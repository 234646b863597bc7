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

/// How long a call may take.
const PATIENCE: Duration = Duration::from_millis(50);

/// How long connecting may take. It goes on when the call that began it has given up.
const CONNECTING: Duration = Duration::from_secs(1);

/// How long Redis is left alone after it was found to be away.
const PAUSE: Duration = Duration::from_secs(2);

/// What a check does.
const WRITE: &str = "redis.call('SET', KEYS[1], 1, 'EX', ARGV[1])";

/// How long what a check writes is kept.
const KEPT: Duration = Duration::from_secs(60);

/// How many calls in a row that were not answered well, but for a connection that broke, tell that it is away.
const FAILURES: u32 = 3;

/// A Redis that may be away. Clones share its connection.
#[derive(Clone)]
pub struct Redis(Arc<Shared>);

struct Shared {
    pool: Pool,
    patience: Duration,
    state: Mutex<State>,
    failures: AtomicU64,
    connections: AtomicU64,
}

enum State {
    Untried,
    Well {
        connection: MultiplexedConnection,
        failures_in_a_row: u32,
        /// Whether no call was answered since it was away: one that accepts connections may still refuse what is asked.
        was_away: bool,
    },
    /// One call may try again at that time, which then moves on.
    Away {
        retry_at: Instant,
    },
}

/// Redis can't be used now. Says why, without a piece of its address.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unusable(String);

/// A Redis can't be used as it is named.
#[derive(Debug, thiserror::Error)]
#[error("the address of Redis can't be used")]
pub struct InvalidAddress;

enum Failure {
    Slow,
    /// With the reason, where the time was not too short for one.
    Unreachable(Option<RedisError>),
    Redis(RedisError),
}

impl Redis {
    /// The Redis at a URL such as `redis://127.0.0.1:6379`, or `rediss://` with TLS. It need not be there yet.
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
        // The client takes the process's. It is there already where somebody else was first.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
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
            connections: AtomicU64::new(0),
        })))
    }

    /// What a call gets from Redis; `None` if it does not answer in time, or did not a moment ago.
    pub async fn ask<T>(
        &self,
        call: impl AsyncFnOnce(MultiplexedConnection) -> Result<T, RedisError>,
    ) -> Option<T> {
        let known = self.turn()?;
        self.ask_on(known, self.0.patience, call).await.ok()
    }

    /// Whether Redis takes what is written to it, asked now, even if it was away a moment ago.
    ///
    /// # Errors
    /// When it does not, or not within a second.
    pub async fn check(&self, key: &str) -> Result<(), Unusable> {
        let known = match &*self.state() {
            State::Well { connection, .. } => Some(connection.clone()),
            State::Untried | State::Away { .. } => None,
        };
        // As a script, as which all is counted and kept: what may be written alone may be refused there.
        let script = Script::new(WRITE);
        let mut script = script.key(key);
        script.arg(KEPT.as_secs());
        let write = async |mut connection: MultiplexedConnection| {
            script.invoke_async::<()>(&mut connection).await
        };
        let asked = self.ask_on(known, CONNECTING.max(self.0.patience), write);
        asked.await.map_err(|failure| Unusable(failure.to_string()))
    }

    async fn ask_on<T>(
        &self,
        known: Option<MultiplexedConnection>,
        patience: Duration,
        call: impl AsyncFnOnce(MultiplexedConnection) -> Result<T, RedisError>,
    ) -> Result<T, Failure> {
        let whole = async {
            let connection = match known {
                Some(connection) => connection,
                None => self.connect().await?,
            };
            call(connection).await.map_err(Failure::Redis)
        };
        let answer = tokio::time::timeout(patience, whole).await;
        let answer = answer.unwrap_or(Err(Failure::Slow));
        match &answer {
            Ok(_) => self.remember_success(),
            Err(failure) => self.remember_failure(failure),
        }
        answer
    }

    /// Whether Redis is there, as far as is known.
    pub fn is_well(&self) -> bool {
        matches!(
            *self.state(),
            State::Well {
                was_away: false,
                ..
            }
        )
    }

    /// How many calls were not answered since the start, those that were spared during an outage left out.
    pub fn failures(&self) -> u64 {
        self.0.failures.load(Ordering::Relaxed)
    }

    /// How many connections were made since the start. Behind a new one may be another server, or the same one with older
    /// data.
    pub fn connections(&self) -> u64 {
        self.0.connections.load(Ordering::SeqCst)
    }

    /// Whether this call may be made, and on which connection if there is one.
    fn turn(&self) -> Option<Option<MultiplexedConnection>> {
        let mut state = self.state();
        match &mut *state {
            State::Untried => Some(None),
            State::Well { connection, .. } => Some(Some(connection.clone())),
            State::Away { retry_at } => {
                let now = Instant::now();
                (now >= *retry_at).then(|| {
                    *retry_at = now + PAUSE;
                    None
                })
            }
        }
    }

    /// Connects by itself, lest a Redis that takes longer than a call may is never reached, and off the event loop, since
    /// the certificates that this machine trusts are read each time.
    async fn connect(&self) -> Result<MultiplexedConnection, Failure> {
        let (redis, runtime) = (self.clone(), Handle::current());
        let connect = async move {
            let connection = tokio::time::timeout(CONNECTING, redis.0.pool.get()).await;
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
        let was_away = match *state {
            State::Untried => false,
            State::Well { was_away, .. } => was_away,
            State::Away { .. } => true,
        };
        *state = State::Well {
            connection: connection.clone(),
            failures_in_a_row: 0,
            was_away,
        };
    }

    fn remember_success(&self) {
        if let State::Well {
            failures_in_a_row,
            was_away,
            ..
        } = &mut *self.state()
        {
            *failures_in_a_row = 0;
            if std::mem::take(was_away) {
                tracing::info!("Redis is back");
            }
        }
    }

    fn remember_failure(&self, failure: &Failure) {
        self.0.failures.fetch_add(1, Ordering::Relaxed);
        let mut state = self.state();
        let was_away = match &mut *state {
            State::Untried => false,
            State::Well {
                failures_in_a_row,
                was_away,
                ..
            } => {
                *failures_in_a_row += 1;
                if !*was_away && !failure.is_final() && *failures_in_a_row < FAILURES {
                    return;
                }
                *was_away
            }
            State::Away { .. } => true,
        };
        if !was_away {
            let problem = failure.problem();
            tracing::warn!(%failure, "{problem}: this server does without it");
        }
        *state = State::Away {
            retry_at: Instant::now() + PAUSE,
        };
        // Its address may lead to another server by now.
        self.0.pool.retain(|_, _| false);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Each state is sound, whatever happened to the thread that set it.
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

    /// What is wrong, in a few words.
    fn problem(&self) -> &'static str {
        match self {
            Self::Redis(error) if error.code().is_some() => "Redis refuses",
            Self::Unreachable(Some(error)) if error.code().is_some() => "Redis refuses",
            _ => "Redis does not answer",
        }
    }

    /// Whether the connection is of no use any more.
    fn is_final(&self) -> bool {
        match self {
            Self::Slow => false,
            Self::Unreachable(_) => true,
            Self::Redis(error) => error.is_unrecoverable_error() || error.is_io_error(),
        }
    }
}

impl fmt::Display for Failure {
    /// Without what the client or Redis says of the address, the user or a key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Slow => f.write_str("no answer in time"),
            Self::Unreachable(None) => f.write_str("no connection"),
            Self::Unreachable(Some(error)) => write!(f, "no connection: {}", Reason(error)),
            Self::Redis(error) => Reason(error).fmt(f),
        }
    }
}

/// Why a call failed, in words that are none of the address.
struct Reason<'a>(&'a RedisError);

impl fmt::Display for Reason<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(error) = self;
        let said = match error.code() {
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
            // The client passes on what TLS says as the text of an input or output error.
            None if error.is_io_error() && error.to_string().contains("certificate") => {
                "its certificate is not trusted"
            }
            None if error.is_connection_refusal() => "nothing listens there",
            None if error.is_timeout() => "no answer in time",
            None if error.is_connection_dropped() => "the connection broke",
            None => return write!(f, "{:?}", error.kind()),
        };
        f.write_str(said)
    }
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redis").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
