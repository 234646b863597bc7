//! The formats that can be read.

use std::fmt;
use std::io::Read;
use std::str::FromStr;

use crate::encoding::Text;
use crate::record::{ReadError, Row};
use crate::table::Table;
use crate::{ndjson, ours, shopify, woocommerce};

/// A format of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// A table with the columns of this shop.
    Csv,
    /// JSON lines: on each line a product, as the API takes it.
    Ndjson,
    /// Shopify's product CSV.
    Shopify,
    /// WooCommerce's product CSV.
    WooCommerce,
}

/// A text is not a [`Format`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Format must be one of {}", Format::ALL.map(Format::as_str).join(", "))]
pub struct UnknownFormat;

/// A file that is read.
pub struct File {
    /// The format.
    pub format: Format,
    /// The names of the columns as the file has them, without spaces around them. JSON lines have none.
    pub header: Vec<String>,
    /// The rows.
    pub rows: Rows,
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("File");
        fields
            .field("format", &self.format)
            .field("header", &self.header);
        fields.finish_non_exhaustive()
    }
}

/// The rows of a file. After an error there are no more.
pub type Rows = Box<dyn Iterator<Item = Result<Row, ReadError>> + Send>;

impl Format {
    /// All formats.
    pub const ALL: [Self; 4] = [Self::Csv, Self::Ndjson, Self::Shopify, Self::WooCommerce];

    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
            Self::Shopify => "shopify",
            Self::WooCommerce => "woocommerce",
        }
    }

    /// The format of a table, by its header.
    fn of(table: &Table) -> Self {
        if shopify::is_header(table) {
            Self::Shopify
        } else if woocommerce::is_header(table) {
            Self::WooCommerce
        } else {
            Self::Csv
        }
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        let mut all = Self::ALL.into_iter();
        all.find(|format| format.as_str() == name)
            .ok_or(UnknownFormat)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Reads a file. Without a format, it is found from the first bytes and the header.
///
/// The file is read while the rows are taken. At most one row, and a buffer, are in memory; of Shopify's files also the
/// rows of one product, of WooCommerce's also the variable products.
///
/// # Errors
/// If the file is not in the format, or can't be read.
pub fn read(input: impl Read + Send + 'static, format: Option<Format>) -> Result<File, ReadError> {
    let text = Text::open(input)?;
    let first = text.sample().trim_start().chars().next();
    if format == Some(Format::Ndjson) || format.is_none() && first == Some('{') {
        return Ok(File {
            format: Format::Ndjson,
            header: vec![],
            rows: ndjson::rows(text),
        });
    }
    if first == Some('[') {
        let reason = "This looks like a JSON array. Write one product a line, without the brackets and commas around them";
        return Err(ReadError::not_a_table(reason));
    }
    let table = Table::of(text)?;
    let format = format.unwrap_or_else(|| Format::of(&table));
    let header = table.header().to_vec();
    let rows = match format {
        Format::Csv | Format::Ndjson => ours::rows(table)?,
        Format::Shopify => shopify::rows(table)?,
        Format::WooCommerce => woocommerce::rows(table)?,
    };
    Ok(File {
        format,
        header,
        rows,
    })
}

#[cfg(test)]
mod tests;
