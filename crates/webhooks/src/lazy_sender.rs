use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::task::spawn_blocking;
use tokio::time::Instant;

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
    sender: Mutex<Option<(Instant, Sender)>>,
    is_built: AtomicBool,
}

impl LazySender {
    /// A sender with these settings, which is not built yet.
    pub fn new(settings: Settings) -> Self {
        Self(Arc::new(Parts {
            settings,
            sender: Mutex::default(),
            is_built: AtomicBool::default(),
        }))
    }

    /// Which URLs and addresses the sender allows.
    pub fn guard(&self) -> &Guard {
        &self.0.settings.guard
    }

    /// Whether a sender was built.
    pub fn is_built(&self) -> bool {
        self.0.is_built.load(Ordering::Relaxed)
    }

    /// The sender, which is built if there is none that is new enough.
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
        let settings = self.0.settings.clone();
        let sender = spawn_blocking(|| Sender::new(settings)).await??;
        *built = Some((Instant::now(), sender.clone()));
        self.0.is_built.store(true, Ordering::Relaxed);
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
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_is_built_anew_after_a_minute() {
        let sender = LazySender::new(Settings::new(Guard::default(), "EggyPro/1.0"));
        let built = async || sender.0.sender.lock().await.as_ref().map(|(at, _)| *at);
        sender.get().await.unwrap();
        let first = built().await;
        tokio::time::advance(MAX_AGE - Duration::from_secs(1)).await;
        sender.get().await.unwrap();
        assert_eq!(built().await, first);
        tokio::time::advance(Duration::from_secs(1)).await;
        sender.get().await.unwrap();
        assert!(built().await > first);
    }

    #[tokio::test]
    async fn it_is_built_when_it_is_needed() {
        let sender = LazySender::new(Settings::new(Guard::default(), "EggyPro/1.0"));
        let clone = sender.clone();
        assert!(!clone.is_built());
        sender.get().await.unwrap();
        assert!(clone.is_built());

        let broken = LazySender::new(Settings::new(Guard::default(), "EggyPro\n1.0"));
        for _ in 0..2 {
            assert!(broken.get().await.is_err());
            assert!(!broken.is_built());
        }
    }
}
