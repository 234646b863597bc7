//! Reports changes of this and other servers to the index and the cache.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use eggypro_domain::changes::{Change, ChangeFollower};
use eggypro_persistence::{Database, Listener, ListenerEvent};
use futures_util::future::join_all;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::watch;

use crate::metrics::Figures;

/// Maximum number of changes that are dispatched together.
const BATCH: usize = 256;

/// A listener without any event for this long is frozen.
const SILENCE: Duration = Duration::from_secs(8);

/// If the log of changes waits longer than this for an open transaction, a warning is logged.
const HELD_BACK: Duration = Duration::from_secs(10);

/// Dispatches the events of a listener.
pub(crate) struct Dispatcher {
    /// First, because it decides which reads go to replicas.
    pub(crate) database: Database,
    pub(crate) followers: Arc<dyn ChangeFollower>,
    pub(crate) connected: watch::Sender<bool>,
    /// The number of changes so far. Requests for events wait until it grows.
    pub(crate) change_signal: watch::Sender<u64>,
    pub(crate) figures: Arc<Figures>,
    pub(crate) is_held_back: AtomicBool,
}

/// Dispatches events, and replaces the listener when it is frozen.
pub(crate) async fn listen(
    mut events: UnboundedReceiver<ListenerEvent>,
    listener: Listener,
    dispatcher: Dispatcher,
) {
    loop {
        dispatcher.dispatch(&mut events).await;
        tracing::warn!("the change listener is frozen and is replaced");
        dispatcher.database.observe(&ListenerEvent::Disconnected);
        dispatcher.followers.disconnected();
        dispatcher.connected.send_replace(false);
        // The old listener ends when its connection does.
        match listener.listen() {
            Ok(another) => events = another,
            Err(error) => {
                tracing::error!(%error, "the change listener can't start");
                tokio::time::sleep(SILENCE).await;
            }
        }
    }
}

impl Dispatcher {
    /// Dispatches events until none comes for [`SILENCE`]. Changes that have queued up are dispatched together.
    async fn dispatch(&self, events: &mut UnboundedReceiver<ListenerEvent>) {
        while let Ok(Some(first)) = tokio::time::timeout(SILENCE, events.recv()).await {
            let (mut changes, mut next) = (vec![], Some(first));
            while let Some(event) = next {
                self.database.observe(&event);
                self.count(&event);
                match event {
                    ListenerEvent::Change(change) => changes.push(change),
                    event => {
                        self.changed(&std::mem::take(&mut changes)).await;
                        self.connection_changed(event).await;
                    }
                }
                let is_full = changes.len() >= BATCH;
                next = if is_full {
                    None
                } else {
                    events.try_recv().ok()
                };
            }
            self.changed(&changes).await;
        }
    }

    async fn changed(&self, changes: &[Change]) {
        let followers = &self.followers;
        join_all(changes.iter().map(|change| followers.changed(change))).await;
    }

    /// Reports the state of the connection to the followers.
    async fn connection_changed(&self, event: ListenerEvent) {
        let Self {
            followers,
            connected,
            ..
        } = self;
        match event {
            ListenerEvent::Connected => {
                followers.missed_changes().await;
                connected.send_replace(true);
            }
            ListenerEvent::Resumed(missed) => {
                self.changed(&missed).await;
                followers.reconnected();
                connected.send_replace(true);
            }
            // Cached answers are served until they expire, and are dropped on reconnection.
            ListenerEvent::Disconnected => {
                followers.disconnected();
                connected.send_replace(false);
            }
            ListenerEvent::Change(_) | ListenerEvent::Alive { .. } => {}
        }
    }

    /// Wakes requests that wait for events, and warns if an open transaction holds the log of changes back.
    fn count(&self, event: &ListenerEvent) {
        let ListenerEvent::Alive { held_back } = event else {
            self.change_signal
                .send_modify(|change_signal| *change_signal += 1);
            return;
        };
        self.figures.set_changes_held_back(*held_back);
        let is_held_back = *held_back > HELD_BACK;
        let was_held_back = self.is_held_back.swap(is_held_back, Ordering::Relaxed);
        if is_held_back && !was_held_back {
            let seconds = held_back.as_secs();
            tracing::warn!(
                seconds,
                "followers of the log of changes wait for an open transaction"
            );
        } else if was_held_back && !is_held_back {
            tracing::info!("followers of the log of changes no longer wait");
        }
    }
}

#[cfg(test)]
mod tests;
