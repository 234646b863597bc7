use std::io::BufRead;

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
}

/// The cells of a row.
#[derive(Debug)]
pub(super) struct Cells {
    pub(super) cells: Vec<String>,
    /// Whether the last quotation mark is closed.
    pub(super) is_closed: bool,
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
        }
    }

    /// The next row; `None` at the end. `number` is for errors.
    pub(super) fn next(&mut self, number: u64) -> Result<Option<Cells>, ReadError> {
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
                self.text.consume(read);
            }
            written += more_written;
            ended += more_ended;
            match result {
                ReadRecordResult::Record => return Ok(Some(self.cells(written, ended, true))),
                ReadRecordResult::InputEmpty if !is_end => {}
                ReadRecordResult::OutputFull if self.row.len() < MAX_ROW => {
                    let size = (self.row.len() * 2).min(MAX_ROW);
                    self.row.resize(size, 0);
                }
                ReadRecordResult::OutputFull => return Err(ReadError::TooLong { row: number }),
                ReadRecordResult::OutputEndsFull => return Err(too_many_columns(number)),
                ReadRecordResult::InputEmpty | ReadRecordResult::End => {
                    self.reader.reset();
                    let is_within_row = written > 0 || ended > 0;
                    return Ok(is_within_row.then(|| self.cells(written, ended, false)));
                }
            }
        }
    }

    fn cells(&self, written: usize, ended: usize, is_closed: bool) -> Cells {
        let row = self.row.get(..written).unwrap_or_default();
        // It is UTF-8, since the text is and cells end at ASCII characters.
        let row = String::from_utf8_lossy(row);
        let mut ends = self.ends.get(..ended).unwrap_or_default().to_vec();
        if !is_closed {
            ends.push(written);
        }
        let mut start = 0;
        let cells = ends.into_iter().map(|end| {
            let cell = row.get(start..end).unwrap_or_default();
            start = end;
            cell.to_owned()
        });
        Cells {
            cells: cells.collect(),
            is_closed,
        }
    }
}

fn too_many_columns(number: u64) -> ReadError {
    ReadError::not_a_table(format!("Row {number} has more than {MAX_COLUMNS} columns"))
}
