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
mod tests {
    use super::*;

    fn slugs(of: &[&str]) -> Slugs {
        let mut slugs = Slugs::default();
        for (row, slug) in (0..).zip(of) {
            slugs.push();
            slugs.set(row, slug);
        }
        slugs
    }

    #[test]
    fn a_slug_belongs_to_the_last_row_that_got_it() {
        let mut slugs = slugs(&["bar", "powder"]);
        slugs.set(1, "bar");
        assert_eq!((slugs.row("bar"), slugs.row("powder")), (Some(1), None));
        slugs.set(0, "drink");
        assert_eq!((slugs.row("bar"), slugs.row("drink")), (Some(1), Some(0)));
        assert_eq!((slugs.get(0), slugs.get(1)), ("drink", "bar"));
    }

    #[test]
    fn a_removed_slug_is_not_found() {
        let mut slugs = slugs(&["bar", "powder"]);
        slugs.set(1, "bar");
        slugs.remove(0);
        assert_eq!(slugs.row("bar"), Some(1));
        slugs.remove(1);
        assert_eq!(slugs.row("bar"), None);
    }

    #[test]
    fn every_slug_of_many_is_found() {
        let names: Vec<String> = (0..10_000).map(|number| format!("bar-{number}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let slugs = slugs(&names);
        assert!(
            (0..)
                .zip(names)
                .all(|(row, name)| slugs.row(name) == Some(row))
        );
    }
}
