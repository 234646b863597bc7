//! Tables as spreadsheets save them: with commas, semicolons or tabs, any line ends and any common encoding.

mod columns;
mod dialect;
mod records;
mod row;

use std::io::{BufRead, Read};

use eggypro_domain::nfc;

pub(crate) use self::columns::{Column, Columns};
use self::dialect::Dialect;
use self::records::{Cells, Records, RowEnd};
pub(crate) use self::row::{Layout, RowCells};
use crate::cells::Numbers;
use crate::encoding::Text;
use crate::record::{ReadError, Row, RowError};

/// Maximum number of columns.
pub(crate) const MAX_COLUMNS: usize = 1_000;

/// Maximum length of the name of a column, in characters. Errors and answers repeat it.
const MAX_NAME: usize = 200;

/// Maximum length of a cell, in bytes.
const MAX_CELL: usize = 1024 * 1024;

/// Maximum length of a row or line, in bytes.
pub(crate) const MAX_ROW: usize = 2 * 1024 * 1024;

/// A table that is read row by row. It holds one row and a buffer.
pub(crate) struct Table {
    records: Records<Text>,
    /// The names of the columns as the file has them, without spaces around them.
    header: Vec<String>,
    /// The names by which columns are found.
    folded: Vec<String>,
    is_done: bool,
    dialect: Dialect,
    /// The complete rows of the first 64 KiB.
    sample: String,
}

/// Why a row can't be had.
#[derive(Debug)]
pub(crate) enum TableError {
    /// The row with these cells is wrong. The next one can be read.
    Row(RowError, Vec<String>),
    /// The reading ends.
    Read(ReadError),
}

impl TableError {
    /// The wrong row.
    ///
    /// # Errors
    /// If the reading ends.
    pub(crate) fn into_row(self) -> Result<Row, ReadError> {
        match self {
            Self::Row(error, cells) => Ok(Row {
                number: error.row,
                product: Err(vec![error]),
                cells,
            }),
            Self::Read(error) => Err(error),
        }
    }
}

