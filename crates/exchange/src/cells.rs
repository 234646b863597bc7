//! The values of cells, as people and spreadsheets write them.
//!
//! Every function takes the cell as it was read, and undoes the formula guard. Errors are messages for people.

mod codes;
mod content;
mod guard;
mod list;
mod number;
mod time;

pub(crate) use self::codes::{gtin, sku, slug, write_sku};
pub(crate) use self::content::{content, write_content};
pub(crate) use self::guard::{exact, guarded, text};
pub(crate) use self::list::{MAX_ENTRIES, entries, join, list, words};
pub(crate) use self::number::{Numbers, decimal, whole};
pub(crate) use self::time::{in_utc, time, write_time};

/// Yes or no.
pub(crate) fn flag(cell: &str) -> Result<bool, String> {
    match text(cell).to_lowercase().as_str() {
        "true" | "yes" | "y" | "1" | "wahr" | "ja" => Ok(true),
        "false" | "no" | "n" | "0" | "falsch" | "nein" => Ok(false),
        _ => Err("This is neither yes nor no: write true or false".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_read_as_spreadsheets_write_them() {
        for cell in ["true", "TRUE", " Yes ", "1", "WAHR", "ja"] {
            assert_eq!(flag(cell), Ok(true), "{cell}");
        }
        for cell in ["false", "FALSE", "no", "0", "Falsch", "NEIN"] {
            assert_eq!(flag(cell), Ok(false), "{cell}");
        }
        for cell in ["", "2", "on", "truee"] {
            assert!(flag(cell).is_err(), "{cell}");
        }
    }
}
