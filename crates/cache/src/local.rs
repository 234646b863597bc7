use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use foldhash::quality::RandomState;
use moka::Expiry;
use moka::notification::RemovalCause;
use moka::sync;

use crate::generations::Stamp;
use crate::key::{Key, Room};
use crate::metrics::Counters;

/// What an entry weighs beside its key and its bytes.
const OVERHEAD: usize = 256;

type Cache = sync::Cache<String, Entry, RandomState>;

/// What this process keeps.
pub(crate) struct Local {
    pages: Cache,
    searches: Cache,
}

#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) bytes: Bytes,
    stamp: Stamp,
    pub(crate) ends: Instant,
}

impl Local {
    pub(crate) fn new(bytes: u64, counters: &Arc<Counters>) -> Self {
        Self {
            pages: room(bytes - bytes / 4, counters),
            searches: room(bytes / 4, counters),
        }
    }

    pub(crate) fn get(&self, key: &Key, stamp: Stamp) -> Option<Bytes> {
        Some(self.entry(key, stamp)?.bytes)
    }

    pub(crate) fn put(&self, key: &Key, stamp: Stamp, bytes: Bytes, lifetime: Duration) {
        let jitter = rand::random_range(0.9..=1.0);
        let ends = Instant::now() + lifetime.mul_f64(jitter);
        let entry = Entry { bytes, stamp, ends };
        self.room(key).insert(key.name().to_owned(), entry);
    }

    /// How many entries there are, more or less.
    pub(crate) fn len(&self) -> u64 {
        self.pages.entry_count() + self.searches.entry_count()
    }

    /// What they weigh, more or less.
    pub(crate) fn bytes(&self) -> u64 {
        self.pages.weighted_size() + self.searches.weighted_size()
    }

    pub(crate) fn entry(&self, key: &Key, stamp: Stamp) -> Option<Entry> {
        let entry = self.room(key).get(key.name())?;
        (entry.stamp == stamp).then_some(entry)
    }

    fn room(&self, key: &Key) -> &Cache {
        match key.room() {
            Room::Pages => &self.pages,
            Room::Searches => &self.searches,
        }
    }

    #[cfg(test)]
    pub(crate) fn settle(&self) {
        self.pages.run_pending_tasks();
        self.searches.run_pending_tasks();
    }
}

fn room(bytes: u64, counters: &Arc<Counters>) -> Cache {
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

/// Each entry ends by itself.
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
