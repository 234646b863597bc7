use std::fmt::Display;
use std::io;

/// Maximum length of a value that an error repeats, in characters.
pub(crate) const MAX_VALUE: usize = 200;

/// Something that is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RowError {
    /// The number of the row.
    pub row: u64,
    /// The column as the file names it; empty if the row as a whole is wrong. Of JSON lines, the path of the member.
    pub column: String,
    /// The cell, at most 200 characters.
    pub value: String,
    /// What is wrong, and how to mend it, as a sentence without a full stop.
    pub message: String,
}

impl RowError {
    /// An error of a cell. Only the first 200 characters of the value are kept.
    pub fn new(row: u64, column: &str, value: &str, message: impl Display) -> Self {
        Self {
            row,
            column: column.to_owned(),
            value: value.chars().take(MAX_VALUE).collect(),
            message: message.to_string(),
        }
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
}

impl ReadError {
    pub(crate) fn not_a_table(reason: impl Into<String>) -> Self {
        let reason = reason.into();
        Self::NotATable { reason }
    }
}
