//! JSON lines: on each line a product with the members of the API.

mod object;
mod product;
mod write;

use std::io::{BufRead, Read};

use serde::de::IgnoredAny;

pub(crate) use self::write::write;

use crate::encoding::Text;
use crate::format::Rows;
use crate::record::{ReadError, Row};
use crate::table::MAX_ROW;

/// Reads the products of a text.
pub(crate) fn rows(text: Text) -> Rows {
    Box::new(Reader {
        text,
        number: 0,
        is_done: false,
    })
}

struct Reader {
    text: Text,
    /// The number of the last line.
    number: u64,
    is_done: bool,
}

impl Iterator for Reader {
    type Item = Result<Row, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.is_done {
            match self.line() {
                Ok(None) => self.is_done = true,
                Ok(Some(line)) if line.trim().is_empty() => {}
                Ok(Some(line)) => {
                    return Some(Ok(Row {
                        number: self.number,
                        product: product::read(&line, self.number),
                        cells: vec![line],
                    }));
                }
                Err(error) => {
                    self.is_done = true;
                    return Some(Err(error));
                }
            }
        }
        None
    }
}

impl Reader {
    /// The next line, without its end.
    ///
    /// # Errors
    /// If it is too long, or the file ends within its JSON.
    fn line(&mut self) -> Result<Option<String>, ReadError> {
        let mut line = vec![];
        let limit = u64::try_from(MAX_ROW).unwrap_or(u64::MAX);
        let read = self
            .text
            .by_ref()
            .take(limit + 1)
            .read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        if read > MAX_ROW {
            return Err(ReadError::TooLong { row: self.number });
        }
        let line = String::from_utf8_lossy(&line);
        if !line.ends_with('\n') && is_cut(&line) {
            return Err(ReadError::CutOff { row: self.number });
        }
        Ok(Some(line.trim_end_matches(['\n', '\r']).to_owned()))
    }
}

/// Whether a line with text ends before its JSON does.
fn is_cut(line: &str) -> bool {
    // A character that is cut too has become a NUL.
    let line = line.trim_end_matches('\0');
    let json = serde_json::from_str::<IgnoredAny>(line);
    !line.trim().is_empty() && json.is_err_and(|error| error.is_eof())
}

#[cfg(test)]
mod tests;
