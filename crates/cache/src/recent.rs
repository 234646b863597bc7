use std::collections::VecDeque;

/// How many changes are remembered: more than can be on their way at once.
const REMEMBERED: usize = 256;

/// The changes that were raised last. A writer raises its own, and hears of it again by the database.
#[derive(Debug, Default)]
pub(crate) struct Recent(VecDeque<String>);

impl Recent {
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|known| known == name)
    }

    /// Whether it was not known.
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
