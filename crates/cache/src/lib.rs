#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

mod generations;
mod key;
mod local;
mod metrics;
mod recent;
mod running;
mod shared;

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use eggypro_domain::changes::{Change, ChangeFollower, Tag};
use eggypro_redis::Redis;
use tracing::Instrument;

use self::generations::{GenerationVector, Generations};
pub use self::key::{Key, Region};
use self::local::Local;
pub use self::metrics::CacheMetrics;
use self::metrics::Counters;
use self::recent::Recent;
use self::running::Running;
use self::shared::{Fetched, Shared};

/// Size and lifetimes of the cache.
#[derive(Debug, Clone)]
pub struct CacheSettings {
    /// Maximum age of an answer: 5 minutes by default. Each answer gets up to 10 % less, so that not all expire at
    /// once.
    pub lifetime: Duration,
    /// Maximum age of a short-lived answer, such as that something does not exist: 5 s by default.
    pub short_lifetime: Duration,
    /// Maximum size of the in-process cache, in bytes, including keys and bookkeeping: 16 MiB by default. Searches get
    /// a quarter of it.
    pub bytes: u64,
}

impl Default for CacheSettings {
    fn default() -> Self {
        Self {
            lifetime: Duration::from_secs(300),
            short_lifetime: Duration::from_secs(5),
            bytes: 16 * 1024 * 1024,
        }
    }
}

/// Why an answer could not be loaded. All waiters get the same error.
pub type LoadError = Arc<dyn std::error::Error + Send + Sync>;

/// A load ended without a result, because it panicked or the runtime is shutting down.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("a load was given up")]
pub struct Abandoned;

/// The result of a load.
#[derive(Debug, Clone)]
pub struct Loaded {
    bytes: Bytes,
    is_short_lived: bool,
}

impl Loaded {
    /// A long-lived answer, cached for [`CacheSettings::lifetime`].
    pub fn long_lived(bytes: Bytes) -> Self {
        Self {
            bytes,
            is_short_lived: false,
        }
    }

    /// The answer.
    pub fn into_bytes(self) -> Bytes {
        self.bytes
    }

    /// A short-lived answer, such as that something does not exist. It is cached in this process only, for
    /// [`CacheSettings::short_lifetime`].
    pub fn short_lived(bytes: Bytes) -> Self {
        Self {
            bytes,
            is_short_lived: true,
        }
    }
}

/// Maximum time that an answer is repeated without another look-up. It is short, so that the cache still sees which
/// answers are requested.
const LEASE: Duration = Duration::from_millis(100);

/// Allows a caller to repeat an answer without another look-up.
#[derive(Debug, Clone, Copy)]
pub struct Lease {
    generations: GenerationVector,
    until: Instant,
}

/// A cache of answers. Clones share it.
#[derive(Clone)]
pub struct Cache(Arc<Inner>);

struct Inner {
    lifetime: Duration,
    short_lifetime: Duration,
    generations: Generations,
    local: Local,
    shared: Option<Shared>,
    running: Running,
    recent: Mutex<Recent>,
    /// Whether the process receives the changes of other servers. While it doesn't, answers are short-lived and stay
    /// out of Redis.
    is_connected: AtomicBool,
    counters: Arc<Counters>,
}

impl Cache {
    /// An empty cache in this process, with Redis behind it if one is given. All keys in Redis begin with the prefix.
    /// Servers with the same database must use the same prefix, other servers must use another one.
    pub fn new(settings: &CacheSettings, redis: Option<Redis>, prefix: &str) -> Self {
        let counters = Arc::new(Counters::default());
        let shared = redis.map(|redis| Shared::new(redis, prefix, settings.lifetime));
        Self(Arc::new(Inner {
            lifetime: settings.lifetime,
            short_lifetime: settings.short_lifetime,
            generations: Generations::default(),
            local: Local::new(settings.bytes, &counters),
            shared,
            running: Running::default(),
            recent: Mutex::default(),
            is_connected: AtomicBool::new(true),
            counters,
        }))
    }

    /// The answer, if it is cached in this process.
    pub fn get(&self, key: &Key) -> Option<Bytes> {
        let generations = self.0.generations.vector(key.tags());
        let bytes = self.0.local.get(key, generations)?;
        self.0.counters.count_hit();
        Some(bytes)
    }

    /// Like [`Cache::get`], with a lease that begins now.
    pub fn get_leased(&self, key: &Key, now: Instant) -> Option<(Bytes, Lease)> {
        let generations = self.0.generations.vector(key.tags());
        let entry = self.0.local.entry(key, generations)?;
        self.0.counters.count_hit();
        let until = entry.ends.min(now + LEASE);
        Some((entry.bytes, Lease { generations, until }))
    }

