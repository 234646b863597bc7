//! Highlights the matches of a query in products.

mod fragment;

use std::collections::HashSet;
use std::ops::Range;

use eggypro_domain::products::{Highlight, Highlighter, Product};
use foldhash::fast::RandomState;

use self::fragment::fragment;
use crate::analysis::{self, Word};

/// The words that a query matches.
#[derive(Debug, Default, Clone)]
pub(crate) struct HighlightTerms {
    words: HashSet<String, RandomState>,
    prefix: Option<String>,
    /// Whether the prefix matches words of descriptions as well as of names.
    is_prefix_for_texts: bool,
}

impl HighlightTerms {
    pub(crate) fn add<'a>(&mut self, words: impl IntoIterator<Item = &'a String>) {
        self.words.extend(words.into_iter().cloned());
    }

    pub(crate) fn set_prefix(&mut self, prefix: &str, is_for_texts: bool) {
        self.prefix = Some(prefix.to_owned());
        self.is_prefix_for_texts = is_for_texts;
    }

    fn matches(&self, word: &Word, is_name: bool) -> bool {
        if self.words.contains(word.text.as_str()) {
            return true;
        }
        // In a compound, the part with the prefix is highlighted alone.
        let may_begin = !word.is_joined && (is_name || self.is_prefix_for_texts);
        let prefix = self.prefix.as_ref().filter(|_| may_begin);
        prefix.is_some_and(|prefix| word.text.starts_with(prefix.as_str()))
    }

    /// The ranges of all matches, in order, overlapping ones merged.
    fn hits(&self, text: &str, is_name: bool) -> Vec<Range<usize>> {
        let words = analysis::words(text).into_iter();
        let hits = words.filter(|word| self.matches(word, is_name));
        let mut hits: Vec<_> = hits.map(|word| word.source).collect();
        hits.sort_by_key(|hit| (hit.start, hit.end));
        let mut merged: Vec<Range<usize>> = Vec::with_capacity(hits.len());
        for hit in hits {
            match merged.last_mut() {
                Some(last) if hit.start <= last.end => last.end = last.end.max(hit.end),
                _ => merged.push(hit),
            }
        }
        merged
    }
}

impl Highlighter for HighlightTerms {
    fn highlight(&self, product: &Product) -> Highlight {
        let (name, text) = (product.name.as_str(), product.description.as_str());
        let hits = self.hits(text, false);
        Highlight {
            name: html(name, 0..name.len(), &self.hits(name, true)),
            description: html(text, fragment(text, &hits), &hits),
        }
    }
}

/// A part of a text as HTML, with hits in `<mark>`.
fn html(text: &str, part: Range<usize>, hits: &[Range<usize>]) -> String {
    let mut html = String::with_capacity(part.len() + 32);
    let mut at = part.start;
    for hit in hits {
        if hit.start < at || hit.end > part.end {
            continue;
        }
        escape(&text[at..hit.start], &mut html);
        html.push_str("<mark>");
        escape(&text[hit.clone()], &mut html);
        html.push_str("</mark>");
        at = hit.end;
    }
    escape(&text[at..part.end], &mut html);
    html
}

fn escape(text: &str, html: &mut String) {
    for character in text.chars() {
        match character {
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '&' => html.push_str("&amp;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
}

#[cfg(test)]
mod tests;
