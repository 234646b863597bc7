use super::{Difference, ImportError};
use crate::products::ProductOperation;

/// Rows of a file, in the order of the file, that are written together.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The number of rows that were done before it. If the import has another one, the batch is not made.
    pub after: u64,
    /// The rows, at most [`MAX_BATCH`](super::MAX_BATCH).
    pub rows: Vec<BatchRow>,
}

/// A row of a batch.
#[derive(Debug, Clone)]
pub struct BatchRow {
    /// The number of the row in the file.
    pub number: u64,
    /// Its cells, which are kept if it is refused.
    pub cells: Vec<String>,
    /// What to do.
    pub action: RowAction,
    /// In a dry run, what the action would change.
    pub difference: Option<Difference>,
}

/// What is to be done for a row.
#[derive(Debug, Clone)]
#[expect(
    clippy::large_enum_variant,
    reason = "a batch is short, and nearly all its rows have an operation"
)]
pub enum RowAction {
    /// Makes an operation. A change should expect the revision that the row was compared with.
    Write(ProductOperation),
    /// Nothing: the product is as the row says.
    Keep,
    /// The row is wrong, for at least one reason.
    Refuse(Vec<ImportError>),
}