    /// Whether a leased answer is still valid: its lease has not ended and none of its tags was raised. Counts a hit if
    /// so.
    pub fn holds(&self, key: &Key, lease: &Lease, now: Instant) -> bool {
        let holds = now < lease.until && self.0.generations.vector(key.tags()) == lease.generations;
        if holds {
            self.0.counters.count_hit();
        }
        holds
    }

    /// The answer from a load that is already running, from Redis, or from this load.
    ///
    /// # Errors
    /// The errors of the load; [`Abandoned`] if it panicked.
    pub async fn load(
        &self,
        key: Key,
        load: impl Future<Output = Result<Loaded, LoadError>> + Send + 'static,
    ) -> Result<Bytes, LoadError> {
        let generations = self.0.generations.vector(key.tags());
        let counters = &self.0.counters;
        Counters::count(&counters.misses);
        let load = self.0.running.join(&key, generations, counters, || {
            // Another load may have finished since the caller's look-up.
            if let Some(bytes) = self.0.local.get(&key, generations) {
                return Err(bytes);
            }
            let task = Arc::clone(&self.0).run(key.clone(), generations, load);
            Ok(tokio::spawn(task.in_current_span()))
        });
        match load {
            Ok(load) => load.await,
            Err(bytes) => Ok(bytes),
        }
    }

    /// Whether the process receives the changes of other servers, so that cached answers are valid.
    pub fn is_connected(&self) -> bool {
        self.0.is_connected.load(Ordering::SeqCst)
    }

    /// The counters since the start of the process.
    pub fn metrics(&self) -> CacheMetrics {
        let redis_failures = self.0.shared.as_ref().map_or(0, Shared::failures);
        self.0
            .counters
            .read(self.0.local.len(), self.0.local.bytes(), redis_failures)
    }
}

impl Inner {
    fn recent(&self) -> MutexGuard<'_, Recent> {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn run(
        self: Arc<Self>,
        key: Key,
        generations: GenerationVector,
        load: impl Future<Output = Result<Loaded, LoadError>>,
    ) -> Result<Bytes, LoadError> {
        let _running = self.running.until_dropped(&key, generations);
        let is_connected = self.is_connected.load(Ordering::SeqCst);
        let is_shared = is_connected && key.is_shared();
        let shared = self.shared.as_ref().filter(|_| is_shared);
        let fetched = match shared {
            Some(shared) => shared.fetch(&key).await,
            None => Fetched::Unusable,
        };
        if let Fetched::Found { bytes, lifetime } = fetched {
            Counters::count(&self.counters.shared_hits);
            self.local.put(&key, generations, bytes.clone(), lifetime);
            return Ok(bytes);
        }
        Counters::count(&self.counters.loads);
        let Loaded {
            bytes,
            is_short_lived,
        } = load.await?;
        if is_short_lived || !is_connected {
            self.local
                .put(&key, generations, bytes.clone(), self.short_lifetime);
            return Ok(bytes);
        }
        self.local
            .put(&key, generations, bytes.clone(), self.lifetime);
        if let Fetched::Missing(tokens) = fetched {
            // In the background: the caller need not wait for Redis.
            let (inner, key, bytes) = (Arc::clone(&self), key.clone(), bytes.clone());
            tokio::spawn(async move {
                if let Some(shared) = &inner.shared {
                    shared.store(&key, &tokens, &bytes).await;
                }
            });
        }
        Ok(bytes)
    }
}

#[async_trait]
impl ChangeFollower for Cache {
    async fn changed(&self, change: &Change) {
        let recent = || self.0.recent();
        if change.tags.is_empty() || recent().contains(&change.name) {
            return;
        }
        let is_everything = change.tags.contains(&Tag::Everything);
        // Redis first: a reader that misses in this process must not find the outdated answer in Redis.
        match &self.0.shared {
            Some(shared) if is_everything => shared.raise_all().await,
            Some(shared) => shared.raise(change).await,
            None => {}
        }
        let mut recent = recent();
        if !recent.add(&change.name) {
            return;
        }
        if is_everything {
            self.0.generations.raise_all();
        }
        for tag in &change.tags {
            self.0.generations.raise(tag);
        }
    }

    fn reconnected(&self) {
        self.0.is_connected.store(true, Ordering::SeqCst);
    }

    async fn missed_changes(&self) {
        if let Some(shared) = &self.0.shared {
            shared.raise_all().await;
        }
        self.0.generations.raise_all();
        // A database that was restored to an earlier state may reuse the names of changes.
        *self.0.recent() = Recent::default();
        self.0.is_connected.store(true, Ordering::SeqCst);
    }

    fn disconnected(&self) {
        self.0.is_connected.store(false, Ordering::SeqCst);
    }
}

impl fmt::Debug for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache")
            .field("metrics", &self.metrics())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
