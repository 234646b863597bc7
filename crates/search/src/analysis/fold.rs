//! Folds texts for comparison: lower case, no accents, one form of each character.

use std::ops::Range;

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;

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

/// Whether a character combines with the one before it.
fn follows(character: char) -> bool {
    // Half-width sound marks are letters in Unicode.
    matches!(character, '\u{ff9e}' | '\u{ff9f}')
        || (!character.is_ascii() && category(character) == GeneralCategory::NonspacingMark)
}

/// Whether a character is dropped. Japanese sound marks are kept, since they change the letter.
fn is_dropped(character: char) -> bool {
    match character {
        '\u{3099}' | '\u{309a}' => false,
        // The Arabic tatweel, which only stretches words.
        '\u{640}' => true,
        _ if character.is_ascii() => false,
        _ => matches!(
            category(character),
            GeneralCategory::NonspacingMark | GeneralCategory::Format
        ),
    }
}

fn category(character: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(character)
}

/// The usual replacement of letters and signs that have no decomposition.
fn plain_letters(character: char) -> Option<&'static str> {
    Some(match character {
        'œ' => "oe",
        'æ' => "ae",
        'ß' => "ss",
        'þ' => "th",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'ı' => "i",
        'ς' => "σ",
        '×' => "x",
        '’' | 'ʼ' | '‘' | '`' | '´' => "'",
        '‐' | '‑' | '‒' | '–' | '—' | '−' => "-",
        _ => return None,
    })
}

fn fraction(cluster: &str) -> Option<&'static str> {
    Some(match cluster {
        "½" => ".5",
        "¼" => ".25",
        "¾" => ".75",
        "⅓" => ".33",
        "⅔" => ".67",
        "⅛" => ".125",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        Folded::of(text).text
    }

    #[test]
    fn equivalent_characters_are_equal() {
        for (one, other) in [
            ("BRÛLÉE", "brulee"),
            ("Œuf", "oeuf"),
            ("ΣΟΦΟΣ", "σοφος".replace('ς', "σ").as_str()),
            ("ıspanak", "ispanak"),
            ("İspanak", "ispanak"),
            ("ﾊﾞﾅﾅ", "バナナ"),
            ("й", "и"),
            ("مُحَمَّد", "محمد"),
            ("½ kg", "0.5 kg"),
            ("1½", "1.5"),
            ("단백질", "단백질"),
        ] {
            assert_eq!(folded(one), folded(other), "{one}");
        }
        assert_ne!(folded("が"), folded("か"));
    }

    #[test]
    fn parts_map_to_their_source() {
        let text = "Crème œuf";
        let folded = Folded::of(text);
        assert_eq!(folded.text, "creme oeuf");
        assert_eq!(&text[folded.source(0..5)], "Crème");
        assert_eq!(&text[folded.source(6..10)], "œuf");
        assert_eq!(&text[folded.source(6..7)], "œ");
        let cheese = Folded::of("Käse");
        assert_eq!(cheese.without_umlauts(0..4).as_deref(), Some("kaese"));
        assert_eq!(Folded::of("Kase").without_umlauts(0..4), None);
    }
}
