#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

mod cells;
mod encoding;
mod errors_file;
mod export;
mod format;
mod html;
mod ndjson;
mod ours;
mod plain_name;
mod record;
mod seen;
mod shopify;
mod table;
mod woocommerce;

pub use errors_file::ErrorsFile;
pub use export::{ExportFormat, WriteError};
pub use format::{File, Format, Rows, UnknownFormat, read};
pub use record::{FieldError, ReadError, Record, Row, RowError};
