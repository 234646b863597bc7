//! Folds texts for comparison: lower case, no accents, one form of each character.

mod characters;

use std::ops::Range;

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

use self::characters::{follows, fraction, is_dropped, plain_letters};

/// A folded text with the position of each of its bytes in the source.
#[derive(Debug)]
pub(crate) struct Folded {
    pub(crate) text: String,
    /// The range of the source that each byte comes from; `None` if every byte has the same position in the source.
    sources: Option<Vec<Range<u32>>>,
    /// Positions of vowels that had an umlaut. An umlaut is also written as the vowel and `e`.
    umlauts: Vec<usize>,
}

impl Folded {
    pub(crate) fn of(source: &str) -> Self {
        if source.is_ascii() {
            return Self {
                text: source.to_ascii_lowercase(),
                sources: None,
                umlauts: vec![],
            };
        }
        let mut folded = Self {
            text: String::with_capacity(source.len()),
            sources: Some(Vec::with_capacity(source.len())),
            umlauts: vec![],
        };
        let mut rest = source;
        while let Some(first) = rest.chars().next() {
            let marks = &rest[first.len_utf8()..];
            let length: usize = marks
                .chars()
                .take_while(|character| follows(*character))
                .map(char::len_utf8)
                .sum();
            let length = first.len_utf8() + length;
            let start = source.len() - rest.len();
            folded.push(&rest[..length], start);
            rest = &rest[length..];
        }
        folded
    }

    /// The range of the source that a part of the folded text comes from.
    pub(crate) fn source(&self, part: Range<usize>) -> Range<usize> {
        let Some(sources) = &self.sources else {
            return part;
        };
        let of = |index: usize| sources.get(index);
        let last = part.end.saturating_sub(1);
        match (of(part.start), of(last)) {
            (Some(first), Some(last)) => first.start as usize..last.end as usize,
            _ => 0..0,
        }
    }

    /// A part of the text with each umlaut written as the vowel and `e`; `None` if it has no umlaut.
    pub(crate) fn without_umlauts(&self, part: Range<usize>) -> Option<String> {
        let inside = || self.umlauts.iter().filter(|at| part.contains(at));
        inside().next()?;
        let mut text = String::new();
        let mut done = part.start;
        for at in inside() {
            text.push_str(&self.text[done..=*at]);
            text.push('e');
            done = at + 1;
        }
        text.push_str(&self.text[done..part.end]);
        Some(text)
    }

    /// Folds a character with its combining marks.
    fn push(&mut self, cluster: &str, start: usize) {
        let source = start as u32..(start + cluster.len()) as u32;
        let mut put = |character: char, text: &mut String| {
            text.push(character);
            if let Some(sources) = &mut self.sources {
                sources.resize(text.len(), source.clone());
            }
        };
        if let [byte] = cluster.as_bytes() {
            put(char::from(byte.to_ascii_lowercase()), &mut self.text);
            return;
        }
        if let Some(fraction) = fraction(cluster) {
            if !self.text.ends_with(|last: char| last.is_ascii_digit()) {
                put('0', &mut self.text);
            }
            fraction.chars().for_each(|c| put(c, &mut self.text));
            return;
        }
        let decomposed = NFKD.normalize(cluster);
        if decomposed.contains('\u{308}') && decomposed.starts_with(['a', 'o', 'u', 'A', 'O', 'U'])
        {
            self.umlauts.push(self.text.len());
        }
        let plain: String = decomposed.chars().filter(|c| !is_dropped(*c)).collect();
        for character in NFC.normalize(&plain).chars().flat_map(char::to_lowercase) {
            match plain_letters(character) {
                Some(letters) => letters.chars().for_each(|c| put(c, &mut self.text)),
                None => put(character, &mut self.text),
            }
        }
    }
}

const NFKD: DecomposingNormalizerBorrowed<'static> = DecomposingNormalizerBorrowed::new_nfkd();
const NFC: ComposingNormalizerBorrowed<'static> = ComposingNormalizerBorrowed::new_nfc();

#[cfg(test)]
mod tests;
