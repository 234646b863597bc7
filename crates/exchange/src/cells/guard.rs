//! The formula guard: a `'` before a text that a spreadsheet would calculate.
//!
//! Source: OWASP, CSV Injection.

use std::borrow::Cow;

/// The characters with which a formula begins, also after a spreadsheet has removed a tab or a line break.
const FORMULA: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\n'];

/// The cell without its guard and without white space around it.
pub(crate) fn text(cell: &str) -> String {
    exact(cell).trim().to_owned()
}

/// The cell without its guard.
pub(crate) fn exact(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if needs_guard(text) => text,
        _ => cell,
    }
}

/// The cell of a text, which a spreadsheet does not calculate. Its [`exact`] text is the same.
pub(crate) fn guarded(text: &str) -> Cow<'_, str> {
    match needs_guard(text) {
        true => Cow::Owned(format!("'{text}")),
        false => Cow::Borrowed(text),
    }
}

/// Whether a text begins like a formula, or like a guard.
fn needs_guard(text: &str) -> bool {
    text.starts_with(FORMULA) || text.starts_with('\'')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_are_guarded() {
        for (plain, cell) in [
            ("", ""),
            ("a", "a"),
            ("=1+1", "'=1+1"),
            ("+49", "'+49"),
            ("-5", "'-5"),
            ("@x", "'@x"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("'n Brot", "''n Brot"),
            ("'=1", "''=1"),
            ("a=1", "a=1"),
        ] {
            assert_eq!(guarded(plain), cell);
            assert_eq!(exact(cell), plain);
        }
    }

    #[test]
    fn apostrophes_of_others_stay() {
        assert_eq!(exact("'n Brot"), "'n Brot");
        assert_eq!(exact("'"), "'");
        assert_eq!(text("  a b\u{a0}"), "a b");
    }

    proptest! {
        #[test]
        fn a_guard_is_undone(text in "['=+@\t\r\n -]{0,4}.*") {
            let cell = guarded(&text);
            prop_assert_eq!(exact(&cell), text.as_str());
            prop_assert!(!cell.starts_with(FORMULA));
        }
    }
}
