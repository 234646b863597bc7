use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use super::Row;

/// The slug of each row, and the row of each slug.
#[derive(Debug, Default)]
pub(super) struct Slugs {
    of_rows: Vec<Box<str>>,
    /// By the hash of the slug. The slugs themselves are in `of_rows`.
    rows: HashTable<Row>,
    hashes: RandomState,
}

impl Slugs {
    pub(super) fn get(&self, row: Row) -> &str {
        &self.of_rows[row as usize]
    }

    pub(super) fn row(&self, slug: &str) -> Option<Row> {
        let is_same = |row: &Row| self.get(*row) == slug;
        self.rows.find(self.hashes.hash_one(slug), is_same).copied()
    }

    /// Adds a row without a slug.
    pub(super) fn push(&mut self) {
        self.of_rows.push(Box::default());
    }

    /// Sets the slug of a row. If another row had it, that row is not found by it any more.
    pub(super) fn set(&mut self, row: Row, slug: &str) {
        if self.row(slug) == Some(row) {
            return;
        }
        self.remove(row);
        self.of_rows[row as usize] = slug.into();
        let (slugs, hashes) = (&self.of_rows, &self.hashes);
        let hash = |row: &Row| hashes.hash_one(&*slugs[*row as usize]);
        let is_same = |other: &Row| *slugs[*other as usize] == *slug;
        match self.rows.entry(hashes.hash_one(slug), is_same, hash) {
            Entry::Occupied(mut other) => *other.get_mut() = row,
            Entry::Vacant(vacant) => {
                vacant.insert(row);
            }
        }
    }

    /// Removes the slug of a row. Another row may have the slug by now.
    pub(super) fn remove(&mut self, row: Row) {
        let slug = std::mem::take(&mut self.of_rows[row as usize]);
        let hash = self.hashes.hash_one(&*slug);
        if let Ok(entry) = self.rows.find_entry(hash, |other| *other == row) {
            entry.remove();
        }
    }
}

#[cfg(test)]
mod tests;
