//! Highlights the matches of a query in products.

use std::collections::HashSet;
use std::ops::Range;

use eggypro_domain::products::{Highlight, Highlighter, Product};
use foldhash::fast::RandomState;

use crate::analysis::{self, Word};

/// Length of the fragment of a description, in bytes.
const FRAGMENT: usize = 300;

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

/// The fragment of a text with the most hits, cut between words.
fn fragment(text: &str, hits: &[Range<usize>]) -> Range<usize> {
    if text.len() <= FRAGMENT {
        return 0..text.len();
    }
    // The number of hits in the fragment that begins at each hit.
    let mut end = 0;
    let within = hits.iter().enumerate().map(|(index, hit)| {
        let is_within = |other: &Range<usize>| other.end <= hit.start + FRAGMENT;
        while hits.get(end).is_some_and(is_within) {
            end += 1;
        }
        (end - index.min(end), hit)
    });
    // The first of several fragments with the same number of hits.
    let best = within.fold(
        None,
        |best: Option<(usize, &Range<usize>)>, (count, hit)| match best {
            Some((most, _)) if most >= count => best,
            _ => Some((count, hit)),
        },
    );
    let best = best.map(|(_, hit)| hit);
    // Start a little before the hit, for context.
    let start = best.map_or(0, |hit| hit.start.saturating_sub(FRAGMENT / 6));
    let start = start.min(text.len() - FRAGMENT);
    let (start, end) = (
        text.ceil_char_boundary(start),
        text.floor_char_boundary(start + FRAGMENT),
    );
    let begin = match text[..start].ends_with(char::is_whitespace) || start == 0 {
        true => start,
        false => text[start..end]
            .find(char::is_whitespace)
            .map_or(start, |at| start + at),
    };
    let is_whole = end == text.len() || text[end..].starts_with(char::is_whitespace);
    let finish = match is_whole {
        true => end,
        false => text[begin..end]
            .rfind(char::is_whitespace)
            .map_or(end, |at| begin + at),
    };
    let (begin, finish) = match best {
        // Never cut a hit.
        Some(hit) => (begin.min(hit.start), finish.max(hit.end)),
        None => (begin, finish),
    };
    let part = &text[begin..finish];
    let begin = begin + part.len() - part.trim_start().len();
    begin..begin + part.trim().len()
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
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn marks(words: &[&str]) -> HighlightTerms {
        let mut marks = HighlightTerms::default();
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        marks.add(&words);
        marks
    }

    fn marked(text: &str, words: &[&str]) -> String {
        let hits = marks(words).hits(text, false);
        html(text, fragment(text, &hits), &hits)
    }

    #[test]
    fn matches_are_highlighted_in_every_script() {
        for (text, word, expected) in [
            ("Ёлка & ёж", "еж", "Ёлка &amp; <mark>ёж</mark>"),
            ("протеин йогурт", "иогурт", "протеин <mark>йогурт</mark>"),
            ("プロテインバー", "バー", "プロテイン<mark>バー</mark>"),
            ("계란 단백질바", "단백", "계란 <mark>단백</mark>질바"),
            ("1 kg Käse", "1000g", "<mark>1 kg</mark> Käse"),
            ("1 kg Käse", "kaese", "1 kg <mark>Käse</mark>"),
        ] {
            assert_eq!(marked(text, &[word]), expected, "{text}");
        }
    }

    #[test]
    fn fragment_with_most_hits_is_shown() {
        let text = format!("egg {} egg and egg. {}", "x ".repeat(300), "y ".repeat(300));
        let shown = marked(&text, &["egg"]);
        assert_eq!(shown.matches("<mark>").count(), 2);
        assert!(shown.len() < 400 && !shown.starts_with(' '));
    }

    proptest! {
        #[test]
        fn any_text_can_be_highlighted(text in ".{0,400}", long in "[a-zäёあ́̈ ,.'-]{250,600}") {
            for text in [text, long] {
                let words = analysis::words(&text);
                analysis::query_terms(&text);
                let found: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
                marked(&text, &found);
                marked(&text, &found[..found.len().min(3)]);
            }
        }
    }
}
