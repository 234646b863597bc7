//! Measures a check in memory: `cargo bench -p eggypro-ratelimit`.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use eggypro_ratelimit::{Budget, Client, Limiter, Policy};
use futures_util::FutureExt;

const NOW: Duration = Duration::from_secs(1_700_000_000);
const AGENT: &[u8] =
    b"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0";

/// The check of every request, with many clients: the budget of the client and the ceiling of its address.
fn check(criterion: &mut Criterion) {
    let limiter = Limiter::in_memory();
    let mut number = 0_u32;
    criterion.bench_function("a check of two budgets in memory", |bencher| {
        bencher.iter(|| {
            number = (number + 1) % 100_000;
            let client = Client::at(IpAddr::V4(Ipv4Addr::from_bits(number)));
            let budgets = [
                Budget {
                    policy: Policy::STANDARD,
                    client: client.with_agent(AGENT),
                },
                Budget {
                    policy: Policy::STRICT,
                    client,
                },
            ];
            // In memory a check never waits.
            limiter.spend(budgets, NOW).now_or_never()
        });
    });
}

criterion_group!(benches, check);
criterion_main!(benches);