impl Table {
    /// Opens a file and reads its header.
    ///
    /// # Errors
    /// If it is not a table, or can't be read.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "tests of the formats open tables")
    )]
    pub(crate) fn open(input: impl Read + Send + 'static) -> Result<Self, ReadError> {
        Self::of(Text::open(input)?)
    }

    /// Reads the header of a text.
    ///
    /// # Errors
    /// If it is not a table, or can't be read.
    pub(crate) fn of(mut text: Text) -> Result<Self, ReadError> {
        let (dialect, before) = Dialect::of(text.sample());
        text.consume(before);
        let sample = sample_of(&text);
        let mut records = Records::new(text, dialect.delimiter);
        let header = loop {
            match records.next()? {
                None => return Err(ReadError::not_a_table("The file is empty")),
                Some(cells) if cells.are_blank() => {}
                Some(cells) => break header_of(cells)?,
            }
        };
        Ok(Self {
            records,
            folded: header.iter().map(|name| folded(name)).collect(),
            header,
            is_done: false,
            dialect,
            sample,
        })
    }

    /// The names of the columns as the file has them, without spaces around them.
    pub(crate) fn header(&self) -> &[String] {
        &self.header
    }

    /// The index of a column by its name. Case and everything but letters and digits are ignored.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.columns(name).next()
    }

    /// The indices of all columns with a name.
    pub(crate) fn columns(&self, name: &str) -> impl Iterator<Item = usize> {
        let name = folded(name);
        let columns = self.folded.iter().enumerate();
        columns.filter_map(move |(at, folded)| (*folded == name).then_some(at))
    }

    /// The decimal mark of the numbers in some columns, as far as the first 64 KiB tell it.
    pub(crate) fn numbers(&self, columns: &[usize]) -> Numbers {
        let mut records = Records::new(self.sample.as_bytes(), self.dialect.delimiter);
        let mut numbers = Numbers::default();
        while let Ok(Some(row)) = records.next() {
            let cells = columns.iter().filter_map(|column| row.cells.get(*column));
            for mark in cells.filter_map(|cell| Numbers::mark_of(cell)) {
                if numbers.decimal_mark.is_some_and(|known| known != mark) {
                    // Both marks in one file tell nothing.
                    return Numbers::default();
                }
                numbers.decimal_mark = Some(mark);
            }
        }
        numbers
    }

    /// The next row that is not blank: its number and its cells, as many as the header has.
    pub(crate) fn next_row(&mut self) -> Option<Result<(u64, Vec<String>), TableError>> {
        while !self.is_done {
            match self.next_cells() {
                Ok(None) => self.is_done = true,
                Ok(Some(cells)) if cells.are_blank() => {}
                Ok(Some(cells)) => return Some(self.checked(cells)),
                Err(error) => {
                    self.is_done = true;
                    return Some(Err(TableError::Read(error)));
                }
            }
        }
        None
    }

    /// The cells of the next row.
    ///
    /// # Errors
    /// If they can't be read, or the file ends in the middle of them.
    fn next_cells(&mut self) -> Result<Option<Cells>, ReadError> {
        let Some(cells) = self.records.next()? else {
            return Ok(None);
        };
        match self.broken_end(&cells) {
            None => Ok(Some(cells)),
            Some(error) => Err(error),
        }
    }

    /// How the end of the file breaks a row.
    fn broken_end(&self, cells: &Cells) -> Option<ReadError> {
        let (row, count) = (cells.number, cells.cells.len());
        let is_line = count == 1 && cells.are_blank();
        match cells.end {
            RowEnd::OpenQuote => {
                let column = self.header.get(count.saturating_sub(1)).cloned();
                let column = column.unwrap_or_default();
                Some(ReadError::OpenQuote { row, column })
            }
            // Excel drops empty cells at the end of rows, but ends each row with a line break.
            RowEnd::File if count < self.header.len() && !is_line => {
                Some(ReadError::CutOff { row })
            }
            RowEnd::File | RowEnd::LineBreak => None,
        }
    }

    fn checked(&self, row: Cells) -> Result<(u64, Vec<String>), TableError> {
        if let Some(error) = self.error_of(&row) {
            return Err(TableError::Row(error, row.cells));
        }
        let mut cells = row.cells;
        cells.resize(self.header.len(), String::new());
        Ok((row.number, cells))
    }

    /// What is wrong with a row, whatever its columns mean.
    fn error_of(&self, row: &Cells) -> Option<RowError> {
        let error = |at: usize, message: &str| {
            let column = self.header.get(at).map_or("", String::as_str);
            let value = row.cells.get(at).map_or("", String::as_str);
            Some(RowError::new(row.number, column, value, message))
        };
        for (at, cell) in row.cells.iter().enumerate() {
            if cell.contains('\0') {
                let message =
                    "This has characters that can't be read. Save the file as CSV in UTF-8";
                return error(at, message);
            }
            if cell.len() > MAX_CELL {
                return error(at, "This is longer than 1 MiB");
            }
            if at >= self.header.len() && !cell.trim().is_empty() {
                let message = "This row has more cells than the header. Put cells that contain the separator in quotation marks";
                return error(at, message);
            }
        }
        None
    }
}

/// The rows of a text's sample that are complete.
fn sample_of(text: &Text) -> String {
    let sample = text.sample();
    let end = match text.ends_with_sample() {
        true => sample.len(),
        // A number in the last line may be cut.
        false => sample.rfind(['\n', '\r']).unwrap_or_default(),
    };
    sample.get(..end).unwrap_or_default().to_owned()
}

fn header_of(cells: Cells) -> Result<Vec<String>, ReadError> {
    if cells.end == RowEnd::OpenQuote {
        let reason = "A quotation mark in the header is not closed";
        return Err(ReadError::not_a_table(reason));
    }
    let names = cells.cells.iter();
    let mut names: Vec<String> = names
        .map(|name| name.trim_matches(is_around_names).to_owned())
        .collect();
    while names.last().is_some_and(String::is_empty) {
        names.pop();
    }
    if names.iter().any(|name| name.contains('\0')) {
        let reason = "The header has characters that can't be read. Save the file as CSV in UTF-8";
        return Err(ReadError::not_a_table(reason));
    }
    let is_long = |name: &String| name.chars().nth(MAX_NAME).is_some();
    match names.iter().position(is_long) {
        Some(at) => Err(ReadError::not_a_table(format!(
            "The name of column {} is longer than {MAX_NAME} characters. Check the quotation marks in the header, and that commas, semicolons or tabs separate the columns",
            at + 1
        ))),
        None => Ok(names),
    }
}

fn is_around_names(character: char) -> bool {
    character.is_whitespace() || character == '\u{feff}'
}

/// The form of a column's name in which names are compared.
pub(crate) fn folded(name: &str) -> String {
    let name = nfc(name).to_lowercase();
    name.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests;
