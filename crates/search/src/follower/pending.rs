use std::collections::BTreeSet;

use eggypro_domain::Slug;
use eggypro_domain::changes::{Change, Tag};

/// Changes that are not applied yet.
#[derive(Debug, Default)]
pub(super) struct Pending {
    pub(super) slugs: BTreeSet<Slug>,
    /// Whether any other product may have changed, too.
    pub(super) anything: bool,
    /// Whether the synonyms may have changed.
    pub(super) synonyms: bool,
    /// The names of the changes.
    pub(super) names: Vec<String>,
}

impl Pending {
    pub(super) fn is_empty(&self) -> bool {
        self.slugs.is_empty() && !self.anything && !self.synonyms
    }

    /// Adds a change, and returns whether it affects the index.
    pub(super) fn add(&mut self, change: &Change) -> bool {
        let mut affects_index = false;
        for tag in &change.tags {
            match tag {
                Tag::Product(slug) => {
                    self.slugs.insert(slug.clone());
                }
                Tag::EveryProduct | Tag::Everything => self.anything = true,
                Tag::Synonyms => self.synonyms = true,
                _ => continue,
            }
            affects_index = true;
        }
        if affects_index {
            self.names.push(change.name.clone());
        }
        affects_index
    }
}
