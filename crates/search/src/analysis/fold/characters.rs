//! Characters that are folded in their own way.

use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;

/// Whether a character combines with the one before it.
pub(super) fn follows(character: char) -> bool {
    // Half-width sound marks are letters in Unicode.
    matches!(character, '\u{ff9e}' | '\u{ff9f}')
        || (!character.is_ascii() && category(character) == GeneralCategory::NonspacingMark)
}

/// Whether a character is dropped. Japanese sound marks are kept, since they change the letter.
pub(super) fn is_dropped(character: char) -> bool {
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
pub(super) fn plain_letters(character: char) -> Option<&'static str> {
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

pub(super) fn fraction(cluster: &str) -> Option<&'static str> {
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
