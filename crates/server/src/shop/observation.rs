use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use eggypro_domain::metrics::{MetricsRepository, RequestRecorder};
use eggypro_http::Api;
use eggypro_persistence::{Database, DatabaseSettings, PostgresMetrics};
use eggypro_search::Follower;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::settings::{MetricsSettings, ShopSettings};
use crate::metrics::{self, Figures, Recorder, Sources, Writer};

/// How long the last notes of requests may take to be written.
const LAST_NOTES: Duration = Duration::from_secs(3);

/// What watches a shop.
pub(super) struct Observation {
    pub(super) figures: Arc<Figures>,
    recorder: Arc<Recorder>,
    notes: Option<Notes>,
}

/// Who writes notes of requests, and on what.
struct Notes {
    database: Database,
    writing: JoinHandle<()>,
    stop: watch::Sender<bool>,
}

impl Observation {
    /// Starts the request log, if the settings want one.
    pub(super) fn begin(settings: &ShopSettings) -> io::Result<Self> {
        let figures = Arc::new(Figures::new().map_err(io::Error::other)?);
        let recorder = Arc::new(Recorder::new(settings.metrics.addresses));
        let notes = take_notes(settings, &recorder, Arc::clone(&figures))?;
        Ok(Self {
            figures,
            recorder,
            notes,
        })
    }

    /// Where requests are recorded, if there is a request log.
    pub(super) fn recorder(&self) -> Option<Arc<dyn RequestRecorder>> {
        self.notes
            .is_some()
            .then(|| Arc::clone(&self.recorder) as _)
    }

    /// The database that records of requests are written to, if they are.
    pub(super) fn database(&self) -> Option<Database> {
        Some(self.notes.as_ref()?.database.clone())
    }

    /// Shows figures and the state of this API on a socket of their own.
    pub(super) fn show(
        &self,
        listener: &TcpListener,
        api: &Api,
        database: &Database,
        index: &Follower,
    ) -> io::Result<()> {
        let sources = Sources {
            cache: api.cache.clone(),
            database: database.clone(),
            index: index.clone(),
            recorder: Arc::clone(&self.recorder),
        };
        let listener = listener.try_clone()?;
        let page = metrics::serve(listener, Arc::clone(&self.figures), sources, api.clone())?;
        // It ends with the runtime, and its readers see the shop until then.
        tokio::spawn(page);
        Ok(())
    }

    /// Writes what is left of notes, and gives back the database that they were written to.
    pub(super) async fn end(self) -> Option<Database> {
        Some(self.notes?.close().await)
    }
}

impl Notes {
    /// Writes what is left, as far as that is done in time.
    async fn close(self) -> Database {
        self.stop.send_replace(true);
        let mut writing = self.writing;
        if tokio::time::timeout(LAST_NOTES, &mut writing)
            .await
            .is_err()
        {
            tracing::warn!("the last notes of requests are lost");
            writing.abort();
        }
        self.database
    }
}

/// Starts to write notes of requests, on a connection that nobody else waits for. `None` if nobody wants any.
fn take_notes(
    settings: &ShopSettings,
    recorder: &Arc<Recorder>,
    figures: Arc<Figures>,
) -> io::Result<Option<Notes>> {
    let MetricsSettings {
        kept_days,
        bytes_a_day,
        ref listener,
        ..
    } = settings.metrics;
    if kept_days.is_none() && listener.is_none() {
        return Ok(None);
    }
    let database = Database::start(&DatabaseSettings {
        pool_size: 1,
        min_idle: 0,
        ..settings.database.clone()
    })?;
    let database = if settings.is_migrated {
        database
    } else {
        database.awaiting_migrations()
    };
    let (stop, stopped) = watch::channel(false);
    let writer = Writer {
        recorder: Arc::clone(recorder),
        figures,
        is_watched: listener.is_some(),
        store: kept_days.map(|days| {
            let store: Arc<dyn MetricsRepository> =
                Arc::new(PostgresMetrics::new(database.clone()));
            (store, days)
        }),
        bytes_a_day,
    };
    Ok(Some(Notes {
        database,
        writing: tokio::spawn(writer.run(stopped)),
        stop,
    }))
}
