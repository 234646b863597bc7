use super::{Lexicon, MAX_TERMS};
use crate::analysis::QueryTerm;
use crate::columns::{Columns, Row};
use crate::vocabulary::Stems;
use crate::words::{Corrections, Zone};

/// A term of a query with all alternatives that match it.
#[derive(Debug, Default)]
pub(super) struct Clause {
    alternatives: Vec<Alternative>,
    /// Matches all words that begin with it, as the term may still be typed.
    prefix: Option<String>,
    /// Whether the prefix is a word of the catalogue by itself. Then it matches no longer words of descriptions and details,
    /// which would be mostly others.
    is_prefix_a_word: bool,
    /// The term, if it may be misspelled.
    misspelled: Option<String>,
}

/// Words of which a product must have all.
#[derive(Debug)]
struct Alternative {
    words: Vec<String>,
    /// Its share of the score of an exact match, in percent.
    weight: u32,
}

/// The score of an exact match by where the product has it.
const IN_NAME: u32 = 200;
const IN_CATEGORY: u32 = 120;
const IN_ZONES: [(Zone, u32); 3] = [(Zone::Name, IN_NAME), (Zone::Keys, 100), (Zone::Text, 50)];

/// The weights of alternatives, in percent.
const EXACT: u32 = 100;
const COMPOUND: u32 = 95;
const SAME_STEM: u32 = 90;
const PARTS: u32 = 85;
const PREFIX: u32 = 80;
const SYNONYM: u32 = 70;

/// The weights of corrections by their number of edits. A correction in a name scores less than the term as it was typed in
/// any text.
const CORRECTED: [u32; 3] = [100, 16, 12];

impl Clause {
    /// The lowest score of a name that matches a term as it was typed.
    pub(super) const MIN_NAME_SCORE: u16 = (IN_NAME * PREFIX / 100) as u16;

    pub(super) fn parse(
        term: &QueryTerm,
        is_last: bool,
        lexicon: &Lexicon<'_>,
        stems: &mut Stems,
    ) -> tantivy::Result<Self> {
        let mut clause = Self::default();
        match term {
            QueryTerm::Word(word) => clause.add_word(word, is_last, lexicon, stems)?,
            QueryTerm::Exactly(forms) => {
                forms
                    .iter()
                    .for_each(|form| clause.add(EXACT, [form.clone()]));
                clause.prefix = forms.last().filter(|_| is_last).cloned();
            }
            QueryTerm::Compound(whole, parts) => {
                clause.add_word(whole, is_last, lexicon, stems)?;
                clause.misspelled = None;
                clause.add(PARTS, parts.iter().cloned());
            }
            QueryTerm::Unspaced(pairs) => clause.add(EXACT, pairs.iter().take(MAX_TERMS).cloned()),
        }
        Ok(clause)
    }

    fn add(&mut self, weight: u32, words: impl IntoIterator<Item = String>) {
        let words = words.into_iter().collect();
        self.alternatives.push(Alternative { words, weight });
    }

    fn add_word(
        &mut self,
        word: &str,
        is_last: bool,
        lexicon: &Lexicon<'_>,
        stems: &mut Stems,
    ) -> tantivy::Result<()> {
        self.add(EXACT, [word.to_owned()]);
        let forms = lexicon.forms(word, stems).into_iter();
        forms
            .filter(|form| form != word)
            .for_each(|form| self.add(SAME_STEM, [form]));
        let has_digit = word.bytes().any(|byte| byte.is_ascii_digit());
        let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
        let is_there = lexicon.contains(word)?;
        // A part number of the catalogue is complete.
        if is_last && !(has_digit && !is_number && is_there) {
            self.prefix = Some(word.to_owned());
            self.is_prefix_a_word = is_there;
        }
        if !has_digit {
            self.misspelled = Some(word.to_owned());
            if !is_there {
                let splits = lexicon.splits(word).into_iter();
                splits.for_each(|parts| self.add(PARTS, parts));
            }
        }
        Ok(())
    }

    /// Adds the forms of the compound that this term and its neighbour make together.
    pub(super) fn add_compound(&mut self, forms: &[String]) {
        forms
            .iter()
            .for_each(|form| self.add(COMPOUND, [form.clone()]));
    }

    /// Adds synonyms of this term, or of a phrase that it is a part of.
    pub(super) fn add_synonyms(&mut self, synonyms: &[Vec<String>]) {
        synonyms
            .iter()
            .for_each(|words| self.add(SYNONYM, words.iter().cloned()));
    }

    pub(super) fn may_be_misspelled(&self) -> bool {
        self.misspelled.is_some()
    }

    /// Adds corrections of the term and returns them.
    pub(super) fn add_corrections(
        &mut self,
        lexicon: &Lexicon<'_>,
        stems: &mut Stems,
    ) -> tantivy::Result<Vec<String>> {
        let Some(word) = &self.misspelled else {
            return Ok(vec![]);
        };
        let Corrections { edits, words, .. } = lexicon.corrections(word)?;
        let forms = words.iter().flat_map(|word| lexicon.forms(word, stems));
        let forms: Vec<String> = forms.collect();
        for form in &forms {
            self.add(CORRECTED[edits.min(2)], [form.clone()]);
        }
        Ok(forms)
    }

