use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use time::OffsetDateTime;

use super::{
    Batch, Difference, Import, ImportCounts, ImportError, ImportId, ImportPage, ImportedFile,
    LeaseId, NewImport, RefusedRow,
};
use crate::StoreError;
use crate::changes::Origin;
use crate::products::PageSize;

/// An import that this server works on until its lease runs out.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Claim {
    /// The import as it was when it was claimed. Its next row is the one after [`done`](ImportCounts::done).
    pub import: Import,
    /// The number of chunks of its file.
    pub chunks: u32,
    /// The number of times it was claimed since its last batch was made, with this one.
    pub attempts: u32,
    /// The lease.
    pub lease: LeaseId,
    /// The origin of the changes that the import makes.
    pub origin: Arc<Origin>,
}

impl Claim {
    /// The first claim of an import.
    pub fn new(import: Import, chunks: u32, lease: LeaseId, origin: Arc<Origin>) -> Self {
        Self {
            import,
            chunks,
            attempts: 1,
            lease,
            origin,
        }
    }
}

/// Whether a batch was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commit {
    /// The first rows of the batch, of which there are [`done`](ImportCounts::done), were made and counted. If these are
    /// not all, the product of the next row has changed, or was created, since the row was compared with it: look the
    /// products of the other rows up again.
    Made(ImportCounts),
    /// The import is no longer this server's: it was cancelled, its lease was lost, or a batch with the same rows was
    /// made before. Nothing has changed.
    Lost,
}

/// How an import ends by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportEnd {
    /// Every row was read.
    Done,
    /// The file can't be read on, for this reason, which people read.
    Failed(String),
}

/// Stores imports with their files and what was found in them. Each call is atomic, and durable once it returns.
///
/// But for [`complete`](Self::complete), these calls are never part of a [`UnitOfWork`](crate::idempotency::UnitOfWork),
/// since a file takes longer to arrive than a transaction may last.
#[async_trait]
pub trait ImportRepository: Send + Sync {
    /// Creates an import whose file is then [appended](Self::append). The current
    /// [`Origin`] becomes that of its changes.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn create(&self, import: NewImport) -> Result<Import, StoreError>;

    /// Stores the chunk of a file with this number, from 0, in place of an earlier one with it. Its size is at most
    /// [`MAX_CHUNK`](super::MAX_CHUNK). Returns whether the import is being received.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn append(&self, import: ImportId, number: u32, bytes: Bytes)
    -> Result<bool, StoreError>;

    /// Ends the receiving of a file with this number of chunks, so that the import can be claimed. Returns the import as
    /// it is now; one that is not being received stays as it is. Part of the current
    /// [`UnitOfWork`](crate::idempotency::UnitOfWork), if there is one.
    ///
    /// # Errors
    /// If the store is unavailable, fails, or has lost a chunk.
    async fn complete(&self, import: ImportId, chunks: u32) -> Result<Option<Import>, StoreError>;

    /// The number of imports that have not ended.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn unfinished(&self) -> Result<u64, StoreError>;

    /// The import with this id.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn find(&self, import: ImportId) -> Result<Option<Import>, StoreError>;

    /// The imports, newest first, also those that are being received: those that are older than the import that was
    /// created at this time and has this id. Imports of the same time are in the order of their ids.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn list(
        &self,
        before: Option<(OffsetDateTime, ImportId)>,
        limit: PageSize,
    ) -> Result<ImportPage, StoreError>;

    /// Cancels an import. Returns the import as it is now; one that has ended stays as it is.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn cancel(&self, import: ImportId) -> Result<Option<Import>, StoreError>;

    /// The first errors of an import, in the order of its rows.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn errors(&self, import: ImportId, limit: u32) -> Result<Vec<ImportError>, StoreError>;

    /// The next refused rows after a [position](RefusedRow::position), in order: at most `limit`, and fewer if they are
    /// large. None if there are no more.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn refused_rows(
        &self,
        import: ImportId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<RefusedRow>, StoreError>;

    /// The first [`MAX_DIFFERENCES`](super::MAX_DIFFERENCES) differences of a dry run, in the order of its rows.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn differences(&self, import: ImportId) -> Result<Vec<Difference>, StoreError>;

    /// Claims the running import whose file arrived first, or only the given one, for this long. Two servers never claim
    /// the same. Except dry runs, imports run one after another, so that an older file never overwrites a newer one: there
    /// is none as long as an earlier one runs.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn claim(
        &self,
        only: Option<ImportId>,
        lease: Duration,
    ) -> Result<Option<Claim>, StoreError>;

    /// Makes a lease last this long from now on; no time gives it back. Returns whether the import is still this
    /// server's.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn renew(&self, claim: &Claim, lease: Duration) -> Result<bool, StoreError>;

    /// A chunk of a file; `None` also if the import has ended.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn chunk(&self, import: ImportId, number: u32) -> Result<Option<Bytes>, StoreError>;

    /// Records what is known of an opened file. Returns whether the import is still this server's.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn opened(&self, claim: &Claim, file: ImportedFile) -> Result<bool, StoreError>;

    /// Makes the rows of a batch in one transaction, each for itself and in order, with the origin of the import; counts
    /// them, and keeps their errors and differences. Each row sees what those before it have written.
    ///
    /// In a dry run, the products stay as they are. The rows of a batch still see what those before them in the batch
    /// would have written, but not what those of earlier batches would have.
    ///
    /// # Errors
    /// If the store is unavailable or fails. The outcome is unknown then; the same batch can be committed again, and is
    /// [`Lost`](Commit::Lost) if it was made.
    async fn commit(&self, claim: &Claim, batch: Batch) -> Result<Commit, StoreError>;

    /// Ends an import. Returns whether the import was still this server's.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn finish(&self, claim: &Claim, end: ImportEnd) -> Result<bool, StoreError>;

    /// Deletes at most `limit` chunks of the files of imports that have ended. Returns how many.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn delete_files(&self, limit: u32) -> Result<u64, StoreError>;

    /// Deletes at most `limit` imports that ended longer than [`RETENTION`](super::RETENTION) ago, or whose files have not
    /// arrived within [`UPLOAD_RETENTION`](super::UPLOAD_RETENTION), with all that belongs to them. Returns how many.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn delete_old(&self, limit: u32) -> Result<u64, StoreError>;
}
