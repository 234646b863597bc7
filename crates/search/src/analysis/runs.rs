use std::ops::Range;

/// Adjacent letters and digits, or adjacent characters of a script without spaces.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run<'a> {
    pub(super) text: &'a str,
    pub(super) start: usize,
    pub(super) kind: RunKind,
    /// Whether exactly one hyphen, underscore, point or apostrophe separates it from the previous run.
    pub(super) is_joined: bool,
    pub(super) is_after_apostrophe: bool,
    /// Whether exactly one space or hyphen does.
    pub(super) is_after_space: bool,
    /// Whether a space or a comma does, as in lists.
    pub(super) is_listed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RunKind {
    Letters,
    Unspaced,
}

impl Run<'_> {
    pub(super) fn range(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }
}

/// The runs of a folded text.
pub(super) fn runs(text: &str) -> Vec<Run<'_>> {
    let mut runs: Vec<Run<'_>> = Vec::with_capacity(text.len() / 5);
    while let Some((start, kind)) = next_start(text, runs.last().map_or(0, |run| run.range().end)) {
        let separator = match runs.last() {
            Some(last) => &text.as_bytes()[last.range().end..start],
            None => &[],
        };
        let is_letters =
            kind == RunKind::Letters && runs.last().is_none_or(|last| last.kind == kind);
        runs.push(Run {
            text: &text[start..start + length(&text[start..], kind)],
            start,
            kind,
            is_joined: is_letters && matches!(separator, [b'-' | b'_' | b'.' | b'\'']),
            is_after_apostrophe: is_letters && separator == b"'",
            is_after_space: matches!(separator, [b' ' | b'-']),
            is_listed: matches!(separator, [b' ' | b',' | b'-'] | [b',', b' ']),
        });
    }
    runs
}

/// The start and kind of the next run from a position on.
fn next_start(text: &str, from: usize) -> Option<(usize, RunKind)> {
    let mut at = from;
    loop {
        let byte = *text.as_bytes().get(at)?;
        // Most texts are ASCII, where no character has to be decoded.
        if is_letter_or_digit(byte) {
            return Some((at, RunKind::Letters));
        }
        if byte.is_ascii() {
            at += 1;
            continue;
        }
        let character = text[at..].chars().next()?;
        if let Some(kind) = kind(character) {
            return Some((at, kind));
        }
        at += character.len_utf8();
    }
}

/// The length of the run at the beginning of a text. A number keeps its decimal separator.
fn length(text: &str, of: RunKind) -> usize {
    let bytes = text.as_bytes();
    let (mut has_point, mut end) = (false, 0);
    loop {
        if of == RunKind::Letters {
            let letters = bytes[end..].iter();
            end += letters
                .take_while(|byte| is_letter_or_digit(**byte))
                .count();
        }
        match bytes.get(end) {
            None => break,
            Some(byte) if byte.is_ascii() => {
                let is_point = matches!(byte, b'.' | b',')
                    && of == RunKind::Letters
                    && !has_point
                    && bytes.get(end + 1).is_some_and(u8::is_ascii_digit)
                    && bytes[..end].iter().all(u8::is_ascii_digit);
                if !is_point {
                    break;
                }
                has_point = true;
                end += 1;
            }
            Some(_) => {
                let character = text[end..].chars().next();
                let character = character.filter(|character| kind(*character) == Some(of));
                let Some(character) = character else { break };
                end += character.len_utf8();
            }
        }
    }
    end
}

/// Whether a byte of a folded text, which has no capital letters, is an ASCII letter or digit.
#[inline]
fn is_letter_or_digit(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'0'..=b'9')
}

fn kind(character: char) -> Option<RunKind> {
    if character.is_ascii() {
        return character
            .is_ascii_alphanumeric()
            .then_some(RunKind::Letters);
    }
    match character {
        '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{30fa}'
        | '\u{30fc}'..='\u{30ff}'
        | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{e00}'..='\u{eff}'
        | '\u{20000}'..='\u{3ffff}' => Some(RunKind::Unspaced),
        _ => character.is_alphanumeric().then_some(RunKind::Letters),
    }
}
