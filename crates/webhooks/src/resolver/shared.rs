use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use tokio::sync::watch;

use super::Lookup;

/// The answer, once there is one.
type Answer = Option<Result<Vec<IpAddr>, io::ErrorKind>>;

/// Makes one look-up of a name at a time, for all who ask meanwhile. A look-up that hangs goes on in a thread of its own
/// after those who asked have given up, so many of them would take up all threads.
#[derive(Debug)]
pub(crate) struct SharedLookup {
    lookup: Arc<dyn Lookup>,
    running: Arc<Mutex<HashMap<String, watch::Receiver<Answer>>>>,
}

impl SharedLookup {
    pub(crate) fn new(lookup: impl Lookup + 'static) -> Self {
        Self {
            lookup: Arc::new(lookup),
            running: Arc::default(),
        }
    }

    /// The look-up of this name that runs now, which is begun if none does.
    fn running(&self, name: &str) -> watch::Receiver<Answer> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        // Without a sender, the task was ended before it had an answer.
        if let Some(answer) = running.get(name).filter(|of| of.has_changed().is_ok()) {
            return answer.clone();
        }
        let (sender, answer) = watch::channel(None);
        running.insert(name.to_owned(), answer.clone());
        let (lookup, running) = (Arc::clone(&self.lookup), Arc::clone(&self.running));
        let name = name.to_owned();
        tokio::spawn(async move {
            let found = lookup.addresses(&name).await;
            let mut running = running.lock().unwrap_or_else(PoisonError::into_inner);
            running.remove(&name);
            sender.send_replace(Some(found.map_err(|error| error.kind())));
        });
        answer
    }
}

#[async_trait]
impl Lookup for SharedLookup {
    async fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        let mut running = self.running(name);
        let answer = running.wait_for(Option::is_some).await;
        let answer = answer.map_err(io::Error::other)?.clone();
        answer.map_or_else(|| Ok(vec![]), |found| Ok(found?))
    }
}

#[cfg(test)]
mod tests;
