//! What cells of several columns have in common.

use std::fmt::Display;

use eggypro_domain::{Price, nfc};

use crate::cells::{self, Numbers};

/// The text of a cell, in Unicode's normalization form C. White space at its ends stays, since a product may have it.
pub(super) fn text(cell: &str) -> String {
    nfc(cells::exact(cell)).into_owned()
}

/// A text that may be missing.
pub(super) fn nullable_text(cell: &str) -> Option<String> {
    Some(text(cell)).filter(|text| !text.is_empty())
}

/// A value that may be missing.
pub(super) fn nullable<T>(
    cell: &str,
    read: impl FnOnce(&str) -> Result<T, String>,
) -> Result<Option<T>, String> {
    match cell.trim().is_empty() {
        true => Ok(None),
        false => read(cell).map(Some),
    }
}

/// A text that is required.
pub(super) fn required_text(label: &str, cell: &str) -> Result<Option<String>, String> {
    match nullable_text(cell) {
        Some(text) => Ok(Some(text)),
        None => Err(format!("{label} is required")),
    }
}

/// Refuses a blank cell.
pub(super) fn required(label: &str, cell: &str) -> Result<(), String> {
    match cell.trim().is_empty() {
        true => Err(format!("{label} is required")),
        false => Ok(()),
    }
}

/// A price. Its rules begin with the name of the field.
pub(super) fn price(label: &str, cell: &str, numbers: Numbers) -> Result<Price, String> {
    let amount = cells::decimal(cell, numbers)?;
    Price::try_from(amount).map_err(|rule| {
        let rule = rule.to_string();
        format!("{label}{}", rule.strip_prefix("Price").unwrap_or(&rule))
    })
}

/// The texts of a list, in Unicode's normalization form C.
pub(super) fn texts(cell: &str) -> Vec<String> {
    let texts = cells::list(cell).into_iter();
    texts.map(|text| nfc(&text).into_owned()).collect()
}

/// Writes a value that may be missing.
pub(super) fn write(value: Option<impl Display>, cell: &mut String) {
    if let Some(value) = value {
        cell.push_str(&value.to_string());
    }
}
