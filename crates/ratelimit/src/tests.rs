use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use eggypro_redis::testing::{self, OwnRedis, Proxy, prefix};

use super::*;

const NOW: Duration = Duration::from_secs(1_700_000_000);
const TEN: Policy = Policy {
    name: "ten",
    limit: 10,
    window: Duration::from_secs(60),
    counted: CountedRequests::Every,
};

/// A limiter on the test's Redis.
fn shared_with(prefix: &str) -> Limiter {
    Limiter::shared(testing::redis(), prefix)
}

fn limiters() -> [Limiter; 2] {
    [Limiter::in_memory(), shared_with(&prefix())]
}

fn client(number: u32) -> Client<'static> {
    Client::at(IpAddr::V4(Ipv4Addr::from_bits(number)))
}

const A: u32 = 1;
const B: u32 = 2;

fn budget(number: u32) -> Budget<'static> {
    Budget {
        policy: TEN,
        client: client(number),
    }
}

async fn allowed(limiter: &Limiter, client: u32, times: usize, now: Duration) -> usize {
    let mut allowed = 0;
    for _ in 0..times {
        allowed += usize::from(limiter.spend([budget(client)], now).await.is_allowed);
    }
    allowed
}

#[tokio::test]
async fn a_window_admits_its_limit_and_ends() {
    for limiter in limiters() {
        let start = Duration::from_secs(1_700_000_040); // a whole multiple of a minute
        let first = limiter.spend([budget(A)], start).await;
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
            allowed(&limiter, A, 13, start + Duration::from_millis(59_999)).await,
            9
        );
        let refused = limiter
            .spend([budget(A)], start + Duration::from_secs(50))
            .await;
        assert_eq!((refused.is_allowed, refused.remaining), (false, 0));
        assert_eq!(refused.reset, Duration::from_secs(10));
        assert_eq!(allowed(&limiter, A, 14, start + TEN.window).await, 10);
    }
}

