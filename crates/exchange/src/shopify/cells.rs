//! The cells of one row.

use std::fmt::Display;

use eggypro_domain::{Decimal, nfc};

use super::columns::{Column, Columns};
use crate::cells;
use crate::record::RowError;

/// Maximum length of a cell that is repeated in an error, in characters.
const MAX_VALUE: usize = 200;

/// An error of a row.
pub(super) fn row_error(row: u64, column: &str, value: &str, message: impl Display) -> RowError {
    RowError {
        row,
        column: column.to_owned(),
        value: value.chars().take(MAX_VALUE).collect(),
        message: message.to_string(),
    }
}

/// Reads the cells of a row and collects its errors.
#[derive(Debug)]
pub(super) struct RowCells<'a> {
    columns: &'a Columns,
    number: u64,
    cells: &'a [String],
    /// What is wrong so far.
    pub(super) errors: Vec<RowError>,
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

    /// Whether the file has a column.
    pub(super) fn has(&self, column: Column) -> bool {
        self.columns.has(column)
    }

    /// The text of a cell in Unicode's normalization form C; `None` if it is empty or the file does not have the column.
    pub(super) fn text(&self, column: Column) -> Option<String> {
        let text = cells::text(self.columns.cell(self.cells, column)?);
        (!text.is_empty()).then(|| nfc(&text).into_owned())
    }

    /// The text of a cell on one line.
    pub(super) fn line(&self, column: Column) -> Option<String> {
        let text = self.text(column)?;
        Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// The value of a cell; `None` if there is no text or it is wrong, which is reported.
    pub(super) fn read<T, E: Display>(
        &mut self,
        column: Column,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let text = self.text(column)?;
        match read(&text) {
            Ok(value) => Some(value),
            Err(message) => {
                self.refuse(column, message);
                None
            }
        }
    }

    /// The number of a cell.
    pub(super) fn decimal(&mut self, column: Column) -> Option<Decimal> {
        let numbers = self.columns.numbers;
        self.read(column, |text| cells::decimal(text, numbers))
    }

    /// The whole number of a cell.
    pub(super) fn whole(&mut self, column: Column) -> Option<i64> {
        let numbers = self.columns.numbers;
        self.read(column, |text| cells::whole(text, numbers))
    }

    /// Reports that a cell is wrong.
    pub(super) fn refuse(&mut self, column: Column, message: impl Display) {
        let value = self.columns.cell(self.cells, column).unwrap_or_default();
        let name = self.columns.name(column);
        self.errors
            .push(row_error(self.number, name, value, message));
    }

    /// Whether the row describes a variant, not only a picture.
    pub(super) fn has_variant(&self) -> bool {
        use Column::{Barcode, Option1Value, Option2Value, Option3Value, Price, Sku};

        let mut columns = [
            Option1Value,
            Option2Value,
            Option3Value,
            Sku,
            Price,
            Barcode,
        ]
        .into_iter();
        columns.any(|column| self.text(column).is_some())
    }
}
