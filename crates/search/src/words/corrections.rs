use strsim::osa_distance;

/// The words with the fewest edits to a misspelled one. Swapping two letters is one edit.
#[derive(Debug)]
pub(crate) struct Corrections {
    pub(super) word: String,
    /// The number of edits. The maximum until a word is found.
    pub(crate) edits: usize,
    pub(crate) words: Vec<String>,
}

impl Corrections {
    pub(crate) fn of(word: &str, max_edits: usize) -> Self {
        Self {
            word: word.to_owned(),
            edits: max_edits,
            words: vec![],
        }
    }

    pub(crate) fn none() -> Self {
        Self::of("", 0)
    }

    /// Adds a word if it is at least as near as the words so far. Words with digits are never corrections.
    pub(crate) fn offer(&mut self, word: &str) {
        let edits = osa_distance(&self.word, word);
        let has_digit = word.bytes().any(|byte| byte.is_ascii_digit());
        if edits == 0 || edits > self.edits || has_digit {
            return;
        }
        if edits < self.edits {
            self.edits = edits;
            self.words.clear();
        }
        if !self.words.iter().any(|known| known == word) {
            self.words.push(word.to_owned());
        }
    }
}
