use std::fmt;
use std::sync::Arc;

use tokio::sync::OnceCell;

use crate::{Guard, InvalidSettings, Sender, Settings};

/// A sender that is built when it is first needed. Building one reads the certificates that the system trusts, which takes
/// some time and fails if there are none, and most shops have no webhooks.
///
/// A clone is another handle to the same sender.
#[derive(Clone)]
pub struct LazySender(Arc<Parts>);

struct Parts {
    settings: Settings,
    sender: OnceCell<Sender>,
}

impl LazySender {
    /// A sender with these settings, which is not built yet.
    pub fn new(settings: Settings) -> Self {
        let sender = OnceCell::new();
        Self(Arc::new(Parts { settings, sender }))
    }

    /// Which URLs and addresses the sender allows.
    pub fn guard(&self) -> &Guard {
        &self.0.settings.guard
    }

    /// Whether the sender is built.
    pub fn is_built(&self) -> bool {
        self.0.sender.initialized()
    }

    /// The sender, which is built if it is not yet.
    ///
    /// # Errors
    /// If the settings can't be used. The next call tries again.
    pub async fn get(&self) -> Result<&Sender, InvalidSettings> {
        let build = || async { Sender::new(self.0.settings.clone()) };
        self.0.sender.get_or_try_init(build).await
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

    #[tokio::test]
    async fn it_is_built_once() {
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
