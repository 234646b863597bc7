use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use foldhash::quality::RandomState;
use moka::Expiry;
use moka::notification::RemovalCause;
use moka::sync;

use crate::generations::GenerationVector;
use crate::key::{Key, Region};
use crate::metrics::Counters;

/// Estimated size of an entry without its key and its bytes, in bytes.
const OVERHEAD: usize = 256;

type Cache = sync::Cache<String, Entry, RandomState>;

/// The cache of this process.
pub(crate) struct Local {
    pages: Cache,
    searches: Cache,
}

#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) bytes: Bytes,
    generations: GenerationVector,
    pub(crate) ends: Instant,
}

impl Local {
    pub(crate) fn new(bytes: u64, counters: &Arc<Counters>) -> Self {
        Self {
            pages: region(bytes - bytes / 4, counters),
            searches: region(bytes / 4, counters),
        }
    }

    pub(crate) fn get(&self, key: &Key, generations: GenerationVector) -> Option<Bytes> {
        Some(self.entry(key, generations)?.bytes)
    }

    pub(crate) fn put(
        &self,
        key: &Key,
        generations: GenerationVector,
        bytes: Bytes,
        lifetime: Duration,
    ) {
        let jitter = rand::random_range(0.9..=1.0);
        let ends = Instant::now() + lifetime.mul_f64(jitter);
        let entry = Entry {
            bytes,
            generations,
            ends,
        };
        self.region(key).insert(key.name().to_owned(), entry);
    }

    /// Approximate number of entries.
    pub(crate) fn len(&self) -> u64 {
        self.pages.entry_count() + self.searches.entry_count()
    }

    /// Approximate size of all entries, in bytes.
    pub(crate) fn bytes(&self) -> u64 {
        self.pages.weighted_size() + self.searches.weighted_size()
    }

    pub(crate) fn entry(&self, key: &Key, generations: GenerationVector) -> Option<Entry> {
        let entry = self.region(key).get(key.name())?;
        (entry.generations == generations).then_some(entry)
    }

    fn region(&self, key: &Key) -> &Cache {
        match key.region() {
            Region::Pages => &self.pages,
            Region::Searches => &self.searches,
        }
    }

    #[cfg(test)]
    pub(crate) fn settle(&self) {
        self.pages.run_pending_tasks();
        self.searches.run_pending_tasks();
    }
}

fn region(bytes: u64, counters: &Arc<Counters>) -> Cache {
    let counters = Arc::clone(counters);
    sync::Cache::builder()
        .max_capacity(bytes)
        .weigher(|key: &String, entry: &Entry| {
            let weight = key.len() + entry.bytes.len() + OVERHEAD;
            weight.try_into().unwrap_or(u32::MAX)
        })
        .expire_after(Lifetimes)
        .eviction_listener(move |_, _, cause| {
            if cause == RemovalCause::Size {
                Counters::count(&counters.evictions);
            }
        })
        .build_with_hasher(RandomState::default())
}

/// Expires each entry at its own time.
struct Lifetimes;

impl Expiry<String, Entry> for Lifetimes {
    fn expire_after_create(&self, _: &String, entry: &Entry, now: Instant) -> Option<Duration> {
        Some(entry.ends.saturating_duration_since(now))
    }

    fn expire_after_update(
        &self,
        _: &String,
        entry: &Entry,
        now: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(entry.ends.saturating_duration_since(now))
    }
}
