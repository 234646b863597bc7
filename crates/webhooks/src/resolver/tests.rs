use std::sync::Mutex;

use super::*;
use crate::guard::Range;
use crate::{Blocked, Guard};

/// Gives the next list of addresses each time.
#[derive(Debug)]
struct Changing(Mutex<Vec<&'static [&'static str]>>);

#[async_trait]
impl Lookup for Changing {
    async fn addresses(&self, _: &str) -> io::Result<Vec<IpAddr>> {
        let next = self.0.lock().unwrap().pop();
        let next = next.ok_or(io::ErrorKind::NotFound)?;
        Ok(next.iter().map(|text| text.parse().unwrap()).collect())
    }
}

fn resolver(guard: Guard, mut answers: Vec<&'static [&'static str]>) -> GuardedResolver {
    answers.reverse();
    GuardedResolver {
        guard,
        lookup: Arc::new(Changing(Mutex::new(answers))),
    }
}

#[tokio::test]
async fn each_resolution_is_checked() {
    let resolver = resolver(
        Guard::default(),
        vec![
            &["8.8.8.8", "2606:4700::1111"],
            &["10.0.0.1", "8.8.8.8", "::1"],
            &["169.254.169.254", "10.0.0.1"],
            &[],
        ],
    );
    let allowed = async || resolver.allowed("shop.example").await;
    let addresses = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect();
    assert_eq!(
        allowed().await,
        Ok(addresses(&["8.8.8.8", "2606:4700::1111"]))
    );
    assert_eq!(allowed().await, Ok(addresses(&["8.8.8.8"])));
    let blocked = allowed().await.unwrap_err();
    let expected = Blocked::Name {
        name: "shop.example".to_owned(),
        range: Range::Metadata,
    };
    assert_eq!(blocked, Failure::Blocked(expected));
    assert_eq!(
        blocked.to_string(),
        "the name shop.example leads to the metadata service of a cloud"
    );
    for _ in 0..2 {
        let error = allowed().await.unwrap_err();
        assert_eq!(error.to_string(), "the name shop.example can't be resolved");
    }
}

#[tokio::test]
async fn private_addresses_can_be_allowed() {
    let guard = Guard {
        allow_private: true,
        ..Guard::default()
    };
    let resolver = resolver(guard, vec![&["10.0.0.1", "::1"]]);
    assert_eq!(resolver.allowed("shop.example").await.unwrap().len(), 2);
}

#[tokio::test]
async fn the_operating_system_is_asked() {
    let addresses = SystemLookup.addresses("localhost").await.unwrap();
    assert!(addresses.iter().any(IpAddr::is_loopback), "{addresses:?}");
    let resolver = GuardedResolver {
        guard: Guard::default(),
        lookup: Arc::new(SystemLookup),
    };
    let error = resolver.allowed("localhost").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the name localhost leads to a loopback address"
    );
}
