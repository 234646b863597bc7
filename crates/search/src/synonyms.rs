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
    /// The words of each synonym, by the stems of a phrase.
    by_stems: HashMap<Vec<String>, Vec<Vec<String>>>,
    /// The number of terms of the longest phrase.
    max_terms: usize,
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

    /// What this was made of.
    pub(crate) fn source(&self) -> &Synonyms {
        &self.source
    }

    fn add(&mut self, group: &[String], stems: &mut Stems) {
        let parse = |phrase: &String| without_stop_words(analysis::query_terms(phrase));
        let phrases: Vec<Vec<QueryTerm>> = group.iter().map(parse).collect();
        let words: Vec<Vec<String>> = phrases.iter().map(|terms| words_of(terms)).collect();
        for (phrase, own) in phrases.iter().zip(&words) {
            let others = words.iter().filter(|other| *other != own);
            let key = own.iter().map(|word| stems.stem(word)).collect();
            let known = self.by_stems.entry(key).or_default();
            known.extend(others.filter(|other| !other.is_empty()).cloned());
            self.max_terms = self.max_terms.max(phrase.len());
        }
    }

    /// The number of terms of the longest phrase that has synonyms.
    pub(crate) fn max_terms(&self) -> usize {
        self.max_terms
    }

    /// The words of each synonym of a phrase.
    pub(crate) fn of_phrase(&self, terms: &[QueryTerm], stems: &mut Stems) -> &[Vec<String>] {
        let words = words_of(terms);
        let key: Vec<String> = words.iter().map(|word| stems.stem(word)).collect();
        self.by_stems.get(&key).map_or(&[], Vec::as_slice)
    }
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
mod tests {
    use super::*;

    fn synonyms(groups: &[&[&str]], of: &str) -> Vec<String> {
        let own = |group: &&[&str]| group.iter().map(|term| (*term).to_owned()).collect();
        let index = SynonymIndex::of(&Synonyms::new(groups.iter().map(own).collect(), 1));
        let terms = without_stop_words(analysis::query_terms(of));
        assert!(terms.len() <= index.max_terms(), "{of}");
        let found = index.of_phrase(&terms, &mut Stems::default());
        found.iter().map(|words| words.join(" ")).collect()
    }

    #[test]
    fn each_term_of_a_group_has_the_others() {
        let group = &["Albumen", "egg white", "Egg-Whites", "卵白"][..];
        assert_eq!(
            synonyms(&[group], "albumen"),
            ["egg white", "egg whites", "卵白"]
        );
        // By stems, and joined or not.
        assert_eq!(
            synonyms(&[group], "egg-white"),
            [
                "albumen",
                "egg whites",
                "卵白",
                "albumen",
                "egg white",
                "卵白"
            ]
        );
        assert_eq!(synonyms(&[group], "卵白").len(), 3);
        assert_eq!(
            synonyms(&[&["salt and pepper", "S&P"]], "salt pepper").len(),
            1
        );
        assert!(synonyms(&[group], "egg").is_empty());
    }
}
