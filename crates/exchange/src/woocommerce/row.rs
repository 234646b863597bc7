use std::fmt::Display;

use eggypro_domain::nfc;

use super::columns::{Column, Columns};
use crate::cells;
use crate::record::RowError;

/// Maximum length of a cell that is repeated in an error, in characters.
const MAX_VALUE: usize = 200;

/// Maximum number of errors of a row. The others come when these are mended.
const MAX_ERRORS: usize = 50;

/// Reads the cells of a row and collects its errors.
#[derive(Debug)]
pub(super) struct RowCells<'a> {
    columns: &'a Columns,
    number: u64,
    cells: &'a [String],
    errors: Vec<RowError>,
}

impl<'a> RowCells<'a> {
    pub(super) fn new(columns: &'a Columns, number: u64, cells: &'a [String]) -> Self {
        Self {
            columns,
            number,
            cells,
            errors: vec![],
        }
    }

    /// The number of the row.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    pub(super) fn columns(&self) -> &'a Columns {
        self.columns
    }

    /// Whether the file has a column.
    pub(super) fn has(&self, column: Column) -> bool {
        self.columns.at(column).is_some()
    }

    /// The text of a cell; `None` if the file does not have the column.
    pub(super) fn text(&self, column: Column) -> Option<String> {
        self.text_at(self.columns.at(column)?)
    }

    /// The text of a cell; `None` if it is empty.
    pub(super) fn given(&self, column: Column) -> Option<String> {
        self.text(column).filter(|text| !text.is_empty())
    }

    /// The text of the cell with an index.
    pub(super) fn text_at(&self, at: usize) -> Option<String> {
        let cell = self.cells.get(at)?;
        Some(nfc(&cells::text(cell)).into_owned())
    }

    /// The value of a cell: `Some(None)` for an empty one, `None` without the column. A wrong value is reported.
    pub(super) fn read<T, E: Display>(
        &mut self,
        column: Column,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<Option<T>> {
        let text = self.text(column)?;
        if text.is_empty() {
            return Some(None);
        }
        match read(&text) {
            Ok(value) => Some(Some(value)),
            Err(message) => {
                self.refuse(column, message);
                None
            }
        }
    }

    /// Reports that a cell is wrong.
    pub(super) fn refuse(&mut self, column: Column, message: impl Display) {
        let columns = self.columns;
        self.report(columns.at(column), columns.name(column), message);
    }

    /// Reports that the cell with an index is wrong.
    pub(super) fn refuse_at(&mut self, at: usize, message: impl Display) {
        let columns = self.columns;
        let name = columns.name_at(at).unwrap_or_default();
        self.report(Some(at), name, message);
    }

    /// Reports that the row as a whole is wrong.
    pub(super) fn refuse_row(&mut self, message: impl Display) {
        self.report(None, "", message);
    }

    fn report(&mut self, at: Option<usize>, column: &str, message: impl Display) {
        if self.errors.len() >= MAX_ERRORS {
            return;
        }
        let value = at.and_then(|at| self.cells.get(at));
        let value = value.map(|value| value.chars().take(MAX_VALUE).collect::<String>());
        self.errors.push(RowError {
            row: self.number,
            column: column.to_owned(),
            value: value.unwrap_or_default(),
            message: message.to_string(),
        });
    }

    /// Whether nothing is wrong so far.
    pub(super) fn is_valid(&self) -> bool {
        self.errors.is_empty()
    }

    pub(super) fn into_errors(self) -> Vec<RowError> {
        self.errors
    }
}
