#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

mod cells;
mod encoding;
mod export;
mod format;
mod html;
mod ndjson;
mod ours;
mod record;
mod shopify;
mod table;
mod woocommerce;

pub use export::{ExportFormat, WriteError};
pub use format::{File, Format, Rows, UnknownFormat, read};
pub use record::{FieldError, ReadError, Record, Row, RowError};
