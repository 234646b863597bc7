//! What was read before, in little memory.

use std::collections::HashSet;
use std::hash::{BuildHasher, Hash, RandomState};

/// Maximum number of values that are remembered. They take about 10 MB.
const MAX_VALUES: usize = 900_000;

/// Values that were read before. It stores their hashes: for 900 000 values, the chance that two have the same hash is
/// about 1 in 45 million.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    hasher: RandomState,
    hashes: HashSet<u64>,
}

impl Seen {
    /// Whether a value is new. Values that come after too many others are new unless one of those is equal.
    pub(crate) fn insert(&mut self, value: impl Hash) -> bool {
        let hash = self.hasher.hash_one(value);
        if self.hashes.len() >= MAX_VALUES {
            return !self.hashes.contains(&hash);
        }
        self.hashes.insert(hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_new_once() {
        let mut seen = Seen::default();
        assert!(seen.insert("whey"));
        assert!(seen.insert(("group", "whey")));
        assert!(!seen.insert("whey"));
        assert!(!seen.insert(("group", "whey")));
        assert!(seen.insert("bar"));
    }
}
