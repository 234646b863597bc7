use eggypro_domain::products::SearchText;

use super::Lexicon;
use crate::analysis::{self, QueryTerm};

/// Maximum number of terms that are matched; further ones are ignored.
pub(super) const MAX_TERMS: usize = 24;

/// Terms that are ignored unless the query has no others.
const STOP_WORDS: &[&str] = &[
    "a", "an", "and", "are", "at", "by", "for", "from", "in", "is", "it", "of", "on", "or", "our",
    "that", "the", "this", "to", "with", "your", //
    // contractions
    "cant", "doesnt", "dont", "isnt", "its", "theyre", "were", "wont", "youre",
];

/// The terms of a query without stop words and repetitions.
pub(super) fn terms(text: &SearchText, lexicon: &Lexicon<'_>) -> tantivy::Result<Vec<QueryTerm>> {
    let mut terms = vec![];
    for term in analysis::query_terms(text.as_str()) {
        match term {
            // A compound that no product contains is matched by its parts.
            QueryTerm::Compound(whole, parts) if !lexicon.has_prefix(&whole)? => {
                terms.extend(parts.into_iter().map(QueryTerm::Word));
            }
            term => terms.push(term),
        }
    }
    let mut terms = without_stop_words(terms);
    terms.dedup();
    terms.truncate(MAX_TERMS);
    Ok(terms)
}

/// The terms without stop words, unless there are no others.
pub(crate) fn without_stop_words(mut terms: Vec<QueryTerm>) -> Vec<QueryTerm> {
    let is_stop_word = |term: &QueryTerm| match term {
        QueryTerm::Word(word) => STOP_WORDS.contains(&word.as_str()),
        QueryTerm::Exactly(forms) => forms.iter().any(|form| STOP_WORDS.contains(&form.as_str())),
        _ => false,
    };
    if !terms.iter().all(is_stop_word) {
        terms.retain(|term| !is_stop_word(term));
    }
    terms
}
