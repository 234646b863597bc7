/// Maximum length of a column's name and of a cell in an error, in characters.
const MAX_TEXT: usize = 200;

/// Maximum length of a message, in characters.
const MAX_MESSAGE: usize = 1_000;

/// Something that is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImportError {
    /// The number of the row in the file.
    pub row: u64,
    /// The column as the file names it, or the field of the API; empty if the row as a whole is wrong.
    pub column: String,
    /// The cell, maybe shortened.
    pub value: String,
    /// What is wrong, for people.
    pub message: String,
}

impl ImportError {
    /// An error of a cell. Only the beginning of long texts is kept, since a file may have a million errors.
    pub fn new(
        row: u64,
        column: impl Into<String>,
        value: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            row,
            column: storable(shortened(column.into(), MAX_TEXT)),
            value: storable(shortened(value.into(), MAX_TEXT)),
            message: storable(shortened(message.into(), MAX_MESSAGE)),
        }
    }
}

/// A row that was not written, with everything that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RefusedRow {
    /// Its position among the rows that were read, from 1. It grows in the order of the file.
    pub position: u64,
    /// The number of the row in the file.
    pub number: u64,
    /// Its cells as they were read, in the order of the header.
    pub cells: Vec<String>,
    /// The errors.
    pub errors: Vec<ImportError>,
}

impl RefusedRow {
    /// A refused row.
    pub fn new(position: u64, number: u64, cells: Vec<String>, errors: Vec<ImportError>) -> Self {
        Self {
            position,
            number,
            cells: cells.into_iter().map(storable).collect(),
            errors,
        }
    }
}

fn shortened(mut text: String, most: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(most) {
        text.truncate(end);
    }
    text
}

/// A text without NUL characters, which PostgreSQL can't store.
fn storable(text: String) -> String {
    match text.contains('\0') {
        true => text.replace('\0', "\u{fffd}"),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_have_no_nul_characters_and_are_short() {
        let error = ImportError::new(2, "na\0me", "\0", "no\0");
        assert_eq!(
            (error.column.as_str(), error.value.as_str()),
            ("na\u{fffd}me", "\u{fffd}")
        );
        assert_eq!(error.message, "no\u{fffd}");
        let long = "é".repeat(5_000);
        let short = ImportError::new(2, &*long, &*long, &*long);
        assert_eq!(short.column.chars().count(), 200);
        assert_eq!(short.message.chars().count(), 1_000);
        let row = RefusedRow::new(1, 2, vec!["a\0".into(), "b".into()], vec![error]);
        assert_eq!(row.cells, ["a\u{fffd}", "b"]);
    }
}
