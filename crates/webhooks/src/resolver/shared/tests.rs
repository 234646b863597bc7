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
