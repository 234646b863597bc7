use std::borrow::Cow;
use std::fmt::Display;
use std::io;

/// Maximum length of a column and of a value that an error repeats, in characters.
const MAX_VALUE: usize = 200;

/// Maximum length of a text that a message quotes, in characters.
const MAX_QUOTED: usize = 100;

/// Something that is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RowError {
    /// The number of the row.
    pub row: u64,
    /// The column as the file names it; empty if the row as a whole is wrong. Of JSON lines, the path of the member. At
    /// most 200 characters.
    pub column: String,
    /// The cell, at most 200 characters.
    pub value: String,
    /// What is wrong, and how to mend it, as a sentence without a full stop.
    pub message: String,
}

impl RowError {
    /// An error of a cell. Only the first 200 characters of the column and of the value are kept.
    pub fn new(row: u64, column: &str, value: &str, message: impl Display) -> Self {
        Self {
            row,
            column: repeated(column),
            value: repeated(value),
            message: message.to_string(),
        }
    }
}

/// A column or a value as an error repeats it: its first 200 characters.
pub(crate) fn repeated(text: &str) -> String {
    text.chars().take(MAX_VALUE).collect()
}

/// A text of a file as a message quotes it. Of a long one, which may be a whole cell, the first characters.
pub(crate) fn quoted(text: &str) -> Cow<'_, str> {
    let end = text.char_indices().nth(MAX_QUOTED);
    match end.and_then(|(end, _)| text.get(..end)) {
        Some(start) => Cow::Owned(format!("{start}…")),
        None => Cow::Borrowed(text),
    }
}

/// A field that a new product lacks, or that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FieldError {
    /// The path of the field in the API, such as `price`.
    pub field: String,
    /// The rule, for people.
    pub message: String,
}

/// Why a file can't be read on. It ends the reading.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The input failed.
    #[error("The file can't be read")]
    Io(#[from] io::Error),
    /// The file is not a table that can be read.
    #[error("{reason}")]
    NotATable {
        /// What it is instead, and how to mend it.
        reason: String,
    },
    /// A row, or a line of JSON lines, is too long.
    #[error(
        "Row {row} is longer than 2 MiB. If it should not be, a quotation mark in it is not closed"
    )]
    TooLong {
        /// The number of the row.
        row: u64,
    },
    /// A quotation mark is not closed. The rows after it can't be told from its cell.
    #[error(
        "A quotation mark in row {row}{} is not closed, so the rest of the file was read as one cell",
        in_column(column)
    )]
    OpenQuote {
        /// The number of the row.
        row: u64,
        /// The column of the cell; empty if it has none.
        column: String,
    },
    /// The file ends within a row or a line.
    #[error(
        "The file ends in the middle of row {row}, as after a broken transfer. If the row is complete, add a line break after it"
    )]
    CutOff {
        /// The number of the row.
        row: u64,
    },
}

fn in_column(name: &str) -> String {
    match name {
        "" => String::new(),
        name => format!(", column {},", quoted(name)),
    }
}

impl ReadError {
    pub(crate) fn not_a_table(reason: impl Into<String>) -> Self {
        let reason = reason.into();
        Self::NotATable { reason }
    }
}
