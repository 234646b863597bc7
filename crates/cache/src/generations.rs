use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU64, Ordering};

use eggypro_domain::changes::Tag;
use foldhash::quality::RandomState;

/// Number of counters. Tags that share a counter are raised together, which costs no more than an extra load.
const COUNTERS: usize = 16 * 1024;

/// Counts how often each tag was raised.
pub(crate) struct Generations {
    hasher: RandomState,
    all: AtomicU64,
    counters: Vec<AtomicU64>,
}

/// The generations of some tags at one moment, as their sum. Generations only grow, so an equal sum means that none of
/// them was raised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct GenerationVector(u64);

impl Generations {
    pub(crate) fn vector<'a>(&self, tags: impl Iterator<Item = &'a Tag>) -> GenerationVector {
        let of_tags: u64 = tags
            .map(|tag| self.counter(tag).load(Ordering::SeqCst))
            .sum();
        GenerationVector(of_tags + self.all.load(Ordering::SeqCst))
    }

    pub(crate) fn raise(&self, tag: &Tag) {
        self.counter(tag).fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn raise_all(&self) {
        self.all.fetch_add(1, Ordering::SeqCst);
    }

    fn counter(&self, tag: &Tag) -> &AtomicU64 {
        &self.counters[self.hasher.hash_one(tag) as usize % COUNTERS]
    }
}

impl Default for Generations {
    fn default() -> Self {
        Self {
            hasher: RandomState::default(),
            all: AtomicU64::default(),
            counters: std::iter::repeat_with(AtomicU64::default)
                .take(COUNTERS)
                .collect(),
        }
    }
}
