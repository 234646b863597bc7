mod matching;

use self::matching::{Match, Matching, match_in_name, matches_of_word, scores_of, weighted};
use super::Lexicon;
use super::terms::MAX_TERMS;
use crate::analysis::QueryTerm;
use crate::vocabulary::Stems;
use crate::words::{Corrections, Zone};

/// A term of a query with all alternatives that match it.
#[derive(Debug, Default)]
pub(super) struct Clause {
    alternatives: Vec<Alternative>,
    /// Matches all words that begin with it, since the user may still be typing the term.
    prefix: Option<String>,
    /// Whether the prefix is a complete word of the catalogue. Then it does not match longer words of descriptions and
    /// details, since most of these are unrelated.
    is_prefix_a_word: bool,
    /// The term, if it may be misspelled.
    misspelled: Option<String>,
}

/// Words that a product must have all of.
#[derive(Debug)]
struct Alternative {
    words: Vec<String>,
    /// Its share of the score of an exact match, in percent.
    weight: u32,
}

/// The scores of an exact match, by the zone that contains the word.
const IN_NAME: u32 = 200;
const IN_CATEGORY: u32 = 120;
const IN_ZONES: [(Zone, u32); 3] = [
    (Zone::Name, IN_NAME),
    (Zone::Ingredients, 100),
    (Zone::Text, 50),
];

/// The weights of alternatives, in percent.
const EXACT: u32 = 100;
const COMPOUND: u32 = 95;
const SAME_STEM: u32 = 90;
const PARTS: u32 = 85;
const PREFIX: u32 = 80;
const SYNONYM: u32 = 70;

/// The weights of corrections by their number of edits. A correction in a name scores less than an exact match in any
/// text.
const CORRECTED: [u32; 3] = [100, 16, 12];

impl Clause {
    /// The lowest score of a name that matches a term as typed.
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
        // A part number that the catalogue contains is complete.
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

    /// Adds the forms of the compound that this term and the next one make together.
    pub(super) fn add_compound(&mut self, forms: &[String]) {
        forms
            .iter()
            .for_each(|form| self.add(COMPOUND, [form.clone()]));
    }

    /// Adds synonyms of this term, or of a phrase that contains it.
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
        let mut matches = vec![];
        for word in self.alternatives.iter().filter_map(Alternative::single) {
            matches.extend(matches_of_word(word.0, word.1));
        }
        matches.extend(
            self.prefix
                .iter()
                .flat_map(|prefix| self.matches_of_prefix(prefix)),
        );
        let mut scores = scores_of(matches, lexicon, height)?;
        for alternative in self.alternatives.iter().filter(|of| of.words.len() > 1) {
            let of_word = |word| matches_of_word(word, alternative.weight).collect();
            alternative.raise(&mut scores, lexicon, of_word)?;
        }
        Ok(scores)
    }

    fn matches_of_prefix<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = Match<'a>> {
        let zones = IN_ZONES.into_iter();
        let zones = zones.filter(|(zone, _)| *zone != Zone::Text || !self.is_prefix_a_word);
        let zones = zones.map(|(zone, score)| (score, Matching::Prefix(prefix, zone)));
        let category = (IN_CATEGORY, Matching::CategoryPrefix(prefix));
        let all = zones.chain([category]);
        all.map(|(score, rows)| Match {
            score: weighted(score, PREFIX),
            rows,
        })
    }

    /// Like [`scores`](Self::scores), but only for names. The term may be a prefix at any position in the query.
    pub(super) fn name_scores(
        &self,
        lexicon: &Lexicon<'_>,
        height: usize,
    ) -> tantivy::Result<Vec<u8>> {
        let single = self.alternatives.iter().filter_map(Alternative::single);
        let mut matches: Vec<Match<'_>> = single
            .map(|(word, weight)| match_in_name(word, weight))
            .collect();
        if let Some(prefix) = self.prefix.as_ref().or(self.misspelled.as_ref()) {
            let score = weighted(IN_NAME, PREFIX);
            let rows = Matching::Prefix(prefix, Zone::Name);
            matches.push(Match { score, rows });
        }
        let mut scores = scores_of(matches, lexicon, height)?;
        for alternative in self.alternatives.iter().filter(|of| of.words.len() > 1) {
            let of_word = |word| vec![match_in_name(word, alternative.weight)];
            alternative.raise(&mut scores, lexicon, of_word)?;
        }
        Ok(scores)
    }
}

impl Alternative {
    /// The word and its weight, if it is a single one.
    fn single(&self) -> Option<(&str, u32)> {
        match self.words.as_slice() {
            [word] => Some((word, self.weight)),
            _ => None,
        }
    }

    /// Raises the scores of rows that have all words. `of_word` returns how a single word matches.
    fn raise<'a>(
        &'a self,
        scores: &mut [u8],
        lexicon: &Lexicon<'_>,
        of_word: impl Fn(&'a str) -> Vec<Match<'a>>,
    ) -> tantivy::Result<()> {
        let mut of_all = vec![u8::MAX; scores.len()];
        for word in &self.words {
            let of_word = scores_of(of_word(word), lexicon, scores.len())?;
            let rows = of_all.iter_mut().zip(of_word);
            rows.for_each(|(all, one)| *all = one.min(*all));
        }
        let rows = scores.iter_mut().zip(of_all);
        rows.for_each(|(score, all)| *score = all.max(*score));
        Ok(())
    }
}
