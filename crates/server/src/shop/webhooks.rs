//! The deliveries to webhooks.

use std::sync::Arc;
use std::time::Duration;

use eggypro_domain::webhooks::{Followed, NewEvent};
use eggypro_http::{EventWriter, Storefront};
use eggypro_persistence::PostgresWebhooks;
use eggypro_webhooks::{Deliverer, EventRenderer, Guard, LazySender, RenderError, Settings};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::settings::WebhookSettings;

/// What receivers see as the client.
pub(crate) const USER_AGENT: &str = concat!("EggyPro/", env!("CARGO_PKG_VERSION"));

/// Maximum time to stop: three seconds for open requests, and one to give back what was not sent.
const STOPPING: Duration = Duration::from_secs(4);

/// The pause after a panic.
const RESTART: Duration = Duration::from_secs(1);

/// The sender of a shop. Events and tests go through it, so that they share its connections.
pub(super) fn sender(settings: WebhookSettings) -> LazySender {
    let guard = Guard {
        allow_private: settings.allow_private,
        allow_http: settings.allow_http,
    };
    LazySender::new(Settings::new(guard, USER_AGENT))
}

/// The deliveries that this server makes.
pub(super) struct Webhooks {
    pub(super) deliverer: Deliverer,
    task: JoinHandle<()>,
    stop: watch::Sender<bool>,
}

impl Webhooks {
    pub(super) fn begin(
        webhooks: Arc<PostgresWebhooks>,
        sender: LazySender,
        storefront: Arc<Storefront>,
        change_signal: watch::Receiver<u64>,
    ) -> Self {
        let renderer = Arc::new(Renderer(EventWriter::new(storefront)));
        let deliverer = Deliverer::new(webhooks, sender, renderer);
        let (stop, stops) = watch::channel(false);
        let running = deliverer.clone();
        let task = tokio::spawn(run(running, change_signal, stops));
        Self {
            deliverer,
            task,
            stop,
        }
    }

    /// Gives back what was not sent, so that another server sends it at once, and waits for open requests.
    pub(super) async fn end(self) {
        self.stop.send_replace(true);
        let abort = self.task.abort_handle();
        if tokio::time::timeout(STOPPING, self.task).await.is_err() {
            abort.abort();
        }
    }
}

/// Makes deliveries until the shop stops. After a panic, it begins anew: claimed deliveries wait for the end of their leases.
async fn run(
    deliverer: Deliverer,
    change_signal: watch::Receiver<u64>,
    stops: watch::Receiver<bool>,
) {
    loop {
        let (deliverer, changes, stops) = (deliverer.clone(), change_signal.clone(), stops.clone());
        let running = tokio::spawn(async move { deliverer.run(changes, stops).await });
        match running.await {
            Ok(()) => return,
            Err(error) => tracing::error!(%error, "the deliveries to webhooks have failed"),
        }
        tokio::time::sleep(RESTART).await;
    }
}

/// Renders events as the API shows them.
struct Renderer(EventWriter);

impl EventRenderer for Renderer {
    fn render(&self, followed: &Followed) -> Result<Vec<NewEvent>, RenderError> {
        Ok(self.0.write(followed)?)
    }
}
