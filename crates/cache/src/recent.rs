use std::collections::VecDeque;

/// Number of remembered changes. It is larger than the number of changes that can be in flight at once.
const REMEMBERED: usize = 256;

/// The most recent changes. A writer raises its own change and later receives it again from the database; this detects
/// the repetition.
#[derive(Debug, Default)]
pub(crate) struct Recent(VecDeque<String>);

impl Recent {
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|recent| recent == name)
    }

    /// Adds a change; returns whether it was new.
    pub(crate) fn add(&mut self, name: &str) -> bool {
        if self.contains(name) {
            return false;
        }
        if self.0.len() == REMEMBERED {
            self.0.pop_front();
        }
        self.0.push_back(name.to_owned());
        true
    }
}
