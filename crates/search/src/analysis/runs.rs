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
    let (mut runs, mut at, mut end) = (Vec::with_capacity(text.len() / 5), 0, 0);
    while let Some(first) = text[at..].chars().next() {
        let Some(kind) = kind(first) else {
            at += first.len_utf8();
            continue;
        };
        let length = length(&text[at..], kind);
        let between = if runs.is_empty() {
            "\n"
        } else {
            &text[end..at]
        };
        let is_letters =
            kind == RunKind::Letters && runs.last().is_none_or(|last: &Run<'_>| last.kind == kind);
        runs.push(Run {
            text: &text[at..at + length],
            start: at,
            kind,
            is_joined: is_letters && matches!(between, "-" | "_" | "." | "'"),
            is_after_apostrophe: is_letters && between == "'",
            is_after_space: matches!(between, " " | "\u{a0}" | "-"),
            is_listed: matches!(between, " " | ", " | "," | "-"),
        });
        at += length;
        end = at;
    }
    runs
}

/// The length of the run at the beginning of a text. A number keeps its decimal separator.
fn length(text: &str, of: RunKind) -> usize {
    let bytes = text.as_bytes();
    let (mut has_point, mut end) = (false, 0);
    while let Some(byte) = bytes.get(end) {
        if byte.is_ascii_alphanumeric() && of == RunKind::Letters {
            end += 1;
        } else if byte.is_ascii() {
            let is_point = matches!(byte, b'.' | b',')
                && of == RunKind::Letters
                && !has_point
                && bytes[..end].iter().all(u8::is_ascii_digit)
                && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
            if !is_point {
                break;
            }
            has_point = true;
            end += 1;
        } else {
            let character = text[end..].chars().next();
            let Some(character) = character.filter(|character| kind(*character) == Some(of)) else {
                break;
            };
            end += character.len_utf8();
        }
    }
    end
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
