//! Splits texts into words. Indexing, queries and highlighting share it, so that every match can be highlighted.

mod fold;
mod quantity;
mod runs;

use std::ops::Range;

use compact_str::CompactString;

use self::fold::Folded;
use self::quantity::{Group, group_at};
use self::runs::{Run, RunKind, runs};

/// A word of a text, folded, with its position in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) text: CompactString,
    pub(crate) source: Range<usize>,
    /// Whether it is composed of several words of the text.
    pub(crate) is_joined: bool,
}

/// All words to index a text by: its words, and those that several of them compose.
pub(crate) fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::with_capacity(text.len() / 5);
    each_word(text, |text, source, is_joined| {
        words.push(Word {
            text: text.into(),
            source,
            is_joined,
        });
    });
    words
}

/// Calls `visit` with the text, position and [`is_joined`](Word::is_joined) of each of the [`words`] of a text.
pub(crate) fn each_word(text: &str, visit: impl FnMut(&str, Range<usize>, bool)) {
    let folded = Folded::of(text);
    let runs = runs(&folded.text);
    let mut visitor = Visitor {
        folded: &folded,
        visit,
    };
    let mut index = 0;
    while index < runs.len() {
        let chain = chain_at(&runs, index);
        for run in &runs[chain.clone()] {
            visitor.visit_run(run, chain.len() > 1);
        }
        if chain.len() > 1 {
            visitor.visit_chain(&runs[chain.clone()]);
        }
        for start in chain.clone() {
            visitor.visit_groups(&runs, start);
        }
        index = chain.end;
    }
}

/// A term of a query. Products match by its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum QueryTerm {
    /// A single word.
    Word(String),
    /// Equivalent forms of a term that is never corrected: a quantity, a contraction, or "free of something".
    Exactly(Vec<String>),
    /// A word of several parts, such as `egg-white`: the parts joined, and the parts.
    Compound(String, Vec<String>),
    /// Text in a script without spaces, as pairs of characters. All pairs must match.
    Unspaced(Vec<String>),
}

/// The terms of a query, in order.
pub(crate) fn query_terms(text: &str) -> Vec<QueryTerm> {
    let folded = Folded::of(text);
    let runs = runs(&folded.text);
    let (mut terms, mut index) = (vec![], 0);
    while index < runs.len() {
        if let Some(Group { words, length, .. }) = group_at(&runs, index).into_iter().next_back() {
            terms.push(QueryTerm::Exactly(words));
            index += length;
            continue;
        }
        let chain = chain_at(&runs, index);
        index = chain.end;
        terms.extend(term_of(&runs[chain]));
    }
    terms
}

fn term_of(chain: &[Run<'_>]) -> Option<QueryTerm> {
    let [run] = chain else {
        let parts = parts(chain);
        if chain.last().is_some_and(|last| last.is_after_apostrophe) && parts.len() > 1 {
            // A contraction is a word as a whole, its parts are not.
            return Some(QueryTerm::Exactly(vec![whole(chain)]));
        }
        return Some(match parts.as_slice() {
            [word] => QueryTerm::Word((*word).to_owned()),
            parts => QueryTerm::Compound(
                whole(chain),
                parts.iter().map(|part| (*part).to_owned()).collect(),
            ),
        });
    };
    match run.kind {
        RunKind::Letters => Some(QueryTerm::Word(run.text.to_owned())),
        RunKind::Unspaced => {
            let pairs: Vec<String> = pairs(run).map(|pair| run.text[pair].to_owned()).collect();
            Some(QueryTerm::Unspaced(if pairs.is_empty() {
                vec![run.text.to_owned()]
            } else {
                pairs
            }))
        }
    }
}

/// Visits the words of a text.
struct Visitor<'a, Visit> {
    folded: &'a Folded,
    visit: Visit,
}

impl<Visit: FnMut(&str, Range<usize>, bool)> Visitor<'_, Visit> {
    fn visit(&mut self, text: &str, part: Range<usize>) {
        (self.visit)(text, self.folded.source(part), false);
    }

    fn visit_joined(&mut self, text: &str, part: Range<usize>) {
        (self.visit)(text, self.folded.source(part), true);
    }

    fn visit_run(&mut self, run: &Run<'_>, is_part: bool) {
        match run.kind {
            RunKind::Letters if is_part && run.is_after_apostrophe && run.text.len() < 3 => {}
            RunKind::Letters => {
                self.visit(run.text, run.range());
                if let Some(text) = self.folded.without_umlauts(run.range()) {
                    self.visit(&text, run.range());
                }
            }
            RunKind::Unspaced => {
                for (at, character) in run.text.char_indices() {
                    let start = run.start + at;
                    let length = character.len_utf8();
                    self.visit(&run.text[at..at + length], start..start + length);
                }
                for pair in pairs(run) {
                    let part = run.start + pair.start..run.start + pair.end;
                    self.visit(&run.text[pair], part);
                }
            }
        }
    }

    /// Visits the word that consists of parts joined by hyphens, points or apostrophes.
    fn visit_chain(&mut self, chain: &[Run<'_>]) {
        let (Some(first), Some(last)) = (chain.first(), chain.last()) else {
            return;
        };
        let part = first.start..last.range().end;
        match parts(chain).as_slice() {
            // A possessive.
            [word] => self.visit(word, part),
            _ => self.visit_joined(&whole(chain), part),
        }
    }

    fn visit_groups(&mut self, runs: &[Run<'_>], start: usize) {
        for group in group_at(runs, start) {
            let part = runs[start].start..group.end;
            for word in group.words {
                self.visit_joined(&word, part.clone());
            }
        }
    }
}

/// Maximum number of parts of a word.
const MOST_PARTS: usize = 6;

/// The range of runs from `start` on that are joined into one word.
fn chain_at(runs: &[Run<'_>], start: usize) -> Range<usize> {
    let joined = runs[start + 1..].iter().take_while(|run| run.is_joined);
    let length = 1 + joined.count();
    start..start + length.min(MOST_PARTS)
}

/// The parts of a word, without the `s` of a possessive and without an elided article.
fn parts<'a>(chain: &[Run<'a>]) -> Vec<&'a str> {
    match chain {
        [first, second] if second.is_after_apostrophe => {
            if second.text == "s" {
                vec![first.text]
            } else if first.text.chars().count() <= 2 && second.text.len() > 2 {
                // An elided article, as in `l'œuf`.
                vec![second.text]
            } else {
                vec![first.text, second.text]
            }
        }
        _ => chain.iter().map(|run| run.text).collect(),
    }
}

fn whole(chain: &[Run<'_>]) -> String {
    chain.iter().map(|run| run.text).collect()
}

/// The ranges of all pairs of adjacent characters.
fn pairs<'a>(run: &'a Run<'_>) -> impl Iterator<Item = Range<usize>> + 'a {
    let starts = run.text.char_indices().map(|(start, _)| start);
    let ends = run.text.char_indices().skip(1);
    let ends = ends.map(|(start, second)| start + second.len_utf8());
    starts.zip(ends).map(|(start, end)| start..end)
}

#[cfg(test)]
mod tests;
