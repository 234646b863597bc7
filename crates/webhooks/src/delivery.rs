//! Delivers the events of the log of changes to webhooks, in the background of a server.

mod attempt;
mod figures;
mod follow;
mod outage;
mod requests;
mod send;
#[cfg(test)]
mod tests;

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use eggypro_domain::changes::Origin;
use eggypro_domain::webhooks::{DeliveryQueue, Followed, NewEvent};
use tokio::sync::{Notify, watch};

use self::figures::Counts;
pub use self::figures::DeliveryFigures;
use crate::LazySender;

/// How long a delivery is claimed: 10 s at most before it is sent, 15 s for the attempt, and the rest to record the result.
const LEASE: Duration = Duration::from_secs(30);

/// Why an event can't be rendered.
pub type RenderError = Box<dyn Error + Send + Sync>;

/// Renders the events of the log of changes.
pub trait EventRenderer: Send + Sync {
    /// The events of these entries that a webhook [wants](Followed::wants), in order, as `GET /api/events` shows them.
    ///
    /// # Errors
    /// If an event can't be rendered. No event is delivered until it can.
    fn render(&self, followed: &Followed) -> Result<Vec<NewEvent>, RenderError>;
}

/// Delivers events to webhooks. All servers of a shop do, and share the work through the queue.
///
/// Two loops run side by side. One follows the log of changes and queues its events. The other one claims deliveries that
/// are due, and sends each in a task of its own. A slow receiver holds up nobody else: the queue limits the open requests
/// of a webhook, and a request that takes longer than a second does not count as one of those that a server makes at the
/// same time.
///
/// While the store is unavailable, both loops wait. A result that can't be recorded until the lease runs out is lost, and
/// the event is sent again with the same id.
#[derive(Clone)]
pub struct Deliverer(Arc<Parts>);

struct Parts {
    queue: Arc<dyn DeliveryQueue>,
    sender: LazySender,
    renderer: Arc<dyn EventRenderer>,
    /// The origin of switching a webhook off.
    origin: Arc<Origin>,
    /// Wakes the loop that claims deliveries.
    wake: Notify,
    counts: Counts,
}

impl Deliverer {
    /// Delivers the events of this queue.
    pub fn new(
        queue: Arc<dyn DeliveryQueue>,
        sender: LazySender,
        renderer: Arc<dyn EventRenderer>,
    ) -> Self {
        Self(Arc::new(Parts {
            queue,
            sender,
            renderer,
            origin: Arc::new(Origin::system("webhooks")),
            wake: Notify::new(),
            counts: Counts::default(),
        }))
    }

    /// Delivers events until `stop` is true. Then claims nothing more, gives back what was not sent yet, and waits up to
    /// three seconds for open requests. Other servers send the rest again when its leases have run out.
    ///
    /// `change_signal` changes whenever the log has new entries. The log is also read without it, every half second.
    pub async fn run(&self, change_signal: watch::Receiver<u64>, mut stop: watch::Receiver<bool>) {
        let sending = self.0.send(stop.clone());
        let following = async {
            // A step that is cut off is made again by another server.
            tokio::select! {
                () = self.0.follow(change_signal) => {}
                _ = stop.wait_for(|stops| *stops) => {}
            }
        };
        tokio::join!(following, sending);
    }

    /// What this server has done so far.
    pub fn figures(&self) -> DeliveryFigures {
        self.0.counts.figures()
    }
}

impl fmt::Debug for Deliverer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Deliverer")
            .field("figures", &self.figures())
            .finish_non_exhaustive()
    }
}
