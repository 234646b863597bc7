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

/// Maximum time to write the last request records.
const LAST_RECORDS: Duration = Duration::from_secs(3);

/// The metrics and the request log of a shop.
pub(super) struct Observation {
    pub(super) figures: Arc<Figures>,
    recorder: Arc<Recorder>,
    request_log: Option<RequestLog>,
}

/// The task that writes the request log, and its database.
struct RequestLog {
    database: Database,
    writing: JoinHandle<()>,
    stop: watch::Sender<bool>,
}

impl Observation {
    /// Starts the request log, if it is enabled.
    pub(super) fn begin(settings: &ShopSettings) -> io::Result<Self> {
        let figures = Arc::new(Figures::new().map_err(io::Error::other)?);
        let recorder = Arc::new(Recorder::new(settings.metrics.addresses));
        let request_log = start_request_log(settings, &recorder, Arc::clone(&figures))?;
        Ok(Self {
            figures,
            recorder,
            request_log,
        })
    }

    /// The recorder of requests, if there is a request log.
    pub(super) fn recorder(&self) -> Option<Arc<dyn RequestRecorder>> {
        self.request_log
            .is_some()
            .then(|| Arc::clone(&self.recorder) as _)
    }

    /// The database of the request log, if there is one.
    pub(super) fn database(&self) -> Option<Database> {
        Some(self.request_log.as_ref()?.database.clone())
    }

    /// Serves metrics and the health of this API on a separate socket.
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
        // The page ends with the runtime, so the shop can be observed until then.
        tokio::spawn(page);
        Ok(())
    }

    /// Writes the last request records and returns their database.
    pub(super) async fn end(self) -> Option<Database> {
        Some(self.request_log?.close().await)
    }
}

impl RequestLog {
    /// Writes the remaining records, within [`LAST_RECORDS`].
    async fn close(self) -> Database {
        self.stop.send_replace(true);
        let mut writing = self.writing;
        if tokio::time::timeout(LAST_RECORDS, &mut writing)
            .await
            .is_err()
        {
            tracing::warn!("the last entries of the request log are lost");
            writing.abort();
        }
        self.database
    }
}

/// Starts the request log on a connection of its own. `None` if neither the database nor Prometheus needs it.
fn start_request_log(
    settings: &ShopSettings,
    recorder: &Arc<Recorder>,
    figures: Arc<Figures>,
) -> io::Result<Option<RequestLog>> {
    let MetricsSettings {
        retention_days,
        bytes_a_day,
        ref listener,
        ..
    } = settings.metrics;
    if retention_days.is_none() && listener.is_none() {
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
        store: retention_days.map(|days| {
            let store: Arc<dyn MetricsRepository> =
                Arc::new(PostgresMetrics::new(database.clone()));
            (store, days)
        }),
        bytes_a_day,
    };
    Ok(Some(RequestLog {
        database,
        writing: tokio::spawn(writer.run(stopped)),
        stop,
    }))
}
