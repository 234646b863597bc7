//! Numbers that identify something: their digits are a text.

use eggypro_domain::Slug;
use eggypro_domain::products::{Gtin, InvalidGtin, Sku};

use super::guard::text;

/// A GTIN.
pub(crate) fn gtin(cell: &str) -> Result<Gtin, String> {
    let text = unquoted(text(cell));
    if is_shortened(&text) || text.ends_with(".0") {
        return Err(shortened("GTIN"));
    }
    let has_only_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let length = text.len();
    Gtin::try_from(text).map_err(|error| match error {
        InvalidGtin::Syntax if has_only_digits && (5..14).contains(&length) => format!(
            "{error}. If a spreadsheet has removed zeros at its start, format the column as text and enter the GTIN again"
        ),
        _ => error.to_string(),
    })
}

/// A SKU.
pub(crate) fn sku(cell: &str) -> Result<Sku, String> {
    let text = unquoted(text(cell));
    match is_shortened(&text) {
        true => Err(shortened("SKU")),
        false => Sku::try_from(text).map_err(|error| error.to_string()),
    }
}

/// A slug.
pub(crate) fn slug(cell: &str) -> Result<Slug, String> {
    Slug::try_from(text(cell)).map_err(|error| error.to_string())
}

fn shortened(label: &str) -> String {
    format!(
        "A spreadsheet has changed this number. Format the column as text and enter the {label} again"
    )
}

/// Whether a text is a number in the form that spreadsheets give to long ones: `4.00638E+12`.
fn is_shortened(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    exponent.strip_prefix('+').is_some_and(digits) && mantissa.split(['.', ',']).all(digits)
}

/// The digits of `="0123"` or `'0123`, which keep a spreadsheet from reading them as a number.
fn unquoted(text: String) -> String {
    let quoted = text.strip_prefix("=\"");
    let quoted = quoted.and_then(|rest| rest.strip_suffix('"'));
    let marked = || text.strip_prefix('\'');
    match quoted.or_else(marked) {
        Some(digits) => digits.to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gtins_are_read() {
        for cell in [
            "4006381333931",
            " 4006381333931 ",
            "=\"4006381333931\"",
            "'=\"4006381333931\"",
        ] {
            assert_eq!(gtin(cell).unwrap().as_str(), "4006381333931", "{cell}");
        }
    }

    #[test]
    fn shortened_numbers_are_refused_with_a_hint() {
        let hint = "A spreadsheet has changed this number. Format the column as text and enter the GTIN again";
        for cell in [
            "4.00638E+12",
            "4,00638E+12",
            "4E+12",
            "4.00638e+12",
            " 4.00638E+12",
        ] {
            assert_eq!(gtin(cell), Err(hint.to_owned()), "{cell}");
            assert_eq!(sku(cell), Err(hint.replace("GTIN", "SKU")), "{cell}");
        }
        let hint = "GTIN must have 8, 12, 13 or 14 digits. If a spreadsheet has removed zeros at its start, format the \
                    column as text and enter the GTIN again";
        assert_eq!(gtin("12345678901"), Err(hint.to_owned()));
    }

    #[test]
    fn other_texts_are_refused() {
        for (cell, expected) in [
            ("", "GTIN must have 8, 12, 13 or 14 digits"),
            ("4006381333932", "GTIN must end with the check digit 1"),
            (
                "4006381333931.0",
                "A spreadsheet has changed this number. Format the column as text and enter the GTIN again",
            ),
            ("E+1", "GTIN must have 8, 12, 13 or 14 digits"),
        ] {
            assert_eq!(gtin(cell), Err(expected.to_owned()), "{cell}");
        }
        assert_eq!(gtin("'4006381333931"), gtin("4006381333931"));
        assert!(sku("a b").is_err());
        assert_eq!(sku("4E12").unwrap().as_str(), "4E12");
        assert_eq!(sku("'-A").unwrap().as_str(), "-A");
        assert_eq!(slug(" eggs ").unwrap().as_str(), "eggs");
        assert!(slug("Eggs").is_err());
    }
}
