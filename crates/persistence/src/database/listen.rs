use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use eggypro_domain::changes::Change;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::bookmark::{Bookmarks, LogState, missed};
use crate::ConnectionString;

/// The channel of change notifications. The triggers of the database use the same name.
const CHANNEL: &str = "eggypro_changes";

/// Interval between polls for notifications: diesel can't wait for them.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Interval between checks that the connection is alive.
const CHECK_INTERVAL: Duration = Duration::from_secs(2);

/// Delay before the next attempt after a failure.
const RETRY_DELAY: Duration = Duration::from_millis(500);

/// An event that a listener reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListenerEvent {
    /// A change was committed, by this server or elsewhere.
    Change(Change),
    /// From now on all changes are received. Earlier ones may have been missed.
    Connected,
    /// From now on all changes are received again. These are all that were missed.
    Resumed(Vec<Change>),
    /// Changes are no longer received.
    Disconnected,
    /// A heartbeat, sent every two seconds. If none arrives for longer, the connection is frozen: the receiver would
    /// wait forever and must [listen](Listener::listen) again.
    Alive {
        /// How long followers of the log have been waiting for a transaction that is still open.
        held_back: Duration,
    },
}

/// The change listener: receives the changes of a database on its own connection, which must not go through a pooler.
#[derive(Debug, Clone)]
pub struct Listener {
    database: ConnectionString,
    bookmarks: Arc<Mutex<Bookmarks>>,
}

impl Listener {
    /// A listener that has not connected yet.
    pub fn new(database: ConnectionString) -> Self {
        Self {
            database,
            bookmarks: Arc::default(),
        }
    }

    /// Starts listening and returns the channel of events. Dropping the channel ends the thread. After a break, missed
    /// changes are read from the log, unless there are too many.
    ///
    /// # Errors
    /// When the system grants no thread.
    pub fn listen(&self) -> std::io::Result<UnboundedReceiver<ListenerEvent>> {
        let (sender, receiver) = unbounded_channel();
        let listener = self.clone();
        thread::Builder::new()
            .name("changes".to_owned())
            .spawn(move || listener.listen_until_closed(&sender))?;
        Ok(receiver)
    }

    fn listen_until_closed(&self, sender: &UnboundedSender<ListenerEvent>) {
        let mut is_reported = false;
        while !sender.is_closed() {
            let was_listening = self.listen_once(sender);
            if sender.is_closed() {
                // The server is stopping. The database may be too, so this is no failure.
                return;
            }
            if was_listening || !is_reported {
                tracing::warn!("the change listener has lost its connection");
                is_reported = true;
                drop(sender.send(ListenerEvent::Disconnected));
            }
            let held_back = Duration::ZERO;
            drop(sender.send(ListenerEvent::Alive { held_back }));
            thread::sleep(RETRY_DELAY);
        }
    }

    /// Listens until the connection fails. Returns whether it was ever connected.
    fn listen_once(&self, sender: &UnboundedSender<ListenerEvent>) -> bool {
        let Ok(mut connection) = self.database.connect() else {
            return false;
        };
        // Earlier changes are not notified, but are visible to every later read.
        let listening = connection.batch_execute(&format!("LISTEN {CHANNEL}"));
        if listening.is_err() {
            return false;
        }
        tracing::debug!("changes are received");
        let mut is_open = sender.send(self.resumption(&mut connection)).is_ok();
        let mut checked = Instant::now();
        while is_open {
            thread::sleep(POLL_INTERVAL);
            for notification in connection.notifications_iter() {
                let Ok(notification) = notification else {
                    return true;
                };
                let event = match notification.payload.parse() {
                    Ok(change) => ListenerEvent::Change(change),
                    // A newer server sends tags that this version doesn't know. They may concern anything.
                    Err(_) => ListenerEvent::Connected,
                };
                drop(sender.send(event));
            }
            is_open = !sender.is_closed();
            if checked.elapsed() >= CHECK_INTERVAL {
                let Ok(held_back) = self.check(&mut connection) else {
                    return true;
                };
                drop(sender.send(ListenerEvent::Alive { held_back }));
                checked = Instant::now();
            }
        }
        true
    }

    fn bookmarks(&self) -> MutexGuard<'_, Bookmarks> {
        self.bookmarks
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The event after connecting, with the missed changes if they are known.
    fn resumption(&self, connection: &mut PgConnection) -> ListenerEvent {
        let bookmark = self.bookmarks().resume();
        match missed(connection, bookmark) {
            Ok(Some(missed)) => ListenerEvent::Resumed(missed),
            Ok(None) => ListenerEvent::Connected,
            Err(error) => {
                tracing::debug!(%error, "the log of changes can't be read");
                ListenerEvent::Connected
            }
        }
    }

    /// Checks that the connection is alive and advances the bookmark. Returns the delay of the log.
    fn check(&self, connection: &mut PgConnection) -> QueryResult<Duration> {
        let LogState {
            bookmark,
            held_back,
        } = match LogState::read(connection) {
            Ok(state) => state,
            // The database has no log yet.
            Err(diesel::result::Error::DatabaseError(_, _)) => {
                connection.batch_execute("SELECT 1")?;
                return Ok(Duration::ZERO);
            }
            Err(error) => return Err(error),
        };
        self.bookmarks().advance(bookmark);
        Ok(held_back)
    }
}
