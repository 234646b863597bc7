//! Imports: files of products that are read and written in the background.
//!
//! A file is received in chunks, and then one server at a time claims the import for a short time, its *lease*. It reads
//! rows, finds the products of a batch of rows with [`find_by_codes`], and hands the batch to
//! [`commit`](ImportRepository::commit), which makes all operations, counts the rows and keeps the errors in one
//! transaction. So each row is written once, wherever a server stops: the next one begins after the last row that was
//! counted.
//!
//! The domain does not know the formats of files.
//!
//! [`find_by_codes`]: crate::products::ProductRepository::find_by_codes

mod batch;
mod difference;
mod error;
mod id;
mod import;
mod outcome;
mod refusal;
mod repository;
mod state;

pub use self::batch::{Batch, BatchRow, RowAction};
pub use self::difference::{
    Difference, DifferenceAction, FieldDifference, UnknownDifferenceAction,
};
pub use self::error::{ImportError, RefusedRow};
pub use self::id::{ImportId, InvalidImportId, LeaseId};
pub use self::import::{Import, ImportCounts, ImportPage, ImportedFile, NewImport};
pub use self::outcome::{BatchOutcome, PendingRow, RowChange};
pub use self::repository::{Claim, Commit, ImportEnd, ImportRepository};
pub use self::state::{ImportMode, ImportStatus, UnknownImportMode, UnknownImportStatus};

use std::time::Duration;

/// How long an import and its errors are kept after its end.
pub const RETENTION: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// How long a file that has not arrived completely is kept.
pub const UPLOAD_RETENTION: Duration = Duration::from_secs(24 * 60 * 60);

/// Maximum size of a chunk of a file, in bytes.
pub const MAX_CHUNK: usize = 1024 * 1024;

/// Maximum size of a file, in bytes.
pub const MAX_FILE: usize = 200 * 1024 * 1024;

/// Maximum number of imports that have not ended.
pub const MAX_UNFINISHED: u64 = 20;

/// Maximum number of rows of a batch.
pub const MAX_BATCH: usize = 1_000;

/// Maximum number of differences that a dry run keeps.
pub const MAX_DIFFERENCES: usize = 50;
