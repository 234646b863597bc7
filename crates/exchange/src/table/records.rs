use std::io::{self, BufRead};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::{MAX_COLUMNS, MAX_ROW};
use crate::record::ReadError;

/// The size of the first buffer for a row.
const FIRST_SIZE: usize = 8 * 1024;

/// Splits a text in rows of cells, within limits.
pub(super) struct Records<B> {
    text: B,
    reader: Reader,
    /// The cells of a row, one after the other.
    row: Vec<u8>,
    /// Where each cell ends.
    ends: Vec<usize>,
    /// The number of the last row, as spreadsheets show it: blank lines count, line breaks within cells do not.
    number: u64,
    /// Whether the last byte that was read is a CR, which an LF may follow.
    is_after_cr: bool,
}

/// The cells of a row.
#[derive(Debug)]
pub(super) struct Cells {
    /// The number of the row, from 1.
    pub(super) number: u64,
    pub(super) cells: Vec<String>,
    /// What ends the row.
    pub(super) end: RowEnd,
}

/// What ends a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowEnd {
    LineBreak,
    /// The file ends without a line break.
    File,
    /// The file ends, and the last quotation mark is not closed.
    OpenQuote,
}

impl Cells {
    pub(super) fn are_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

impl<B: BufRead> Records<B> {
    pub(super) fn new(text: B, delimiter: u8) -> Self {
        Self {
            text,
            // By default, a record ends at CRLF, LF or CR, and empty lines are skipped.
            reader: ReaderBuilder::new().delimiter(delimiter).build(),
            row: vec![0; FIRST_SIZE],
            ends: vec![0; MAX_COLUMNS],
            number: 0,
            is_after_cr: false,
        }
    }

    /// The next row; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Cells>, ReadError> {
        self.skip_blank_lines()?;
        self.number += 1;
        let (mut written, mut ended) = (0, 0);
        loop {
            let text = self.text.fill_buf()?;
            let is_end = text.is_empty();
            // A line break ends the last row, unless it stands in quotation marks.
            let text = if is_end { b"\n".as_slice() } else { text };
            let row = self.row.get_mut(written..).unwrap_or_default();
            let ends = self.ends.get_mut(ended..).unwrap_or_default();
            let (result, read, more_written, more_ended) = self.reader.read_record(text, row, ends);
            if !is_end {
                self.is_after_cr = text.get(..read).is_some_and(|read| read.ends_with(b"\r"));
                self.text.consume(read);
            }
            written += more_written;
            ended += more_ended;
            match result {
                ReadRecordResult::Record => {
                    let end = match is_end {
                        true => RowEnd::File,
                        false => RowEnd::LineBreak,
                    };
                    return Ok(Some(self.cells(written, ended, end)));
                }
                ReadRecordResult::InputEmpty if !is_end => {}
                ReadRecordResult::OutputFull => self.grow()?,
                ReadRecordResult::OutputEndsFull => return Err(too_many_columns(self.number)),
                ReadRecordResult::InputEmpty | ReadRecordResult::End => {
                    self.reader.reset();
                    let is_within_row = written > 0 || ended > 0;
                    return Ok(is_within_row.then(|| self.cells(written, ended, RowEnd::OpenQuote)));
                }
            }
        }
    }

    /// Counts the blank lines before the next row. The parser would skip them without a count.
    fn skip_blank_lines(&mut self) -> io::Result<()> {
        while let Some(first) = self.text.fill_buf()?.first().copied() {
            match first {
                // The second half of a CRLF.
                b'\n' if self.is_after_cr => {}
                b'\r' | b'\n' => self.number += 1,
                _ => return Ok(()),
            }
            self.is_after_cr = first == b'\r';
            self.text.consume(1);
        }
        Ok(())
    }

    /// Makes the buffer for a row larger.
    fn grow(&mut self) -> Result<(), ReadError> {
        if self.row.len() >= MAX_ROW {
            return Err(ReadError::TooLong { row: self.number });
        }
        let size = (self.row.len() * 2).min(MAX_ROW);
        self.row.resize(size, 0);
        Ok(())
    }

    fn cells(&self, written: usize, ended: usize, end: RowEnd) -> Cells {
        let row = self.row.get(..written).unwrap_or_default();
        // It is UTF-8, since the text is and cells end at ASCII characters.
        let row = String::from_utf8_lossy(row);
        let mut ends = self.ends.get(..ended).unwrap_or_default().to_vec();
        if end == RowEnd::OpenQuote {
            ends.push(written);
        }
        let mut start = 0;
        let cells = ends.into_iter().map(|end| {
            let cell = row.get(start..end).unwrap_or_default();
            start = end;
            cell.to_owned()
        });
        Cells {
            number: self.number,
            cells: cells.collect(),
            end,
        }
    }
}

fn too_many_columns(number: u64) -> ReadError {
    ReadError::not_a_table(format!("Row {number} has more than {MAX_COLUMNS} columns"))
}
