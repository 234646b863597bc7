use time::OffsetDateTime;

use super::{ImportId, ImportMode, ImportStatus};
use crate::products::Total;

/// An import to create.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewImport {
    /// The format of the file, such as `csv`, or `auto` if it is still to be found.
    pub format: String,
    /// Which rows are written.
    pub mode: ImportMode,
    /// Whether nothing is written, only counted and compared.
    pub is_dry_run: bool,
}

impl NewImport {
    /// An import that changes and creates products.
    pub fn new(format: impl Into<String>) -> Self {
        Self {
            format: format.into(),
            mode: ImportMode::Upsert,
            is_dry_run: false,
        }
    }
}

/// An import of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Import {
    /// The id.
    pub id: ImportId,
    /// The format of the file: the requested one until the file is opened, then the one that was found.
    pub format: String,
    /// Which rows are written.
    pub mode: ImportMode,
    /// Whether nothing is written, only counted and compared.
    pub is_dry_run: bool,
    /// The status.
    pub status: ImportStatus,
    /// The names of the columns as the file has them. Empty until the file is opened, and of a file without a header.
    pub header: Vec<String>,
    /// The number of its rows.
    pub counts: ImportCounts,
    /// Why it has [failed](ImportStatus::Failed), for people.
    pub failure: Option<String>,
    /// The time of creation.
    pub created_at: OffsetDateTime,
    /// When it ended.
    pub finished_at: Option<OffsetDateTime>,
}

impl Import {
    /// An import whose file is being received.
    pub fn new(id: ImportId, import: NewImport, created_at: OffsetDateTime) -> Self {
        Self {
            id,
            format: import.format,
            mode: import.mode,
            is_dry_run: import.is_dry_run,
            status: ImportStatus::Receiving,
            header: vec![],
            counts: ImportCounts::default(),
            failure: None,
            created_at,
            finished_at: None,
        }
    }
}

/// One page of the imports of a shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportPage {
    /// The imports, newest first.
    pub items: Vec<Import>,
    /// The number of all imports.
    pub total: Total,
    /// Whether there are older imports.
    pub has_more: bool,
}

/// How many rows of an import were read, and what became of them. A dry run counts what would become of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ImportCounts {
    /// All rows of the file, once their number is known.
    pub rows: Option<u64>,
    /// The rows that were read, the sum of the other counts. Each product of the file is one row here, also one that
    /// takes several lines.
    pub done: u64,
    /// Rows that created a product.
    pub created: u64,
    /// Rows that changed a product.
    pub updated: u64,
    /// Rows of products that are as the file says.
    pub unchanged: u64,
    /// Rows that were refused.
    pub failed: u64,
}

impl ImportCounts {
    /// Adds the counts of a batch. The number of all rows stays.
    pub fn add(&mut self, batch: &Self) {
        self.done += batch.done;
        self.created += batch.created;
        self.updated += batch.updated;
        self.unchanged += batch.unchanged;
        self.failed += batch.failed;
    }
}

/// What is known of a file once it was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedFile {
    /// The format that was found.
    pub format: String,
    /// The names of the columns; empty for a file without a header.
    pub header: Vec<String>,
    /// The number of rows, if they were counted.
    pub rows: Option<u64>,
}
