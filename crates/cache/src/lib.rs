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
use eggypro_domain::changes::{Audience, Change, Tag};
use eggypro_redis::Redis;
use tracing::Instrument;

use self::generations::{Generations, Stamp};
pub use self::key::{Key, Room};
use self::local::Local;
pub use self::metrics::CacheMetrics;
use self::metrics::Counters;
use self::recent::Recent;
use self::running::Running;
use self::shared::{Fetched, Shared};

/// How much is kept, and for how long.
#[derive(Debug, Clone)]
pub struct CacheSettings {
    /// How long an answer is kept at most, less up to a tenth, so that not all end at once: 5 minutes.
    pub lifetime: Duration,
    /// How long it is kept that something is not there: 5 s.
    pub brief_lifetime: Duration,
    /// What may be kept in this process, in bytes, keys and bookkeeping included: 16 MiB. Searches get a quarter.
    pub bytes: u64,
}

impl Default for CacheSettings {
    fn default() -> Self {
        Self {
            lifetime: Duration::from_secs(300),
            brief_lifetime: Duration::from_secs(5),
            bytes: 16 * 1024 * 1024,
        }
    }
}

/// Why an answer was not loaded, shared by all who waited for it.
pub type LoadError = Arc<dyn std::error::Error + Send + Sync>;

/// A load ended without a result, since it panicked or its thread is going.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("a load was given up")]
pub struct Abandoned;

/// What a load brings.
#[derive(Debug, Clone)]
pub struct Loaded {
    bytes: Bytes,
    is_brief: bool,
}

impl Loaded {
    /// To be kept as long as anything is.
    pub fn whole(bytes: Bytes) -> Self {
        Self {
            bytes,
            is_brief: false,
        }
    }

    /// What it brings.
    pub fn into_bytes(self) -> Bytes {
        self.bytes
    }

    /// To be kept for a moment, and here alone: that something is not there.
    pub fn brief(bytes: Bytes) -> Self {
        Self {
            bytes,
            is_brief: true,
        }
    }
}

/// How long an answer is given again without another look-up: so briefly that the cache still sees which answers are
/// asked for.
const LEASE: Duration = Duration::from_millis(100);

/// Lets who found an answer give it again.
#[derive(Debug, Clone, Copy)]
pub struct Lease {
    stamp: Stamp,
    until: Instant,
}

/// Keeps answers. Clones share them.
#[derive(Clone)]
pub struct Cache(Arc<Inner>);

struct Inner {
    lifetime: Duration,
    brief_lifetime: Duration,
    generations: Generations,
    local: Local,
    shared: Option<Shared>,
    running: Running,
    recent: Mutex<Recent>,
    /// Whether the changes of others are heard. While they aren't, answers are kept for a moment, and here alone.
    is_hearing: AtomicBool,
    counters: Arc<Counters>,
}

impl Cache {
    /// An empty cache, in this process and, if there is one, in a Redis, whose keys then begin with this prefix. Servers
    /// of one database share it, others must not.
    pub fn new(settings: &CacheSettings, redis: Option<Redis>, prefix: &str) -> Self {
        let counters = Arc::new(Counters::default());
        let shared = redis.map(|redis| Shared::new(redis, prefix, settings.lifetime));
        Self(Arc::new(Inner {
            lifetime: settings.lifetime,
            brief_lifetime: settings.brief_lifetime,
            generations: Generations::default(),
            local: Local::new(settings.bytes, &counters),
            shared,
            running: Running::default(),
            recent: Mutex::default(),
            is_hearing: AtomicBool::new(true),
            counters,
        }))
    }

    /// The answer, if this process has it.
    pub fn get(&self, key: &Key) -> Option<Bytes> {
        let stamp = self.0.generations.stamp(key.tags());
        let bytes = self.0.local.get(key, stamp)?;
        self.0.counters.count_hit();
        Some(bytes)
    }