    /// All words of the alternatives.
    pub(super) fn words(&self) -> impl Iterator<Item = &String> {
        self.alternatives.iter().flat_map(|of| &of.words)
    }

    pub(super) fn prefix(&self) -> Option<&str> {
        self.prefix.as_deref()
    }

    /// Whether the prefix matches words of descriptions and details.
    pub(super) fn prefix_matches_texts(&self) -> bool {
        !self.is_prefix_a_word
    }

    /// The best score of each row; 0 where nothing matches.
    pub(super) fn scores(&self, lexicon: &Lexicon<'_>, height: usize) -> tantivy::Result<Vec<u8>> {
        let mut scores = vec![0_u8; height];
        for alternative in &self.alternatives {
            let raise = |word: &str, scores: &mut [u8]| {
                raise_word(word, alternative.weight, lexicon, scores)
            };
            alternative.raise(&mut scores, raise)?;
        }
        if let Some(prefix) = &self.prefix {
            self.raise_prefix(prefix, lexicon, &mut scores)?;
        }
        Ok(scores)
    }

    fn raise_prefix(
        &self,
        prefix: &str,
        lexicon: &Lexicon<'_>,
        scores: &mut [u8],
    ) -> tantivy::Result<()> {
        for (zone, score) in IN_ZONES {
            if zone == Zone::Text && self.is_prefix_a_word {
                continue;
            }
            let score = weighted(score, PREFIX);
            let words = lexicon.words;
            words.each_with_prefix(prefix, zone, |row| raise(scores, row, score))?;
        }
        let matches = |word: &str| word.starts_with(prefix);
        raise_categories(
            lexicon.columns,
            matches,
            weighted(IN_CATEGORY, PREFIX),
            scores,
        );
        Ok(())
    }

    /// The same by the names of products alone, in which the term may be a prefix wherever it stands in the query.
    pub(super) fn name_scores(
        &self,
        lexicon: &Lexicon<'_>,
        height: usize,
    ) -> tantivy::Result<Vec<u8>> {
        let mut scores = vec![0_u8; height];
        for alternative in &self.alternatives {
            let score = weighted(IN_NAME, alternative.weight);
            let raise = |word: &str, scores: &mut [u8]| {
                let words = lexicon.words;
                words.each_with(word, Zone::Name, |row| raise(scores, row, score))
            };
            alternative.raise(&mut scores, raise)?;
        }
        if let Some(prefix) = self.prefix.as_ref().or(self.misspelled.as_ref()) {
            let score = weighted(IN_NAME, PREFIX);
            let words = lexicon.words;
            words.each_with_prefix(prefix, Zone::Name, |row| raise(&mut scores, row, score))?;
        }
        Ok(scores)
    }
}

impl Alternative {
    /// Raises the scores of rows that have all words; `raise` does so for a single word.
    fn raise(
        &self,
        scores: &mut [u8],
        raise: impl Fn(&str, &mut [u8]) -> tantivy::Result<()>,
    ) -> tantivy::Result<()> {
        if let [word] = self.words.as_slice() {
            return raise(word, scores);
        }
        let mut of_all = vec![u8::MAX; scores.len()];
        for word in &self.words {
            let mut of_word = vec![0; scores.len()];
            raise(word, &mut of_word)?;
            let rows = of_all.iter_mut().zip(of_word);
            rows.for_each(|(all, one)| *all = one.min(*all));
        }
        let rows = scores.iter_mut().zip(of_all);
        rows.for_each(|(score, all)| *score = all.max(*score));
        Ok(())
    }
}

/// Raises the scores of all rows that have a word.
fn raise_word(
    word: &str,
    weight: u32,
    lexicon: &Lexicon<'_>,
    scores: &mut [u8],
) -> tantivy::Result<()> {
    for (zone, score) in IN_ZONES {
        let score = weighted(score, weight);
        let words = lexicon.words;
        words.each_with(word, zone, |row| raise(scores, row, score))?;
    }
    let score = weighted(IN_CATEGORY, weight);
    raise_categories(lexicon.columns, |of| of == word, score, scores);
    Ok(())
}

fn weighted(score: u32, weight: u32) -> u8 {
    u8::try_from(score * weight / 100).unwrap_or(u8::MAX)
}

fn raise(scores: &mut [u8], row: Row, to: u8) {
    if let Some(score) = scores.get_mut(row as usize) {
        *score = (*score).max(to);
    }
}

/// Raises the scores of all products in a category whose name has a matching word.
fn raise_categories(columns: &Columns, matches: impl Fn(&str) -> bool, to: u8, scores: &mut [u8]) {
    for category in columns.categories.values() {
        if category.words.iter().any(|word| matches(word)) {
            category
                .rows
                .ones()
                .for_each(|row| raise(scores, row as Row, to));
        }
    }
}
