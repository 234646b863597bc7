use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;
use tantivy::tokenizer::{Language, RawTokenizer, Stemmer, TextAnalyzer};

/// The words of the catalogue without digits, by stem. Words are not removed when their last product is.
#[derive(Default)]
pub(crate) struct Vocabulary {
    words: HashSet<Box<str>, RandomState>,
    by_stem: HashMap<Box<str>, Vec<Box<str>>, RandomState>,
}

impl Vocabulary {
    /// Adds a word, unless it has a digit and therefore no inflected forms.
    pub(crate) fn add(&mut self, word: &str, stems: &mut Stems) {
        if self.words.contains(word) || word.bytes().any(|byte| byte.is_ascii_digit()) {
            return;
        }
        self.words.insert(word.into());
        let stem = stems.stem(word);
        self.by_stem
            .entry(stem.into())
            .or_default()
            .push(word.into());
    }

    pub(crate) fn contains(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// The words with a stem.
    pub(crate) fn of_stem(&self, stem: &str) -> &[Box<str>] {
        self.by_stem.get(stem).map_or(&[], Vec::as_slice)
    }
}

/// Stems English words by the Porter2 algorithm.
pub(crate) struct Stems(TextAnalyzer);

impl Default for Stems {
    fn default() -> Self {
        let analyzer = TextAnalyzer::builder(RawTokenizer::default());
        Self(analyzer.filter(Stemmer::new(Language::English)).build())
    }
}

impl Stems {
    pub(crate) fn stem(&mut self, word: &str) -> String {
        let mut stream = self.0.token_stream(word);
        if stream.advance() {
            return stream.token().text.clone();
        }
        word.to_owned()
    }
}
