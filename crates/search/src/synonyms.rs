//! Words and phrases that mean the same.

use std::collections::HashMap;

use eggypro_domain::synonyms::Synonyms;

use crate::analysis::{self, QueryTerm};
use crate::query::without_stop_words;
use crate::vocabulary::Stems;

/// The synonyms of a shop, by word or phrase.
#[derive(Debug, Default)]
pub(crate) struct SynonymIndex {
    source: Synonyms,
    /// The words of each phrase of each group.
    groups: Vec<Vec<Vec<String>>>,
    /// The groups that contain a phrase, by its stems.
    by_stems: HashMap<Vec<String>, Vec<usize>>,
    /// The number of words of the longest phrase.
    max_words: usize,
}

impl SynonymIndex {
    pub(crate) fn of(source: &Synonyms) -> Self {
        let mut index = Self {
            source: source.clone(),
            ..Self::default()
        };
        let mut stems = Stems::default();
        for group in &source.groups {
            index.add(group, &mut stems);
        }
        index
    }

    /// The list that this index was built from.
    pub(crate) fn source(&self) -> &Synonyms {
        &self.source
    }

    fn add(&mut self, group: &[String], stems: &mut Stems) {
        let words = |phrase: &String| words_of(&without_stop_words(analysis::query_terms(phrase)));
        let mut phrases: Vec<Vec<String>> = group.iter().map(words).collect();
        phrases.retain(|words| !words.is_empty());
        phrases.sort_unstable();
        phrases.dedup();
        for words in &phrases {
            let groups = self.by_stems.entry(stems_of(words, stems)).or_default();
            if groups.last() != Some(&self.groups.len()) {
                groups.push(self.groups.len());
            }
            self.max_words = self.max_words.max(words.len());
        }
        self.groups.push(phrases);
    }

    /// The number of words of the longest phrase that has synonyms.
    pub(crate) fn max_words(&self) -> usize {
        self.max_words
    }

    /// The words of each synonym of a phrase.
    pub(crate) fn of_phrase(&self, terms: &[QueryTerm], stems: &mut Stems) -> Vec<&[String]> {
        let words = words_of(terms);
        let groups = self.by_stems.get(&stems_of(&words, stems));
        let groups = groups.into_iter().flatten();
        let phrases = groups.flat_map(|group| &self.groups[*group]);
        phrases
            .map(Vec::as_slice)
            .filter(|other| *other != words)
            .collect()
    }
}

fn stems_of(words: &[String], stems: &mut Stems) -> Vec<String> {
    words.iter().map(|word| stems.stem(word)).collect()
}

/// The words that a product with all of these terms has.
fn words_of(terms: &[QueryTerm]) -> Vec<String> {
    let mut words = vec![];
    for term in terms {
        match term {
            QueryTerm::Word(word) => words.push(word.clone()),
            QueryTerm::Exactly(forms) => words.extend(forms.first().cloned()),
            QueryTerm::Compound(_, parts) | QueryTerm::Unspaced(parts) => {
                words.extend(parts.iter().cloned());
            }
        }
    }
    words
}

#[cfg(test)]
mod tests;
