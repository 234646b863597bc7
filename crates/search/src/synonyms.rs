//! Words that mean the same.

use std::collections::HashMap;

use crate::analysis::{self, QueryTerm};
use crate::vocabulary::Stems;

/// For each stem, the words and phrases that mean the same.
#[derive(Debug, Default)]
pub(crate) struct Synonyms(HashMap<String, Vec<Vec<String>>>);

/// Groups of synonyms of food shops.
const BUILT_IN: &[&[&str]] = &[
    &["cacao", "cocoa", "chocolate", "choc", "choco"],
    &["crisps", "chips"],
    &["unflavoured", "unflavored", "plain", "neutral", "natural"],
    &["flavour", "flavor"],
    &["omelette", "omelet"],
    &["yoghurt", "yogurt"],
    &["savoury", "savory"],
    &["fibre", "fiber"],
    &["puree", "pulp"],
    &["soya", "soy"],
    &["peanut", "groundnut"],
    &["bundle", "box", "kit", "set"],
    &["cookie", "biscuit"],
    &["candy", "sweets"],
    &["albumen", "egg white"],
];

impl Synonyms {
    pub(crate) fn built_in() -> Self {
        let mut synonyms = Self::default();
        let mut stems = Stems::default();
        for group in BUILT_IN {
            synonyms.add(group, &mut stems);
        }
        synonyms
    }

    fn add(&mut self, group: &[&str], stems: &mut Stems) {
        let phrases: Vec<Vec<String>> = group.iter().map(|phrase| words(phrase)).collect();
        for (index, phrase) in phrases.iter().enumerate() {
            let [word] = phrase.as_slice() else { continue };
            let others = phrases
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != index);
            let known = self.0.entry(stems.stem(word)).or_default();
            known.extend(others.map(|(_, phrase)| phrase.clone()));
        }
    }

    /// The synonyms of a word with this stem.
    pub(crate) fn of(&self, word: &str, stem: &str) -> &[Vec<String>] {
        let known = self.0.get(stem).or_else(|| self.0.get(word));
        known.map_or(&[], Vec::as_slice)
    }
}

fn words(phrase: &str) -> Vec<String> {
    let words = analysis::query_terms(phrase)
        .into_iter()
        .filter_map(|term| match term {
            QueryTerm::Word(word) => Some(word),
            _ => None,
        });
    words.collect()
}
