//! The formats that products are written in.

use std::fmt;

use eggypro_domain::Slug;
use eggypro_domain::products::Product;

use crate::{Format, ndjson, ours};

/// A format that products are written in. What is written can be [read](crate::read) again without a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExportFormat {
    /// A table in UTF-8, with commas.
    Csv,
    /// JSON lines: on each line a product, as the API takes it.
    Ndjson,
}

/// A product can't be written.
#[derive(Debug, thiserror::Error)]
#[error("The product {slug} can't be written")]
pub struct WriteError {
    slug: Slug,
    source: serde_json::Error,
}

impl ExportFormat {
    /// All formats.
    pub const ALL: [Self; 2] = [Self::Csv, Self::Ndjson];

    /// The format as it is read.
    pub fn format(self) -> Format {
        match self {
            Self::Csv => Format::Csv,
            Self::Ndjson => Format::Ndjson,
        }
    }

    /// The name in the API, which is also the ending of a file's name.
    pub fn as_str(self) -> &'static str {
        self.format().as_str()
    }

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Ndjson => "application/x-ndjson",
        }
    }

    /// Writes what stands before the products. A table begins with a byte order mark, without which Excel does not read
    /// it as UTF-8, and with the names of its columns.
    pub fn write_header(self, file: &mut String) {
        if self == Self::Csv {
            file.push('\u{feff}');
            ours::write_header(file);
        }
    }

    /// Writes a product on its line or row. The product must have all its categories, also inactive ones, since reading
    /// the file replaces them.
    ///
    /// # Errors
    /// If a value has no JSON. No value that a shop stores is such.
    pub fn write(self, product: &Product, file: &mut String) -> Result<(), WriteError> {
        match self {
            Self::Csv => ours::write(product, file),
            Self::Ndjson => ndjson::write(product, file).map_err(|source| WriteError {
                slug: product.slug.clone(),
                source,
            })?,
        }
        Ok(())
    }
}

impl fmt::Display for ExportFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
