use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::task::spawn_blocking;
use tokio::time::Instant;

use crate::resolver::{Lookup, SharedLookup, SystemLookup};
use crate::{Guard, InvalidSettings, Sender, Settings};

/// How long a sender is used. A new one connects anew, so a receiver whose name gets other addresses is reached there from
/// then on, even if its connections never were without an event for long.
const MAX_AGE: Duration = Duration::from_secs(60);

/// A sender that is built when it is first needed, and anew every minute. Building one reads the certificates that the
/// system trusts, which takes some time and fails if there are none, and most shops have no webhooks.
///
/// A clone is another handle to the same sender.
#[derive(Clone)]
pub struct LazySender(Arc<Parts>);

struct Parts {
    settings: Settings,
    /// Of all senders, so that a look-up that hangs is shared with the next one.
    lookup: Arc<dyn Lookup>,
    sender: Mutex<Option<(Instant, Sender)>>,
}

impl LazySender {
    /// A sender with these settings, which is not built yet.
    pub fn new(settings: Settings) -> Self {
        Self(Arc::new(Parts {
            settings,
            lookup: Arc::new(SharedLookup::new(SystemLookup)),
            sender: Mutex::default(),
        }))
    }

    /// Which URLs and addresses the sender allows.
    pub fn guard(&self) -> &Guard {
        &self.0.settings.guard
    }

    /// Whether there is a sender that is new enough.
    pub async fn is_built(&self) -> bool {
        let built = self.0.sender.lock().await;
        built.as_ref().is_some_and(|(at, _)| at.elapsed() < MAX_AGE)
    }

    /// The sender, which is built if there is none that is new enough. An older one is used on if that fails.
    ///
    /// # Errors
    /// If the settings can't be used. The next call tries again.
    pub async fn get(&self) -> Result<Sender, InvalidSettings> {
        let mut built = self.0.sender.lock().await;
        if let Some((at, sender)) = &*built
            && at.elapsed() < MAX_AGE
        {
            return Ok(sender.clone());
        }
        let (settings, lookup) = (self.0.settings.clone(), Arc::clone(&self.0.lookup));
        let fresh = spawn_blocking(|| Sender::with_lookup(settings, lookup)).await;
        let sender = match (fresh.map_err(InvalidSettings::Task).flatten(), &*built) {
            (Ok(fresh), _) => fresh,
            (Err(error), Some((_, old))) => {
                tracing::warn!(%error, "the sender of webhooks is used on");
                old.clone()
            }
            (Err(error), None) => return Err(error),
        };
        *built = Some((Instant::now(), sender.clone()));
        Ok(sender)
    }
}

impl fmt::Debug for LazySender {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("LazySender")
            .field("settings", &self.0.settings)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
