use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use eggypro_domain::changes::Change;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::bookmark::{Bookmarks, Seen, missed};
use crate::ConnectionString;

/// Where changes are told of; the triggers of the database know it as well.
const CHANNEL: &str = "eggypro_changes";

/// How often the connection is looked at: diesel can't wait for news.
const LOOK: Duration = Duration::from_millis(20);

/// How often the connection is asked whether it still lives.
const ASK: Duration = Duration::from_secs(2);

/// How long nothing is tried after a failure.
const PAUSE: Duration = Duration::from_millis(500);

/// What a listener tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// Somebody, here or elsewhere, has committed a change.
    Change(Change),
    /// From now on all changes are heard; those before may have been missed.
    Listening,
    /// From now on all changes are heard again, and these are all that were missed.
    Resumed(Vec<Change>),
    /// Changes are no longer heard.
    Deaf,
    /// Nothing new, but the listener lives. Where not even this comes for a while, its connection is frozen: who reads
    /// from it waits for ever, and must [listen](Listener::listen) again.
    Alive {
        /// How long who follows the log has been waiting for a transaction that is still open.
        held_back: Duration,
    },
}

/// Listens to the changes of a database on a connection of its own, which no pooler may stand before.
#[derive(Debug, Clone)]
pub struct Listener {
    database: ConnectionString,
    bookmarks: Arc<Mutex<Bookmarks>>,
}

impl Listener {
    /// Who has not listened yet.
    pub fn new(database: ConnectionString) -> Self {
        Self {
            database,
            bookmarks: Arc::default(),
        }
    }

    /// Listens. What is heard comes out of the channel; when that is dropped, the listening ends. After a break what was
    /// missed is read from the log, if that is not too much.
    ///
    /// # Errors
    /// When the system grants no thread.
    pub fn listen(&self) -> std::io::Result<UnboundedReceiver<Heard>> {
        let (tell, heard) = unbounded_channel();
        let listener = self.clone();
        thread::Builder::new()
            .name("changes".to_owned())
            .spawn(move || listener.attend_until_closed(&tell))?;
        Ok(heard)
    }

    fn attend_until_closed(&self, tell: &UnboundedSender<Heard>) {
        let mut is_told = false;
        while !tell.is_closed() {
            let was_listening = self.attend(tell);
            if tell.is_closed() {
                // The server stops, and the database perhaps with it.
                return;
            }
            if was_listening || !is_told {
                tracing::warn!("changes are not heard: the listening connection is gone");
                is_told = true;
                drop(tell.send(Heard::Deaf));
            }
            let held_back = Duration::ZERO;
            drop(tell.send(Heard::Alive { held_back }));
            thread::sleep(PAUSE);
        }
    }

    /// Listens as long as that goes well, and tells whether it ever did.
    fn attend(&self, tell: &UnboundedSender<Heard>) -> bool {
        let Ok(mut connection) = self.database.connect() else {
            return false;
        };
        // A change before this is not heard, but seen by whoever asks the database after it.
        let listening = connection.batch_execute(&format!("LISTEN {CHANNEL}"));
        if listening.is_err() {
            return false;
        }
        tracing::debug!("changes are heard");
        let mut is_open = tell.send(self.resumption(&mut connection)).is_ok();
        let mut asked = Instant::now();
        while is_open {
            thread::sleep(LOOK);
            for notification in connection.notifications_iter() {
                let Ok(notification) = notification else {
                    return true;
                };
                let heard = match notification.payload.parse() {
                    Ok(change) => Heard::Change(change),
                    // A newer server tells of what this one doesn't know, which may be anything.
                    Err(_) => Heard::Listening,
                };
                drop(tell.send(heard));
            }
            is_open = !tell.is_closed();
            if asked.elapsed() >= ASK {
                let Ok(held_back) = self.ask(&mut connection) else {
                    return true;
                };
                drop(tell.send(Heard::Alive { held_back }));
                asked = Instant::now();
            }
        }
        true
    }

    fn bookmarks(&self) -> MutexGuard<'_, Bookmarks> {
        self.bookmarks
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// What was missed, where that is known.
    fn resumption(&self, connection: &mut PgConnection) -> Heard {
        let heard = self.bookmarks().begin_anew();
        match missed(connection, heard) {
            Ok(Some(missed)) => Heard::Resumed(missed),
            Ok(None) => Heard::Listening,
            Err(error) => {
                tracing::debug!(%error, "the log of changes can't be read");
                Heard::Listening
            }
        }
    }

    /// Asks the connection whether it lives, and what has been heard by now.
    fn ask(&self, connection: &mut PgConnection) -> QueryResult<Duration> {
        let Seen {
            bookmark,
            held_back,
        } = match Seen::by_now(connection) {
            Ok(seen) => seen,
            // A database that has no log yet.
            Err(diesel::result::Error::DatabaseError(_, _)) => {
                connection.batch_execute("SELECT 1")?;
                return Ok(Duration::ZERO);
            }
            Err(error) => return Err(error),
        };
        self.bookmarks().put(bookmark);
        Ok(held_back)
    }
}
