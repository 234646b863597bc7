use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use foldhash::quality::RandomState;

use crate::Budget;

/// Number of shards, so that threads rarely wait for each other.
const SHARDS: usize = 64;

/// Maximum number of counts in a shard: a million in all shards, of about 50 bytes each including the table.
const CAPACITY: usize = 16 * 1024;

/// Number of counts per policy that new clients share in a full shard.
const SHARED: u64 = 256;

/// Interval between two removals of ended windows from a shard.
const SWEEP: Duration = Duration::from_secs(60);

/// The counts of this process. Clients are stored as hashes with a random seed, so that an attacker can't make clients
/// collide.
pub(crate) struct Memory {
    hasher: RandomState,
    shards: Vec<Mutex<Shard>>,
}

#[derive(Default)]
struct Shard {
    counts: HashMap<u64, Count, BuildHasherDefault<Hashed>>,
    /// Shared counts of the new clients that did not fit into `counts`.
    shared: HashMap<(&'static str, u64), Count>,
    next_sweep: Duration,
}

#[derive(Clone, Copy)]
struct Count {
    /// End of the window, in seconds since the Unix epoch, rounded up.
    until: u32,
    spent: u32,
    /// Whether Redis may not know of all that is spent.
    is_ahead: bool,
}

impl Memory {
    pub(crate) fn add(&self, budget: &Budget<'_>, now: Duration) -> u64 {
        self.change(budget, now, |count| {
            count.spent = count.spent.saturating_add(1);
            count.is_ahead = true;
            count.spent.into()
        })
    }

    /// The count of a client that is ahead of Redis; 0 if none is. Shared counts are left out, since they do not belong to one
    /// client.
    pub(crate) fn ahead(&self, budget: &Budget<'_>, now: Duration) -> u64 {
        let (key, shard) = self.locate(budget);
        let count = shard.counts.get(&key);
        count
            .filter(|count| count.is_ahead && count.until == end(budget, now))
            .map_or(0, |count| count.spent.into())
    }

    /// Raises a count to at least the count in Redis.
    pub(crate) fn raise(&self, budget: &Budget<'_>, to: u64, now: Duration) {
        let to = u32::try_from(to).unwrap_or(u32::MAX);
        if to > 0 {
            self.change(budget, now, |count| {
                count.is_ahead &= count.spent > to;
                count.spent = count.spent.max(to);
                0
            });
        }
    }

    fn change(
        &self,
        budget: &Budget<'_>,
        now: Duration,
        change: impl FnOnce(&mut Count) -> u64,
    ) -> u64 {
        let (key, mut shard) = self.locate(budget);
        shard.sweep(now);
        let until = end(budget, now);
        let fresh = Count {
            until,
            spent: 0,
            is_ahead: false,
        };
        let is_full = shard.counts.len() >= CAPACITY && !shard.counts.contains_key(&key);
        let count = if is_full {
            let name = (budget.policy.name, slot(key));
            shard.shared.entry(name).or_insert(fresh)
        } else {
            shard.counts.entry(key).or_insert(fresh)
        };
        if count.until != until {
            *count = fresh;
        }
        change(count)
    }

    pub(crate) fn get(&self, budget: &Budget<'_>, now: Duration) -> u64 {
        let (key, shard) = self.locate(budget);
        let own = shard.counts.get(&key);
        let count = match own {
            // The client may have arrived when the shard was full.
            None => shard.shared.get(&(budget.policy.name, slot(key))),
            own => own,
        };
        count
            .filter(|count| count.until == end(budget, now))
            .map_or(0, |count| count.spent.into())
    }

    /// Gives one request back. A shared count is left alone, since it does not belong to one client.
    pub(crate) fn subtract(&self, budget: &Budget<'_>, now: Duration) {
        let (key, mut shard) = self.locate(budget);
        let until = end(budget, now);
        if let Some(count) = shard
            .counts
            .get_mut(&key)
            .filter(|count| count.until == until)
        {
            count.spent = count.spent.saturating_sub(1);
        }
    }

    pub(crate) fn remove(&self, budget: &Budget<'_>) {
        let (key, mut shard) = self.locate(budget);
        shard.counts.remove(&key);
    }

    fn locate(&self, budget: &Budget<'_>) -> (u64, MutexGuard<'_, Shard>) {
        let key = self.hasher.hash_one((budget.policy.name, budget.client));
        // From the middle bits: the hash tables of the shards use the low and the high bits.
        let shard = &self.shards[(key >> 32) as usize % SHARDS];
        // Ignore poisoning: a count is valid even if a thread panicked while it held the lock.
        (key, shard.lock().unwrap_or_else(PoisonError::into_inner))
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        let len = |shard: &Mutex<Shard>| shard.lock().map_or(0, |shard| shard.counts.len());
        self.shards.iter().map(len).sum()
    }
}

impl Shard {
    fn sweep(&mut self, now: Duration) {
        if now >= self.next_sweep {
            self.counts
                .retain(|_, count| Duration::from_secs(count.until.into()) > now);
            self.counts.shrink_to(self.counts.len() * 2);
            self.shared
                .retain(|_, count| Duration::from_secs(count.until.into()) > now);
            self.next_sweep = now + SWEEP;
        }
    }
}

/// The index of the shared count of a new client.
fn slot(key: u64) -> u64 {
    (key >> 40) % SHARED
}

fn end(budget: &Budget<'_>, now: Duration) -> u32 {
    let end = budget.policy.window_end(now);
    u32::try_from(end.as_millis().div_ceil(1_000)).unwrap_or(u32::MAX)
}

/// Uses a key as its own hash, since our keys are hashes already.
#[derive(Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            hasher: RandomState::default(),
            shards: std::iter::repeat_with(Mutex::default)
                .take(SHARDS)
                .collect(),
        }
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").finish_non_exhaustive()
    }
}
