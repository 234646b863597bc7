use std::io;
use std::sync::Arc;
use std::time::Duration;

use eggypro_domain::metrics::MetricsRepository;
use eggypro_persistence::{Database, DatabaseSettings, PostgresMetrics};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::metrics::{Figures, Recorder, Writer};
use crate::shop::{MetricsSettings, ShopSettings};

/// Maximum time to write the last request records.
const LAST_RECORDS: Duration = Duration::from_secs(3);

/// The task that writes the request log, and its database.
pub(super) struct RequestLog {
    pub(super) database: Database,
    writing: JoinHandle<()>,
    stop: watch::Sender<bool>,
}

impl RequestLog {
    /// Writes the remaining records, within [`LAST_RECORDS`].
    pub(super) async fn close(self) -> Database {
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
pub(super) fn start_request_log(
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
