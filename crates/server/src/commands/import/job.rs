use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use eggypro_domain::StoreError;
use eggypro_domain::changes::{Actor, ActorKind, Origin};
use eggypro_domain::imports::{Import, ImportId, ImportRepository, NewImport};
use eggypro_domain::products::ProductRepository;
use eggypro_imports::Importer;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::progress::RowProgress;
use super::upload::{Source, upload};
use crate::failure::Failure;
use crate::signals::Signals;

/// Interval at which the progress is shown.
const INTERVAL: Duration = Duration::from_millis(250);

/// Time between two attempts to claim an import that a server works on.
const PAUSE: Duration = Duration::from_millis(500);

/// Maximum number of chunks of files that a statement deletes.
const CHUNKS_AT_ONCE: u32 = 16;

/// How long an unavailable database is waited for. It is longer than a lease, after which an import can be claimed again.
const PATIENCE: Duration = Duration::from_secs(30);

/// Works on an import in this process. A running server may claim it first.
pub(super) struct Job {
    imports: Arc<dyn ImportRepository>,
    importer: Importer,
}

impl Job {
    pub(super) fn new(
        imports: Arc<dyn ImportRepository>,
        products: Arc<dyn ProductRepository>,
    ) -> Self {
        let importer = Importer::new(Arc::clone(&imports), products);
        Self { imports, importer }
    }

    pub(super) fn imports(&self) -> &dyn ImportRepository {
        &*self.imports
    }

    /// Creates an import by the command line, which its changes name.
    pub(super) async fn create(&self, new: NewImport) -> Result<ImportId, StoreError> {
        let origin = Origin::of(Actor::new(ActorKind::System, "command line"));
        let created = Arc::new(origin).scope(self.imports.create(new)).await?;
        Ok(created.id)
    }

    /// Uploads the source, and works on the import until it has ended. Shows the progress.
    pub(super) async fn work(&self, id: ImportId, source: Source) -> Result<Import, Failure> {
        upload(self.imports(), id, source).await?;
        let progress = RowProgress::new()?;
        let mut work = pin!(self.finish(id));
        let mut times = interval(INTERVAL);
        times.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                import = &mut work => return import,
                _ = times.tick() => {
                    // A failure is left to the work.
                    if let Ok(Some(import)) = self.imports.find(id).await {
                        progress.show(&import.counts);
                    }
                }
            }
        }
    }

    /// Works on an import, or waits for the server that does, until it has ended.
    async fn finish(&self, id: ImportId) -> Result<Import, Failure> {
        // At a signal, the import is cancelled instead.
        let (_stop, mut stops) = watch::channel(false);
        let mut outage: Option<Instant> = None;
        loop {
            match self.attempt(id, &mut stops).await {
                Ok(Some(import)) if import.status.has_ended() => return Ok(import),
                Ok(Some(_)) => outage = None,
                Ok(None) => return Err(gone(id)),
                Err(StoreError::Unavailable(_))
                    if outage.get_or_insert_with(Instant::now).elapsed() < PATIENCE => {}
                Err(error) => return Err(error.into()),
            }
            sleep(PAUSE).await;
        }
    }

    /// Works on an import unless a server does. Returns it as it is then.
    async fn attempt(
        &self,
        id: ImportId,
        stops: &mut watch::Receiver<bool>,
    ) -> Result<Option<Import>, StoreError> {
        if self.importer.run_next(Some(id), stops).await?.is_some() {
            self.delete_files().await;
        }
        self.imports.find(id).await
    }

    /// Cancels an import after a signal, unless another signal comes first.
    pub(super) async fn cancel(
        &self,
        id: ImportId,
        signals: &mut Signals,
    ) -> Result<Import, Failure> {
        let cancel = async {
            let import = self.imports.cancel(id).await?.ok_or_else(|| gone(id));
            self.delete_files().await;
            import
        };
        let cancelled = signals.unless_interrupted(cancel).await;
        cancelled.map_err(|failure| goes_on(id, &failure))
    }

    /// Deletes the files of imports that have ended. What fails here, a server does.
    async fn delete_files(&self) {
        while let Ok(1..) = self.imports.delete_files(CHUNKS_AT_ONCE).await {}
    }

    /// Cancels an import that can't go on for this reason, and says so.
    pub(super) async fn give_up(&self, id: ImportId, failure: Failure) -> Failure {
        match self.imports.cancel(id).await {
            Ok(_) => format!("{failure}. The import was cancelled.").into(),
            Err(_) => goes_on(id, &failure),
        }
    }
}

fn gone(id: ImportId) -> Failure {
    format!("the import {id} is gone").into()
}

fn goes_on(id: ImportId, failure: &Failure) -> Failure {
    let note = "was not cancelled: if its file has arrived, a running server goes on with it";
    format!("{failure}. The import {id} {note}.").into()
}
