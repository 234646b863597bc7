//! Runs imports.

use std::sync::Arc;
use std::time::Duration;

use eggypro_domain::StoreError;
use eggypro_domain::imports::{
    Batch, BatchRow, Claim, Commit, ImportEnd, ImportId, ImportRepository, ImportedFile,
    MAX_DIFFERENCES,
};
use eggypro_domain::products::{ProductCodes, ProductRepository};
use eggypro_exchange::{File, Format, ReadError, read};
use tokio::sync::{mpsc, watch};
use tokio::task;
use tokio::time::MissedTickBehavior;

use crate::batches::{self, CodedRow};
use crate::compare::Comparison;
use crate::file::Reading;

/// How long an import stays claimed without a sign of life. After a crash, another server goes on then.
const LEASE: Duration = Duration::from_secs(20);

/// Interval of the signs of life.
const RENEWAL: Duration = Duration::from_secs(5);

/// How often an import is claimed without a batch in between. A file that ends the process of a server must not end one
/// server after another.
const MAX_ATTEMPTS: u32 = 5;

/// How often a row is compared anew because its product has changed meanwhile.
const MAX_COMPARISONS: u32 = 3;

/// Runs imports: reads their files and writes their rows.
#[derive(Clone)]
pub struct Importer {
    imports: Arc<dyn ImportRepository>,
    products: Arc<dyn ProductRepository>,
}

impl std::fmt::Debug for Importer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Importer").finish_non_exhaustive()
    }
}

