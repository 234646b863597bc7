use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::*;

const NOW: Duration = Duration::from_secs(1_700_000_000);
const TEN: Policy = Policy {
    name: "ten",
    limit: 10,
    window: Duration::from_secs(60),
};

/// A limiter on the test's Redis, apart from those of other tests.
fn shared_with(prefix: &str) -> Limiter {
    let address = std::env::var("EGGYPRO_TEST_REDIS_URL")
        .expect("EGGYPRO_TEST_REDIS_URL, which scripts/test sets");
    // A test may have to wait for a busy machine.
    Limiter::shared(&address.into(), prefix)
        .unwrap()
        .with_patience(Duration::from_secs(5))
}

fn prefix() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!(
        "test-{}-{}",
        std::process::id(),
        COUNT.fetch_add(1, Ordering::Relaxed)
    )
}

fn limiters() -> [Limiter; 2] {
    [Limiter::in_memory(), shared_with(&prefix())]
}

fn budget(client: &str) -> Budget<'_> {
    Budget {
        policy: TEN,
        client,
    }
}

async fn allowed(limiter: &Limiter, client: &str, times: usize, now: Duration) -> usize {
    let mut allowed = 0;
    for _ in 0..times {
        allowed += usize::from(limiter.spend(&[budget(client)], now).await.is_allowed);
    }
    allowed
}

#[tokio::test]
async fn a_window_admits_its_limit_and_ends() {
    for limiter in limiters() {
        let start = Duration::from_secs(1_700_000_040); // a whole multiple of a minute
        let first = limiter.spend(&[budget("a")], start).await;
        assert_eq!(
            first,
            Decision {
                is_allowed: true,
                limit: 10,
                remaining: 9,
                reset: TEN.window
            }
        );
        assert_eq!(
            allowed(&limiter, "a", 13, start + Duration::from_millis(59_999)).await,
            9
        );
        let refused = limiter
            .spend(&[budget("a")], start + Duration::from_secs(50))
            .await;
        assert_eq!((refused.is_allowed, refused.remaining), (false, 0));
        assert_eq!(refused.reset, Duration::from_secs(10));
        assert_eq!(allowed(&limiter, "a", 14, start + TEN.window).await, 10);
    }
}

#[tokio::test]
async fn clients_and_policies_count_apart() {
    for limiter in limiters() {
        let other = Policy {
            name: "other",
            ..TEN
        };
        assert_eq!(allowed(&limiter, "a", 12, NOW).await, 10);
        assert_eq!(allowed(&limiter, "b", 12, NOW).await, 10);
        assert!(
            limiter
                .spend(
                    &[Budget {
                        policy: other,
                        client: "a"
                    }],
                    NOW
                )
                .await
                .is_allowed
        );
    }
}

#[tokio::test]
async fn a_ceiling_holds_over_many_clients() {
    for limiter in limiters() {
        let ceiling = Policy {
            name: "ceiling",
            limit: 3,
            ..TEN
        };
        let mut admitted = 0;
        for agent in 0..5 {
            let client = format!("203.0.113.7 agent-{agent}");
            let both = [
                budget(&client),
                Budget {
                    policy: ceiling,
                    client: "203.0.113.7",
                },
            ];
            let decision = limiter.spend(&both, NOW).await;
            assert_eq!(decision.remaining, if decision.is_allowed { 9 } else { 0 });
            admitted += usize::from(decision.is_allowed);
        }
        assert_eq!(admitted, 3);
    }
}

#[tokio::test]
async fn what_is_spent_can_be_seen_and_restored() {
    for limiter in limiters() {
        assert_eq!(limiter.spent(budget("a"), NOW).await, 0);
        allowed(&limiter, "a", 3, NOW).await;
        assert_eq!(limiter.spent(budget("a"), NOW).await, 3);
        assert_eq!(limiter.spent(budget("a"), NOW + TEN.window).await, 0);
        limiter.restore(budget("a"), NOW).await;
        assert_eq!(limiter.spent(budget("a"), NOW).await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_share_one_budget_exactly() {
    let prefix = prefix();
    let servers = [shared_with(&prefix), shared_with(&prefix)].map(Arc::new);
    let calls: Vec<_> = (0..64)
        .map(|number| {
            let server = Arc::clone(&servers[number % 2]);
            tokio::spawn(async move { server.spend(&[budget("a")], NOW).await.is_allowed })
        })
        .collect();
    let mut admitted = 0;
    for call in calls {
        admitted += usize::from(call.await.unwrap());
    }
    assert_eq!(admitted, 10);
}

#[tokio::test]
async fn without_redis_the_process_counts_by_itself() {
    let nowhere = Limiter::shared(&"redis://127.0.0.1:1".into(), "test").unwrap();
    assert_eq!(allowed(&nowhere, "a", 14, NOW).await, 10);
    // One that takes connections and says nothing costs a moment, once.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("redis://{}", silent.local_addr().unwrap());
    let silent = Limiter::shared(&address.into(), "test").unwrap();
    let started = std::time::Instant::now();
    assert_eq!(allowed(&silent, "a", 1_000, NOW).await, 10);
    assert!(
        started.elapsed() < Duration::from_secs(1),
        "{:?}",
        started.elapsed()
    );
}

#[test]
fn a_flood_of_clients_is_bounded_and_swept() {
    let memory = Memory::default();
    let count = |client: &str, now| {
        memory.add(
            &Budget {
                policy: TEN,
                client,
            },
            now,
        )
    };
    for number in 0..1_200_000 {
        count(&number.to_string(), NOW);
    }
    assert!(memory.len() <= 1_100_000, "{}", memory.len());
    // Newcomers share counts, and so do not get away with more.
    let spent: u64 = (0..100_000)
        .map(|number| count(&format!("late-{number}"), NOW))
        .max()
        .unwrap();
    assert!(spent > TEN.limit);
    for number in 0..10_000 {
        count(&number.to_string(), NOW + Duration::from_secs(120));
    }
    assert!(memory.len() <= 10_000, "{}", memory.len());
}

#[test]
fn an_address_that_is_none_is_refused_and_not_printed() {
    let error = Limiter::shared(&"hush".into(), "test").unwrap_err();
    assert!(!format!("{error:?} {error}").contains("hush"));
    let limiter = Limiter::shared(&"redis://:hush@127.0.0.1:1".into(), "test").unwrap();
    assert!(!format!("{limiter:?}").contains("hush"));
}
