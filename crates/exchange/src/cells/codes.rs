//! Numbers that identify something: their digits are a text.

use eggypro_domain::Slug;
use eggypro_domain::products::{Gtin, InvalidGtin, Sku};

use super::guard::text;

/// A GTIN.
pub(crate) fn gtin(cell: &str) -> Result<Gtin, String> {
    let text = unquoted(text(cell));
    if is_shortened(&text) || is_float(&text) {
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
    let text = text(cell);
    if is_float(&text) {
        return Err("A program has made a decimal number of this. Format the column as text and enter the SKU again; if the SKU is right, write ' before it".to_owned());
    }
    let text = unquoted(text);
    match is_shortened(&text) {
        true => Err(shortened("SKU")),
        false => Sku::try_from(text).map_err(|error| error.to_string()),
    }
}

/// Writes a SKU. One that reading would take for a damaged number is marked as text.
pub(crate) fn write_sku(sku: &Sku, cell: &mut String) {
    if is_float(sku.as_str()) {
        cell.push('\'');
    }
    cell.push_str(sku.as_str());
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
    exponent.strip_prefix('+').is_some_and(is_digits) && mantissa.split(['.', ',']).all(is_digits)
}

/// Whether a text is a whole number with zeros as decimals: `1001.0`. Programs write it for `1001` if other cells of the
/// column are empty.
fn is_float(text: &str) -> bool {
    let Some((whole, zeros)) = text.split_once(['.', ',']) else {
        return false;
    };
    let are_zeros = zeros.bytes().all(|byte| byte == b'0');
    is_digits(whole) && are_zeros && !zeros.is_empty()
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
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
mod tests;
