//! What was read before, in little memory.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

/// Maximum number of texts that are remembered. They take about 10 MB.
const MAX_TEXTS: usize = 900_000;

/// Texts that were read before. It stores their hashes: for 900 000 texts, the chance that two have the same hash is
/// about 1 in 45 million.
#[derive(Debug, Default)]
pub(super) struct Seen {
    hasher: RandomState,
    hashes: HashSet<u64>,
}

/// What a text is.
#[derive(Debug, Clone, Copy, Hash)]
pub(super) enum Kind {
    /// The handle of a product.
    Handle,
    /// The slug of a variant.
    Slug,
}

impl Seen {
    /// Whether a text is new. Texts that come after too many others are always new.
    pub(super) fn insert(&mut self, kind: Kind, text: &str) -> bool {
        let hash = self.hasher.hash_one((kind, text));
        if self.hashes.len() >= MAX_TEXTS {
            return !self.hashes.contains(&hash);
        }
        self.hashes.insert(hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_apart() {
        let mut seen = Seen::default();
        assert!(seen.insert(Kind::Handle, "whey"));
        assert!(seen.insert(Kind::Slug, "whey"));
        assert!(!seen.insert(Kind::Handle, "whey"));
        assert!(seen.insert(Kind::Handle, "bar"));
    }
}
