use std::sync::atomic::{AtomicU64, Ordering};

use thread_local::ThreadLocal;

/// Counters of a cache since the start of the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CacheMetrics {
    /// Look-ups that found an answer in this process.
    pub hits: u64,
    /// Look-ups that did not find an answer in this process.
    pub misses: u64,
    /// Answers that came from Redis.
    pub shared_hits: u64,
    /// Answers that were loaded.
    pub loads: u64,
    /// Callers that waited for the load of another caller.
    pub waits: u64,
    /// Entries that were evicted to stay within the maximum size.
    pub evictions: u64,
    /// Redis calls that failed.
    pub redis_failures: u64,
    /// Approximate number of entries in this process.
    pub entries: u64,
    /// Approximate size of these entries, in bytes.
    pub bytes: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Counters {
    hits: ThreadLocal<OwnCount>,
    pub(crate) misses: AtomicU64,
    pub(crate) shared_hits: AtomicU64,
    pub(crate) loads: AtomicU64,
    pub(crate) waits: AtomicU64,
    pub(crate) evictions: AtomicU64,
}

/// The counter of one thread. It has a cache line to itself, so that processors do not contend for it.
#[derive(Debug, Default)]
#[repr(align(128))]
struct OwnCount(AtomicU64);

impl Counters {
    pub(crate) fn count_hit(&self) {
        Self::count(&self.hits.get_or_default().0);
    }

    pub(crate) fn count(counter: &AtomicU64) {
        counter.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn read(&self, entries: u64, bytes: u64, redis_failures: u64) -> CacheMetrics {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        CacheMetrics {
            hits: self.hits.iter().map(|own| read(&own.0)).sum(),
            misses: read(&self.misses),
            shared_hits: read(&self.shared_hits),
            loads: read(&self.loads),
            waits: read(&self.waits),
            evictions: read(&self.evictions),
            redis_failures,
            entries,
            bytes,
        }
    }
}
