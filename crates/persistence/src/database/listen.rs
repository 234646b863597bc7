use std::thread;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use eggypro_domain::changes::Change;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::ConnectionString;

/// Where changes are told of.
pub(super) const CHANNEL: &str = "eggypro_changes";

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
    /// Changes are no longer heard.
    Deaf,
    /// Nothing new, but the listener lives. Where not even this comes for a while, its connection is frozen: who reads
    /// from it waits for ever, and [`listen`] must be called again.
    Alive,
}

/// Listens to the changes of a database on a connection of its own, which no pooler may stand before. What is heard
/// comes out of the channel; when that is dropped, the listening ends.
///
/// # Errors
/// When the system grants no thread.
pub fn listen(database: &ConnectionString) -> std::io::Result<UnboundedReceiver<Heard>> {
    let (tell, heard) = unbounded_channel();
    let url = database.clone();
    thread::Builder::new()
        .name("changes".to_owned())
        .spawn(move || {
            let mut is_told = false;
            while !tell.is_closed() {
                let was_listening = attend(&url, &tell);
                if tell.is_closed() {
                    // The server stops, and the database perhaps with it.
                    return;
                }
                if was_listening || !is_told {
                    tracing::warn!("changes are not heard: the listening connection is gone");
                    is_told = true;
                    drop(tell.send(Heard::Deaf));
                }
                drop(tell.send(Heard::Alive));
                thread::sleep(PAUSE);
            }
        })?;
    Ok(heard)
}

/// Listens as long as that goes well, and tells whether it ever did.
fn attend(url: &ConnectionString, tell: &UnboundedSender<Heard>) -> bool {
    let Ok(mut connection) = url.connect() else {
        return false;
    };
    // A change before this is not heard, but seen by whoever asks the database after it.
    if connection
        .batch_execute(&format!("LISTEN {CHANNEL}"))
        .is_err()
    {
        return false;
    }
    tracing::debug!("changes are heard");
    let mut asked = Instant::now();
    let mut is_open = tell.send(Heard::Listening).is_ok();
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
            if connection.batch_execute("SELECT 1").is_err() {
                return true;
            }
            drop(tell.send(Heard::Alive));
            asked = Instant::now();
        }
    }
    true
}
