//! Parses a query and scores every product against it.

mod clause;
mod lexicon;
mod terms;

use eggypro_domain::products::SearchText;

use self::clause::Clause;
pub(crate) use self::lexicon::Lexicon;
use self::terms::terms;
pub(crate) use self::terms::without_stop_words;
use crate::analysis::QueryTerm;
use crate::highlight::HighlightTerms;
use crate::vocabulary::Stems;

/// How the terms of a query are matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MatchMode {
    /// All terms, as they were typed.
    AsTyped,
    /// All terms, with typing errors corrected.
    Corrected,
    /// At least one term.
    AnyTerm,
}

/// A parsed query.
#[derive(Debug)]
pub(crate) struct Query {
    clauses: Vec<Clause>,
    pub(crate) highlight: HighlightTerms,
}

/// Maximum number of terms that are corrected.
const MAX_CORRECTED: usize = 8;

impl Query {
    pub(crate) fn parse(text: &SearchText, lexicon: &Lexicon<'_>) -> tantivy::Result<Self> {
        let terms = terms(text, lexicon)?;
        let mut stems = Stems::default();
        let last = terms.len().saturating_sub(1);
        let clauses = terms.iter().enumerate().map(|(index, term)| {
            let is_last = index == last;
            Clause::parse(term, is_last, lexicon, &mut stems)
        });
        let mut clauses = clauses.collect::<tantivy::Result<Vec<_>>>()?;
        for (index, pair) in terms.windows(2).enumerate() {
            if let [QueryTerm::Word(one), QueryTerm::Word(other)] = pair {
                let forms = lexicon.forms(&format!("{one}{other}"), &mut stems);
                for clause in clauses.iter_mut().skip(index).take(2) {
                    clause.add_compound(&forms);
                }
            }
        }
        for len in 1..=lexicon.synonyms.max_words() {
            for (start, phrase) in terms.windows(len).enumerate() {
                let synonyms = lexicon.synonyms(phrase, &mut stems)?;
                for clause in clauses.iter_mut().skip(start).take(len) {
                    clause.add_synonyms(&synonyms);
                }
            }
        }
        let mut highlight = HighlightTerms::default();
        for clause in &clauses {
            highlight.add(clause.words());
            if let Some(prefix) = clause.prefix() {
                highlight.set_prefix(prefix, clause.prefix_matches_texts());
            }
        }
        Ok(Self { clauses, highlight })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.clauses.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.clauses.len()
    }

    /// Adds corrections of typing errors to the alternatives of each clause.
    pub(crate) fn add_corrections(&mut self, lexicon: &Lexicon<'_>) -> tantivy::Result<()> {
        let mut stems = Stems::default();
        let misspelled = self
            .clauses
            .iter_mut()
            .filter(|clause| clause.may_be_misspelled());
        for clause in misspelled.take(MAX_CORRECTED) {
            let corrections = clause.add_corrections(lexicon, &mut stems)?;
            self.highlight.add(&corrections);
        }
        Ok(())
    }

    /// The score of each row; 0 where it does not match.
    pub(crate) fn scores(
        &self,
        lexicon: &Lexicon<'_>,
        mode: MatchMode,
    ) -> tantivy::Result<Vec<u16>> {
        let height = lexicon.columns.height();
        let mut total = vec![0_u16; height];
        for (index, clause) in self.clauses.iter().enumerate() {
            let scores = clause.scores(lexicon, height)?;
            let rows = total.iter_mut().zip(scores);
            match mode {
                // The number of matching terms outweighs their scores.
                MatchMode::AnyTerm => rows.for_each(|(total, score)| {
                    let added = if score > 0 {
                        1_000 + u16::from(score)
                    } else {
                        0
                    };
                    *total = total.saturating_add(added);
                }),
                _ if index == 0 => rows.for_each(|(total, score)| *total = score.into()),
                _ => rows.for_each(|(total, score)| {
                    let matches_all = *total > 0 && score > 0;
                    *total = if matches_all {
                        total.saturating_add(score.into())
                    } else {
                        0
                    };
                }),
            }
        }
        Ok(total)
    }

    /// Whether the name of each row matches all terms, where each term may be a prefix.
    pub(crate) fn matches_names(&self, lexicon: &Lexicon<'_>) -> tantivy::Result<Vec<bool>> {
        let height = lexicon.columns.height();
        let mut matches = vec![true; height];
        for clause in &self.clauses {
            let scores = clause.name_scores(lexicon, height)?;
            let rows = matches.iter_mut().zip(scores);
            rows.for_each(|(matches, score)| *matches &= score > 0);
        }
        Ok(matches)
    }

    /// The lowest score of a product whose name matches all terms as typed.
    pub(crate) fn min_name_score(&self) -> u16 {
        let terms = self.len().try_into().unwrap_or(u16::MAX);
        Clause::MIN_NAME_SCORE.saturating_mul(terms)
    }
}