#[tokio::test]
async fn clients_and_policies_are_counted_separately() {
    for limiter in limiters() {
        let other = Policy {
            name: "other",
            ..TEN
        };
        assert_eq!(allowed(&limiter, A, 12, NOW).await, 10);
        assert_eq!(allowed(&limiter, B, 12, NOW).await, 10);
        assert!(
            limiter
                .spend(
                    [Budget {
                        policy: other,
                        client: client(A)
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
        for agent in [b"1", b"2", b"3", b"4", b"5"] {
            let both = [
                Budget {
                    policy: TEN,
                    client: client(A).with_agent(agent),
                },
                Budget {
                    policy: ceiling,
                    client: client(A),
                },
            ];
            let decision = limiter.spend(both, NOW).await;
            assert_eq!(decision.remaining, if decision.is_allowed { 9 } else { 0 });
            admitted += usize::from(decision.is_allowed);
        }
        assert_eq!(admitted, 3);
    }
}

#[tokio::test]
async fn a_request_refused_by_a_ceiling_spends_no_other_budget() {
    for limiter in limiters() {
        let ceiling = Budget {
            policy: Policy {
                name: "ceiling",
                limit: 3,
                ..TEN
            },
            client: client(A),
        };
        for _ in 0..5 {
            limiter.spend([budget(A), ceiling], NOW).await;
        }
        assert_eq!(limiter.spent(budget(A), NOW).await, 3);
        assert_eq!(limiter.spent(ceiling, NOW).await, 5);
    }
}

#[tokio::test]
async fn a_spent_budget_can_be_read_and_restored() {
    for limiter in limiters() {
        assert_eq!(limiter.spent(budget(A), NOW).await, 0);
        allowed(&limiter, A, 3, NOW).await;
        assert_eq!(limiter.spent(budget(A), NOW).await, 3);
        assert_eq!(limiter.spent(budget(A), NOW + TEN.window).await, 0);
        limiter.restore(budget(A), NOW).await;
        assert_eq!(limiter.spent(budget(A), NOW).await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_share_one_budget_exactly() {
    let prefix = prefix();
    let servers = [shared_with(&prefix), shared_with(&prefix)].map(Arc::new);
    let calls: Vec<_> = (0..64)
        .map(|number| {
            let server = Arc::clone(&servers[number % 2]);
            tokio::spawn(async move { server.spend([budget(A)], NOW).await.is_allowed })
        })
        .collect();
    let mut admitted = 0;
    for call in calls {
        admitted += usize::from(call.await.unwrap());
    }
    assert_eq!(admitted, 10);
}

#[tokio::test]
async fn a_request_that_does_not_count_is_given_back() {
    for limiter in limiters() {
        let before = NOW - TEN.window;
        assert_eq!(allowed(&limiter, A, 1, before).await, 1);
        assert_eq!(allowed(&limiter, A, 12, NOW).await, 10);
        limiter.give_back(&[budget(A), budget(B)], NOW).await;
        assert_eq!(limiter.spent(budget(A), NOW).await, 11);
        // A budget never gets more back than was spent.
        assert_eq!(limiter.spent(budget(B), NOW).await, 0);
    }
}

#[test]
fn a_policy_decides_which_requests_count() {
    let of = |counted: CountedRequests| [counted.counts(true), counted.counts(false)];
    assert_eq!(of(CountedRequests::Every), [true, true]);
    assert_eq!(of(CountedRequests::Failed), [false, true]);
    assert_eq!(of(CountedRequests::Successful), [true, false]);
}

#[tokio::test]
async fn garbage_in_redis_counts_as_nothing() {
    let prefix = prefix();
    let limiter = shared_with(&prefix);
    let end = TEN.window_end(NOW).as_millis();
    let key = format!("{prefix}:limit:1:{{{}}}:ten:{end}:", client(A).network());
    let spoil = async |mut connection| {
        eggypro_redis::redis::cmd("LPUSH")
            .arg(&key)
            .arg("garbage")
            .query_async::<u64>(&mut connection)
            .await
    };
    assert_eq!(testing::redis().call(spoil).await, Some(1));
    assert_eq!(allowed(&limiter, A, 14, NOW).await, 10);
}

#[tokio::test]
async fn without_redis_the_process_counts_in_memory() {
    let nowhere = Redis::at(&"redis://127.0.0.1:1".into()).unwrap();
    let limiter = Limiter::shared(nowhere, "test");
    assert_eq!(allowed(&limiter, A, 14, NOW).await, 10);
    limiter.give_back(&[budget(A)], NOW).await;
    assert_eq!(limiter.spent(budget(A), NOW).await, 13);
}

#[tokio::test]
async fn shared_counts_still_apply_when_redis_is_unavailable() {
    let proxy = Proxy::open().await;
    let limiter = Limiter::shared(proxy.redis(), &prefix());
    assert_eq!(allowed(&limiter, A, 6, NOW).await, 6);
    limiter.give_back(&[budget(A)], NOW).await;
    proxy.cut();
    assert_eq!(allowed(&limiter, A, 9, NOW).await, 5);
    assert_eq!(allowed(&limiter, B, 14, NOW).await, 10);
}

#[tokio::test]
async fn redis_continues_from_local_counts_when_it_is_back() {
    let proxy = Proxy::open().await;
    let prefix = prefix();
    let limiter = Limiter::shared(proxy.redis(), &prefix);
    let other = shared_with(&prefix);
    let many = Budget {
        policy: Policy {
            limit: 1_000_000,
            ..TEN
        },
        ..budget(A)
    };
    let mut spent = 0;
    let mut spend = async || {
        spent += 1;
        limiter.spend([many], NOW).await;
        spent
    };
    spend().await;
    proxy.cut();
    for _ in 0..5 {
        spend().await;
    }
    assert_eq!(other.spent(many, NOW).await, 1);
    let _proxy = proxy.reopened().await;
    let started = std::time::Instant::now();
    while spend().await != other.spent(many, NOW).await {
        // Neither an answer of Redis nor its lack lowers what was counted.
        assert!(limiter.spent(many, NOW).await >= 6);
        assert!(
            started.elapsed() < Duration::from_secs(10),
            "nothing was told"
        );
        tokio::task::yield_now().await;
    }
    let before = other.spent(many, NOW).await;
    spend().await;
    assert_eq!(other.spent(many, NOW).await, before + 1);
}

#[tokio::test]
async fn a_floor_that_is_sent_again_counts_once() {
    let shared = Shared::new(testing::redis(), &prefix());
    let budgets = [budget(A)];
    assert_eq!(shared.add(&budgets, &[5], NOW).await, Some([6]));
    assert_eq!(shared.add(&budgets, &[5], NOW).await, Some([7]));
    assert_eq!(shared.add(&budgets, &[0], NOW).await, Some([8]));
}

#[test]
fn clients_that_share_a_count_pass_none_on() {
    let memory = Memory::default();
    for number in 0..1_200_000 {
        memory.add(&budget(number), NOW);
    }
    let late = budget(2_000_000);
    assert!(memory.add(&late, NOW) > 1);
    assert_eq!(memory.ahead(&late, NOW), 0);
    assert_eq!(memory.ahead(&budget(0), NOW), 1);
}

#[tokio::test]
async fn a_full_redis_raises_no_limit() {
    let server = OwnRedis::start(std::env::temp_dir(), &[]);
    let limiter = Limiter::shared(server.redis(), &prefix());
    let set_memory = async |bytes: &str| {
        let set = async |mut connection| {
            eggypro_redis::redis::cmd("CONFIG")
                .arg(&["SET", "maxmemory", bytes])
                .query_async::<()>(&mut connection)
                .await
        };
        assert_eq!(server.redis().call(set).await, Some(()));
    };
    assert_eq!(allowed(&limiter, A, 4, NOW).await, 4);
    set_memory("1").await;
    assert_eq!(allowed(&limiter, A, 4, NOW).await, 4);
    set_memory("0").await;
    assert_eq!(allowed(&limiter, A, 8, NOW).await, 2);
}

#[test]
fn a_flood_of_clients_is_bounded_and_swept() {
    let memory = Memory::default();
    let count = |number: u32, now| memory.add(&budget(number), now);
    for number in 0..1_200_000 {
        count(number, NOW);
    }
    assert!(memory.len() <= 1_100_000, "{}", memory.len());
    // New clients share counts, so a flood does not evade the limit.
    let spent: u64 = (2_000_000..2_100_000)
        .map(|number| count(number, NOW))
        .max()
        .unwrap();
    assert!(spent > TEN.limit);
    // A read returns the shared count as well.
    let late = 2_000_001;
    while count(late, NOW) <= TEN.limit {}
    assert!(memory.get(&budget(late), NOW) > TEN.limit);
    for number in 0..10_000 {
        count(number, NOW + Duration::from_secs(120));
    }
    assert!(memory.len() <= 10_000, "{}", memory.len());
}
