mod request_log;

use std::io;
use std::net::TcpListener;
use std::sync::Arc;

use eggypro_domain::metrics::RequestRecorder;
use eggypro_http::Api;
use eggypro_persistence::Database;
use eggypro_search::Follower;
use eggypro_webhooks::Deliverer;

use self::request_log::{RequestLog, start_request_log};
use super::settings::ShopSettings;
use crate::metrics::{self, Figures, Recorder, Sources};

/// The metrics and the request log of a shop.
pub(super) struct Observation {
    pub(super) figures: Arc<Figures>,
    recorder: Arc<Recorder>,
    request_log: Option<RequestLog>,
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
        deliverer: &Deliverer,
    ) -> io::Result<()> {
        let sources = Sources {
            cache: api.cache.clone(),
            database: database.clone(),
            index: index.clone(),
            deliverer: deliverer.clone(),
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
