//! The only test of its process, since it measures the memory of the process.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use eggypro_ratelimit::{Budget, Client, Limiter, Policy};

#[tokio::test]
async fn a_million_addresses_take_less_than_100_mb() {
    let limiter = Limiter::in_memory();
    let before = resident_bytes();
    for number in 0..1_000_000 {
        let budget = Budget {
            policy: Policy::STANDARD,
            client: Client::at(IpAddr::V4(Ipv4Addr::from_bits(number))),
        };
        limiter
            .spend([budget], Duration::from_secs(1_700_000_000))
            .await;
    }
    let grown = resident_bytes() - before;
    assert!(grown > 1_000_000, "{grown} bytes can't hold them");
    assert!(grown < 100_000_000, "{grown} bytes");
}

fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .unwrap();
    let kilobytes = line.split_whitespace().nth(1).unwrap();
    kilobytes.parse::<u64>().unwrap() * 1024
}
