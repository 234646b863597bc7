//! Runs imports.

use std::sync::Arc;
use std::time::Duration;

use eggypro_domain::StoreError;
use eggypro_domain::imports::{Claim, ImportEnd, ImportId, ImportRepository, ImportedFile};
use eggypro_domain::products::ProductRepository;
use eggypro_exchange::{File, Format, ReadError, read};
use tokio::sync::{mpsc, watch};
use tokio::task;
use tokio::time::MissedTickBehavior;

use crate::file::{ChunkReader, Reading};
use crate::write::Writer;
use crate::{PAUSE, batches};

/// How long an import stays claimed without a sign of life. After a crash, another server goes on then.
pub(crate) const LEASE: Duration = Duration::from_secs(20);

/// Interval of the signs of life.
const RENEWAL: Duration = Duration::from_secs(5);

/// How often an import is claimed without a batch in between. A file that ends the process of a server must not end one
/// server after another.
const MAX_ATTEMPTS: u32 = 5;

/// Runs imports: reads their files and writes their rows.
#[derive(Clone)]
pub struct Importer {
    pub(crate) imports: Arc<dyn ImportRepository>,
    pub(crate) products: Arc<dyn ProductRepository>,
}

impl std::fmt::Debug for Importer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Importer").finish_non_exhaustive()
    }
}

/// Why a run ends before the last row.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Interruption {
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
        let error = match error {
            ReadError::Io(error) => error,
            error => return Self::File(error.to_string()),
        };
        if error.kind() == std::io::ErrorKind::NotFound {
            // If the import was cancelled, this is not recorded.
            return Self::File("A part of the file is missing. Import it again".to_owned());
        }
        match error.downcast::<StoreError>() {
            Ok(error) => Self::Store(error),
            // The reading was given up.
            Err(_) => Self::Lost,
        }
    }
}

impl Importer {
    /// An importer of the files and products of these stores.
    pub fn new(imports: Arc<dyn ImportRepository>, products: Arc<dyn ProductRepository>) -> Self {
        Self { imports, products }
    }

    /// Claims an import, this one or the oldest, unless a server works on it or on an older one. Works on it until it
    /// ends, or until `stop` is true; then it is given back. Returns its id; `None` if there was none.
    ///
    /// While the store is unavailable, it waits. To be called within a runtime. The file is read on a thread for blocking
    /// work.
    ///
    /// # Errors
    /// If the import can't be claimed, or its end not be recorded. Then it can be claimed again after its lease, which
    /// takes some seconds, and goes on where it was.
    pub async fn run_next(
        &self,
        only: Option<ImportId>,
        stop: &mut watch::Receiver<bool>,
    ) -> Result<Option<ImportId>, StoreError> {
        let Some(claim) = self.imports.claim(only, LEASE).await? else {
            return Ok(None);
        };
        let id = claim.import.id;
        tracing::info!(%id, done = claim.import.counts.done, "an import begins or goes on");
        let run = Run {
            importer: self,
            claim: &claim,
            reading: Reading::default(),
        };
        let result = tokio::select! {
            result = run.work() => result,
            () = run.keep() => Err(Interruption::Lost),
            _ = stop.wait_for(|stops| *stops) => Err(Interruption::Stop),
        };
        run.end(result).await?;
        Ok(Some(id))
    }
}

/// The work on a claimed import. The threads that read its file end with it.
pub(crate) struct Run<'a> {
    pub(crate) importer: &'a Importer,
    pub(crate) claim: &'a Claim,
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

    /// Calls the store until it is available. Meanwhile the lease may run out. If nobody has claimed the import by then, it
    /// is still this server's.
    pub(crate) async fn persistently<T, F>(&self, call: impl Fn() -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        let mut has_failed = false;
        loop {
            match call().await {
                Err(StoreError::Unavailable(reason)) if !has_failed => {
                    has_failed = true;
                    let id = self.claim.import.id;
                    tracing::warn!(%id, reason, "an import waits for the database");
                }
                Err(StoreError::Unavailable(_)) => {}
                result => return result,
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Reads the file once to its end, so that one that is broken changes nothing, and then writes its rows.
    async fn work(&self) -> Result<(), Interruption> {
        if self.claim.attempts > MAX_ATTEMPTS {
            let reason = "The servers that ran the import ended, again and again at the same row";
            return Err(Interruption::File(reason.to_owned()));
        }
        if self.claim.import.counts.rows.is_none() {
            let file = self.look_through().await?;
            let imports = &self.importer.imports;
            let opened = self.persistently(|| imports.opened(self.claim, file.clone()));
            if !opened.await? {
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
        let done = self.claim.import.counts.done;
        let (sender, mut received) = mpsc::channel(1);
        let reader = task::spawn_blocking(move || {
            let file = read(input, format)?;
            batches::send(file.rows, done, &sender)
        });
        let mut writer = Writer::new(self, done);
        while let Some(rows) = received.recv().await {
            writer.write(rows).await?;
        }
        Ok(reader.await.map_err(|_| unreadable())??)
    }

    fn open(&self) -> ChunkReader {
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
                tracing::info!(%id, "an import waits for another server");
                imports.renew(self.claim, Duration::ZERO).await?;
                return Ok(());
            }
            Err(Interruption::Store(error)) => {
                tracing::error!(%id, %error, "an import has failed");
                ImportEnd::Failed("The rows could not be written because of a fault".to_owned())
            }
        };
        tracing::info!(%id, ?end, "an import ends");
        let finish = || imports.finish(self.claim, end.clone());
        self.persistently(finish).await?;
        Ok(())
    }
}

/// A thread that reads a file has panicked.
fn unreadable() -> Interruption {
    Interruption::File("The file can't be read because of a fault".to_owned())
}