    /// The same with a lease that begins now.
    pub fn get_leased(&self, key: &Key, now: Instant) -> Option<(Bytes, Lease)> {
        let stamp = self.0.generations.stamp(key.tags());
        let entry = self.0.local.entry(key, stamp)?;
        self.0.counters.count_hit();
        let until = entry.ends.min(now + LEASE);
        Some((entry.bytes, Lease { stamp, until }))
    }

    /// Whether an answer still holds that was found under this key, and counts it as found again if so: until its lease
    /// ends, or something changes that it shows.
    pub fn holds(&self, key: &Key, lease: &Lease, now: Instant) -> bool {
        let holds = now < lease.until && self.0.generations.stamp(key.tags()) == lease.stamp;
        if holds {
            self.0.counters.count_hit();
        }
        holds
    }

    /// The answer from wherever it is quickest to have: somebody else's load that is under way, Redis, or this load.
    ///
    /// # Errors
    /// Those of the load; [`Abandoned`] if it panicked.
    pub async fn load(
        &self,
        key: Key,
        load: impl Future<Output = Result<Loaded, LoadError>> + Send + 'static,
    ) -> Result<Bytes, LoadError> {
        let stamp = self.0.generations.stamp(key.tags());
        let counters = &self.0.counters;
        Counters::count(&counters.misses);
        let load = self.0.running.join(&key, stamp, counters, || {
            // The last load may have ended since the caller looked.
            if let Some(bytes) = self.0.local.get(&key, stamp) {
                return Err(bytes);
            }
            let task = Arc::clone(&self.0).run(key.clone(), stamp, load);
            Ok(tokio::spawn(task.in_current_span()))
        });
        match load {
            Ok(load) => load.await,
            Err(bytes) => Ok(bytes),
        }
    }

    /// Whether the changes of others are heard, so that what is kept holds.
    pub fn hears(&self) -> bool {
        self.0.is_hearing.load(Ordering::SeqCst)
    }

    /// What happened since the start.
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
        stamp: Stamp,
        load: impl Future<Output = Result<Loaded, LoadError>>,
    ) -> Result<Bytes, LoadError> {
        let _running = self.running.until_dropped(&key, stamp);
        let is_hearing = self.is_hearing.load(Ordering::SeqCst);
        let is_shared = is_hearing && key.is_shared();
        let shared = self.shared.as_ref().filter(|_| is_shared);
        let fetched = match shared {
            Some(shared) => shared.fetch(&key).await,
            None => Fetched::Away,
        };
        if let Fetched::Found { bytes, lifetime } = fetched {
            Counters::count(&self.counters.shared_hits);
            self.local.put(&key, stamp, bytes.clone(), lifetime);
            return Ok(bytes);
        }
        Counters::count(&self.counters.loads);
        let Loaded { bytes, is_brief } = load.await?;
        if is_brief || !is_hearing {
            self.local
                .put(&key, stamp, bytes.clone(), self.brief_lifetime);
            return Ok(bytes);
        }
        self.local.put(&key, stamp, bytes.clone(), self.lifetime);
        if let Fetched::Missing(tokens) = fetched {
            // Nobody need wait for this.
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
impl Audience for Cache {
    async fn changed(&self, change: &Change) {
        let recent = || self.0.recent();
        if change.tags.is_empty() || recent().contains(&change.name) {
            return;
        }
        let is_everything = change.tags.contains(&Tag::Everything);
        // There before here: a reader who finds nothing here must not find the old answer there.
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

    fn hears_again(&self) {
        self.0.is_hearing.store(true, Ordering::SeqCst);
    }

    async fn missed_changes(&self) {
        if let Some(shared) = &self.0.shared {
            shared.raise_all().await;
        }
        self.0.generations.raise_all();
        // A database that was put back to an earlier state may give its names again.
        *self.0.recent() = Recent::default();
        self.0.is_hearing.store(true, Ordering::SeqCst);
    }

    fn hears_nothing(&self) {
        self.0.is_hearing.store(false, Ordering::SeqCst);
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
