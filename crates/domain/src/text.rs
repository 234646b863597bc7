//! Validation of texts that people enter.

use std::borrow::Cow;

use garde::Error;
use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::CodePointSetData;
use icu_properties::props::DefaultIgnorableCodePoint;

/// Converts a text to Unicode's normalization form C, in which all texts are stored: `e` and an accent become `é` ([UAX
/// #15](https://www.unicode.org/reports/tr15/)).
///
/// ```
/// assert_eq!(eggypro_domain::nfc("Cafe\u{301}"), "Café");
/// ```
pub fn nfc(text: &str) -> Cow<'_, str> {
    const NFC: ComposingNormalizerBorrowed<'static> = ComposingNormalizerBorrowed::new_nfc();
    NFC.normalize(text)
}

/// A text of 1 to `max` characters that may contain line breaks and tabs.
pub(crate) fn lines(label: &'static str, max: usize) -> impl Fn(&str, &()) -> garde::Result {
    move |value, _| {
        bounded(label, max, value)?;
        without(label, value, "control characters", |character| {
            character.is_control() && !matches!(character, '\n' | '\r' | '\t')
        })
    }
}

/// A text of 1 to `max` characters without line breaks.
pub(crate) fn line(label: &'static str, max: usize) -> impl Fn(&str, &()) -> garde::Result {
    move |value, _| {
        bounded(label, max, value)?;
        without(label, value, "control characters", |character| {
            character.is_control() || matches!(character, '\u{2028}' | '\u{2029}')
        })
    }
}

/// A name of 1 to `max` characters without line breaks. It has a visible character and no invisible ones, so two
/// different names never look alike because of invisible characters.
pub(crate) fn name(label: &'static str, max: usize) -> impl Fn(&str, &()) -> garde::Result {
    move |value, context| {
        line(label, max)(value, context)?;
        without(label, value, "invisible characters", is_invisible)?;
        let is_seen = |character: char| !character.is_whitespace() && !is_presentation(character);
        if value.chars().any(is_seen) {
            Ok(())
        } else {
            Err(Error::new(format_args!("{label} is required")))
        }
    }
}

/// A text of 1 to `max` characters in normalization form C.
pub(crate) fn bounded(label: &str, max: usize, value: &str) -> garde::Result {
    if value.is_empty() {
        return Err(Error::new(format_args!("{label} is required")));
    }
    // Compare bytes first, since counting the characters of a huge text is slow.
    if value.len() > max && value.chars().count() > max {
        return Err(Error::new(format_args!("{label} too long")));
    }
    without_nul(label, value)?;
    if nfc(value) == value {
        Ok(())
    } else {
        let rule = "must be in Unicode's normalization form C";
        Err(Error::new(format_args!("{label} {rule}")))
    }
}

pub(crate) fn without_nul(label: &str, value: &str) -> garde::Result {
    without(label, value, "NUL characters", |character| {
        character == '\0'
    })
}

fn without(
    label: &str,
    value: &str,
    what: &str,
    is_refused: impl Fn(char) -> bool,
) -> garde::Result {
    if value.chars().any(is_refused) {
        Err(Error::new(format_args!("{label} must not contain {what}")))
    } else {
        Ok(())
    }
}

/// Characters without a width, those that change the direction of others, and the empty Braille pattern.
fn is_invisible(character: char) -> bool {
    let is = CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character);
    is && !is_presentation(character) || character == '\u{2800}'
}

/// Whether a character selects the text or emoji style of the previous one.
fn is_presentation(character: char) -> bool {
    matches!(character, '\u{fe0e}' | '\u{fe0f}')
}

#[cfg(test)]
mod tests;
