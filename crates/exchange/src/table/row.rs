use std::fmt::Display;

use eggypro_domain::nfc;

use super::columns::{Column, Columns};
use crate::cells;
use crate::record::RowError;

/// Maximum number of errors of a row. The others come when these are mended.
const MAX_ERRORS: usize = 50;

/// Where a format of another shop finds its fields in a file.
pub(crate) trait Layout {
    /// Its columns.
    type Column: Column;

    /// Which of them the file has.
    fn columns(&self) -> &Columns<Self::Column>;
}

/// Reads the cells of a row and collects its errors.
#[derive(Debug)]
pub(crate) struct RowCells<'a, L> {
    layout: &'a L,
    number: u64,
    cells: &'a [String],
    /// What is wrong so far.
    pub(crate) errors: Vec<RowError>,
}

impl<'a, L: Layout> RowCells<'a, L> {
    pub(crate) fn new(layout: &'a L, number: u64, cells: &'a [String]) -> Self {
        Self {
            layout,
            number,
            cells,
            errors: vec![],
        }
    }

    pub(crate) fn layout(&self) -> &'a L {
        self.layout
    }

    /// The number of the row.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// The cells as they were read.
    pub(crate) fn cells(&self) -> &'a [String] {
        self.cells
    }

    /// Whether the file has a column.
    pub(crate) fn has(&self, column: L::Column) -> bool {
        self.layout.columns().has(column)
    }

    /// The text of a cell in Unicode's normalization form C; `None` if the file does not have the column.
    pub(crate) fn cell(&self, column: L::Column) -> Option<String> {
        self.cell_at(self.layout.columns().at(column)?)
    }

    /// The text of the cell with an index.
    pub(crate) fn cell_at(&self, at: usize) -> Option<String> {
        let cell = self.cells.get(at)?;
        Some(nfc(&cells::text(cell)).into_owned())
    }

    /// The text of a cell; `None` if it is empty.
    pub(crate) fn text(&self, column: L::Column) -> Option<String> {
        self.cell(column).filter(|text| !text.is_empty())
    }

    /// The text of a cell on one line; `None` if it is empty.
    pub(crate) fn line(&self, column: L::Column) -> Option<String> {
        let text = self.text(column)?;
        Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// The value of a cell; `None` if it is empty or wrong, which is reported.
    pub(crate) fn read<T, E: Display>(
        &mut self,
        column: L::Column,
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

    /// The value of a field that an empty cell empties; `None` if the file does not have the column.
    pub(crate) fn nullable<T, E: Display>(
        &mut self,
        column: L::Column,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<Option<T>> {
        self.has(column).then(|| self.read(column, read))
    }

    /// Reports that a cell is wrong.
    pub(crate) fn refuse(&mut self, column: L::Column, message: impl Display) {
        let columns = self.layout.columns();
        self.report(columns.at(column), columns.name(column), message);
    }

    /// Reports that the cell with an index is wrong.
    pub(crate) fn refuse_at(&mut self, at: usize, message: impl Display) {
        let name = self.layout.columns().name_at(at).unwrap_or_default();
        self.report(Some(at), name, message);
    }

    /// Reports that the row as a whole is wrong.
    pub(crate) fn refuse_row(&mut self, message: impl Display) {
        self.report(None, "", message);
    }

    fn report(&mut self, at: Option<usize>, column: &str, message: impl Display) {
        if self.errors.len() >= MAX_ERRORS {
            return;
        }
        let value = at.and_then(|at| self.cells.get(at));
        let value = value.map_or("", String::as_str);
        let error = RowError::new(self.number, column, value, message);
        if !self.errors.contains(&error) {
            self.errors.push(error);
        }
    }

    /// Whether nothing is wrong so far.
    pub(crate) fn is_valid(&self) -> bool {
        self.errors.is_empty()
    }
}
