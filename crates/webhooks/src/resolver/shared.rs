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
mod tests {
    use std::net::Ipv4Addr;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::sync::Semaphore;
    use tokio::task::yield_now;

    use super::*;

    /// Answers as often as it gets a permit, and counts the questions.
    #[derive(Debug)]
    struct Slow(Arc<(Semaphore, AtomicUsize)>);

    #[async_trait]
    impl Lookup for Slow {
        async fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>> {
            self.0.1.fetch_add(1, Ordering::Relaxed);
            self.0.0.acquire().await.unwrap().forget();
            match name {
                "unknown.example" => Err(io::ErrorKind::NotFound.into()),
                _ => Ok(vec![Ipv4Addr::LOCALHOST.into()]),
            }
        }
    }

    #[tokio::test]
    async fn those_who_ask_meanwhile_share_an_answer() {
        let slow = Arc::new((Semaphore::new(0), AtomicUsize::new(0)));
        let lookup = Arc::new(SharedLookup::new(Slow(Arc::clone(&slow))));
        let ask = |name: &'static str| {
            let lookup = Arc::clone(&lookup);
            tokio::spawn(async move { lookup.addresses(name).await })
        };
        let gives_up = ask("shop.example");
        let (first, second) = (ask("shop.example"), ask("shop.example"));
        let unknown = ask("unknown.example");
        while slow.1.load(Ordering::Relaxed) < 2 {
            yield_now().await;
        }
        gives_up.abort();
        slow.0.add_permits(2);
        for answer in [first, second] {
            assert_eq!(answer.await.unwrap().unwrap(), [Ipv4Addr::LOCALHOST]);
        }
        let error = unknown.await.unwrap().unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        assert_eq!(slow.1.load(Ordering::Relaxed), 2);

        // The next one asks again.
        slow.0.add_permits(1);
        ask("shop.example").await.unwrap().unwrap();
        assert_eq!(slow.1.load(Ordering::Relaxed), 3);
    }
}
