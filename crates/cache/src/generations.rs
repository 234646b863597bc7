use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU64, Ordering};

use eggypro_domain::changes::Tag;
use foldhash::quality::RandomState;

/// How many counters there are. Tags that share one are raised together, which costs a load and no more.
const COUNTERS: usize = 16 * 1024;

/// How often each tag was raised.
pub(crate) struct Generations {
    hasher: RandomState,
    all: AtomicU64,
    counters: Vec<AtomicU64>,
}

/// The generations of some tags at one moment. Since they only ever grow, their sum tells whether any has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Stamp(u64);

impl Generations {
    pub(crate) fn stamp<'a>(&self, tags: impl Iterator<Item = &'a Tag>) -> Stamp {
        let of_tags: u64 = tags
            .map(|tag| self.counter(tag).load(Ordering::SeqCst))
            .sum();
        Stamp(of_tags + self.all.load(Ordering::SeqCst))
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
