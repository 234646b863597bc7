//! Refused rows as a file, to be corrected and read again.

use eggypro_domain::imports::RefusedRow;

use crate::cells::{exact, guarded};
use crate::ours::write_cell;

/// The column of the errors. No format has a column of this name, so reading the file again ignores it.
const ERROR: &str = "error";

/// The column of the rows of a file without a header: the lines of JSON lines.
const LINE: &str = "line";

/// Writes refused rows as a table: the columns of their file, with the cells as they were read, and a column `error`.
///
/// A spreadsheet shows every cell as text, and reading the table again gives the same values. A row with more cells than
/// the header has the surplus ones after its errors, so that the others stay in their columns.
///
/// ```
/// use eggypro_domain::imports::{ImportError, RefusedRow};
/// use eggypro_exchange::ErrorsFile;
///
/// let header = ["sku", "price"].map(str::to_owned);
/// let error = ImportError::new(2, "price", "", "Price is required");
/// let row = RefusedRow::new(1, 2, vec!["EP-1".to_owned(), String::new()], vec![error]);
/// let (errors, mut file) = (ErrorsFile::new(&header), String::new());
/// errors.write_header(&mut file);
/// errors.write(&row, &mut file);
/// assert_eq!(file, "\u{feff}sku,price,error\r\nEP-1,,price: Price is required\r\n");
/// ```
#[derive(Debug, Clone)]
pub struct ErrorsFile {
    /// The index of each column in the rows, and its name.
    columns: Vec<(usize, String)>,
    /// How many cells of a row belong to columns.
    width: usize,
}

impl ErrorsFile {
    /// A file for the rows of a file with this header, which is empty for JSON lines. A column `error`, as in a file that
    /// was corrected before, is left out.
    pub fn new(header: &[String]) -> Self {
        let line = [LINE.to_owned()];
        let header = match header {
            [] => &line[..],
            header => header,
        };
        let columns = header.iter().enumerate();
        let columns = columns.filter(|(_, name)| *name != ERROR);
        Self {
            // A guard would hide the name, while `-` is ignored in names.
            columns: columns
                .map(|(at, name)| (at, name.trim_start_matches('-').to_owned()))
                .collect(),
            width: header.len(),
        }
    }

    /// Writes the names of the columns, after a byte order mark, without which Excel does not read a table as UTF-8.
    pub fn write_header(&self, file: &mut String) {
        file.push('\u{feff}');
        let names = self.columns.iter().map(|(_, name)| name.as_str());
        write_row(names.chain([ERROR]), file);
    }

    /// Writes a row with its errors.
    pub fn write(&self, row: &RefusedRow, file: &mut String) {
        let columns = self.columns.iter();
        let cells = columns.map(|(at, _)| row.cells.get(*at).map_or("", String::as_str));
        let errors = errors_of(row);
        let surplus = row.cells.iter().skip(self.width).map(String::as_str);
        write_row(cells.chain([errors.as_str()]).chain(surplus), file);
    }
}

/// Everything that is wrong with a row, as a text for people.
fn errors_of(row: &RefusedRow) -> String {
    let errors = row.errors.iter().map(|error| match error.column.as_str() {
        "" => error.message.clone(),
        column => format!("{column}: {}", error.message),
    });
    errors.collect::<Vec<_>>().join("; ")
}

/// Writes cells on a row. Each may have a guard already, which must not get a second one.
fn write_row<'a>(cells: impl Iterator<Item = &'a str>, file: &mut String) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            file.push(',');
        }
        write_cell(&guarded(exact(cell)), file);
    }
    file.push_str("\r\n");
}

#[cfg(test)]
mod tests;