/// Why a run ends before the last row.
#[derive(Debug, thiserror::Error)]
enum Interruption {
    /// The server stops.
    #[error("the server stops")]
    Stop,
    /// The import was cancelled, or another server has it.
    #[error("the import is another server's, or cancelled")]
    Lost,
    /// The file can't be read on, for this reason, which people read.
    #[error("{0}")]
    File(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ReadError> for Interruption {
    fn from(error: ReadError) -> Self {
        match error {
            // The file lies in the store.
            ReadError::Io(error) => StoreError::Unavailable(error.to_string()).into(),
            error => Self::File(error.to_string()),
        }
    }
}

impl Importer {
    /// An importer of the files and products of these stores.
    pub fn new(imports: Arc<dyn ImportRepository>, products: Arc<dyn ProductRepository>) -> Self {
        Self { imports, products }
    }

    /// Claims an import, this one or the oldest that no server works on, and works on it until it ends, or until `stop`
    /// is true; then it is given back. Returns its id; `None` if there was none.
    ///
    /// To be called within a runtime. The file is read on a thread for blocking work.
    ///
    /// # Errors
    /// If the store is unavailable or fails. The import can be claimed again after its lease, which takes some seconds,
    /// and goes on where it was.
    pub async fn run_next(
        &self,
        only: Option<ImportId>,
        stop: &mut watch::Receiver<bool>,
    ) -> Result<Option<ImportId>, StoreError> {
        let Some(claim) = self.imports.claim(only, LEASE).await? else {
            return Ok(None);
        };
        let run = Run {
            importer: self,
            claim: &claim,
            reading: Reading::default(),
        };
        let work = async {
            if claim.attempts > MAX_ATTEMPTS {
                let reason =
                    "The import was begun several times and stopped each time at the same row";
                return Err(Interruption::File(reason.to_owned()));
            }
            run.work().await
        };
        let result = tokio::select! {
            result = work => result,
            () = run.keep() => Err(Interruption::Lost),
            _ = stop.wait_for(|stops| *stops) => Err(Interruption::Stop),
        };
        run.end(result).await?;
        Ok(Some(claim.import.id))
    }
}

/// The work on a claimed import. The threads that read its file end with it.
struct Run<'a> {
    importer: &'a Importer,
    claim: &'a Claim,
    reading: Reading,
}

impl Run<'_> {
    /// Renews the lease until the import is no longer this server's.
    async fn keep(&self) {
        let mut times = tokio::time::interval(RENEWAL);
        times.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            times.tick().await;
            if let Ok(false) = self.importer.imports.renew(self.claim, LEASE).await {
                return;
            }
        }
    }

    /// Reads the file once to its end, so that one that is broken changes nothing, and then writes its rows.
    async fn work(&self) -> Result<(), Interruption> {
        if self.claim.import.counts.rows.is_none() {
            let file = self.look_through().await?;
            if !self.importer.imports.opened(self.claim, file).await? {
                return Err(Interruption::Lost);
            }
        }
        self.write_rows().await
    }

    async fn look_through(&self) -> Result<ImportedFile, Interruption> {
        let (input, format) = (self.open(), self.format());
        let looked_through = task::spawn_blocking(move || {
            let File {
                format,
                header,
                mut rows,
            } = read(input, format)?;
            let count = rows.try_fold(0, |count: u64, row| row.map(|_| count + 1))?;
            Ok::<_, ReadError>(ImportedFile {
                format: format.as_str().to_owned(),
                header,
                rows: Some(count),
            })
        });
        let file = looked_through.await.map_err(|_| unreadable())??;
        match file.rows {
            Some(0) => Err(Interruption::File("The file has no rows".to_owned())),
            _ => Ok(file),
        }
    }

    async fn write_rows(&self) -> Result<(), Interruption> {
        let (input, format) = (self.open(), self.format());
        let mut done = self.claim.import.counts.done;
        let (sender, mut received) = mpsc::channel(1);
        let reader = task::spawn_blocking(move || {
            let file = read(input, format)?;
            batches::send(file.rows, done, &sender)
        });
        let mut differences = 0;
        while let Some(rows) = received.recv().await {
            done = self.write_batch(rows, done, &mut differences).await?;
        }
        Ok(reader.await.map_err(|_| unreadable())??)
    }

    /// Writes rows after those that are done. Returns how many are done then. A row whose product changes between the
    /// comparison and the write is compared again.
    async fn write_batch(
        &self,
        mut rows: Vec<CodedRow>,
        mut done: u64,
        differences: &mut usize,
    ) -> Result<u64, Interruption> {
        let mut comparisons = 0;
        while !rows.is_empty() {
            comparisons += 1;
            let is_unconditional = comparisons > MAX_COMPARISONS;
            let compared = self.compare(&rows, is_unconditional, differences).await?;
            let batch = Batch {
                after: done,
                rows: compared,
            };
            let commit = self.importer.imports.commit(self.claim, batch).await?;
            let Commit::Made(counts) = commit else {
                return Err(Interruption::Lost);
            };
            let made = usize::try_from(counts.done).unwrap_or(usize::MAX);
            rows.drain(..made.min(rows.len()));
            done += counts.done;
            if made > 0 {
                comparisons = 0;
            }
        }
        Ok(done)
    }

    async fn compare(
        &self,
        rows: &[CodedRow],
        is_unconditional: bool,
        differences: &mut usize,
    ) -> Result<Vec<BatchRow>, Interruption> {
        let import = &self.claim.import;
        let codes: Vec<ProductCodes> = rows.iter().map(|row| row.codes.clone()).collect();
        let found = self.importer.products.find_by_codes(&codes).await?;
        let compared = rows.iter().zip(&found).map(|(row, found)| {
            let comparison = Comparison {
                mode: import.mode,
                tells_differences: import.is_dry_run && *differences < MAX_DIFFERENCES,
                is_unconditional,
            };
            let row = comparison.of(row, found.as_ref());
            *differences += usize::from(row.difference.is_some());
            row
        });
        Ok(compared.collect())
    }

    fn open(&self) -> crate::file::ChunkReader {
        self.reading.open(&self.importer.imports, self.claim)
    }

    /// The format of the file; `None` if it is still to be found.
    fn format(&self) -> Option<Format> {
        self.claim.import.format.parse().ok()
    }

    async fn end(&self, result: Result<(), Interruption>) -> Result<(), StoreError> {
        let imports = &self.importer.imports;
        let id = self.claim.import.id;
        let end = match result {
            Ok(()) => ImportEnd::Done,
            Err(Interruption::File(reason)) => ImportEnd::Failed(reason),
            Err(Interruption::Lost) => {
                tracing::info!(%id, "an import was cancelled, or goes on elsewhere");
                return Ok(());
            }
            Err(Interruption::Stop) => {
                imports.renew(self.claim, Duration::ZERO).await?;
                return Ok(());
            }
            Err(Interruption::Store(StoreError::Unexpected(error))) => {
                tracing::error!(%id, error, "an import has failed");
                ImportEnd::Failed("The rows could not be written because of a fault".to_owned())
            }
            Err(Interruption::Store(error)) => return Err(error),
        };
        imports.finish(self.claim, end).await?;
        Ok(())
    }
}

/// A thread that reads a file has panicked.
fn unreadable() -> Interruption {
    Interruption::File("The file can't be read because of a fault".to_owned())
}
