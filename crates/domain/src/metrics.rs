//! What is known of the requests that a server has answered.

mod buckets;
mod counts;

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::SystemTime;

use async_trait::async_trait;

use crate::StoreError;

pub use self::buckets::Bucket;
pub use self::counts::{Counted, RequestCount, RequestCounts};

/// A request that was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestRecord<'a> {
    /// What it has in common with others.
    pub kind: RequestKind<'a>,
    /// When it came, and how long it took.
    pub timing: RequestTiming,
    /// How much is kept of it.
    pub detail: RequestDetail,
}

/// What requests have in common that are noted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RequestKind<'a> {
    /// The pattern of the route, such as `/api/products/{slug}`; never the path.
    pub endpoint: Cow<'static, str>,
    /// The method.
    pub method: &'static str,
    /// The status of the answer.
    pub status: u16,
    /// How the client calls itself.
    pub user_agent: Option<Cow<'a, str>>,
    /// Where it comes from, as far as that may be known.
    pub address: Option<IpAddr>,
}

impl RequestKind<'_> {
    /// Whether the answer was an error.
    pub fn is_error(&self) -> bool {
        self.status >= 400
    }

    /// The same, to be kept.
    pub fn into_owned(self) -> RequestKind<'static> {
        RequestKind {
            user_agent: self.user_agent.map(|agent| agent.into_owned().into()),
            ..self
        }
    }
}

/// How much is kept of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestDetail {
    /// A record of its own, for a request that passed a limit or came from an administrator.
    Recorded,
    /// That it was there, in the counts: it was refused, or nothing limits how many there are, so that a stranger could
    /// fill the disk with records.
    Counted,
}

/// When a request came, and how long it took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestTiming {
    /// When it came.
    pub at: SystemTime,
    /// How long it took, in microseconds.
    pub microseconds: u32,
}

impl RequestTiming {
    /// How long it took, in whole milliseconds.
    pub fn milliseconds(&self) -> u32 {
        self.microseconds.saturating_add(500) / 1_000
    }
}

/// Requests of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlikeRequests {
    /// What they have in common.
    pub kind: RequestKind<'static>,
    /// When each came, and how long it took.
    pub timings: Vec<RequestTiming>,
}

/// How much of a client's address is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AddressDetail {
    /// All of it.
    Full,
    /// Its network alone: 24 bits of an IPv4 address, 48 of an IPv6 one.
    #[default]
    Truncated,
    /// Nothing.
    Off,
}

impl AddressDetail {
    /// What is kept of an address.
    pub fn of(self, address: IpAddr) -> Option<IpAddr> {
        match (self, address) {
            (Self::Off, _) => None,
            (Self::Full, _) => Some(address),
            (Self::Truncated, IpAddr::V4(address)) => {
                let network = u32::from(address) & u32::MAX << 8;
                Some(IpAddr::V4(network.into()))
            }
            (Self::Truncated, IpAddr::V6(address)) => {
                let network = u128::from(address) & u128::MAX << 80;
                Some(IpAddr::V6(network.into()))
            }
        }
    }
}

/// Takes notes of requests. It never waits: what it has no room for is lost, and counted as lost.
pub trait RequestRecorder: Send + Sync {
    /// Takes note of one.
    fn record(&self, request: RequestRecord<'_>);
}

/// Requests that are written down together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestBatch {
    /// Tells it from all others.
    pub id: u128,
    /// Those that a note is kept of.
    pub requests: Vec<AlikeRequests>,
    /// How many there were, also of those that no note is kept of.
    pub counts: RequestCounts,
}

impl RequestBatch {
    /// Of how many requests a note is kept.
    pub fn noted(&self) -> usize {
        let requests = self.requests.iter();
        requests.map(|alike| alike.timings.len()).sum()
    }
}

/// How the requests of one route and method went.
#[derive(Debug, Clone, PartialEq)]
pub struct EndpointSummary {
    /// The pattern of the route.
    pub endpoint: String,
    /// The method.
    pub method: String,
    /// How many there were.
    pub total_requests: u64,
    /// How many of them were answered with a status of 400 or more.
    pub error_count: u64,
    /// The mean of their response times, in milliseconds.
    pub avg_response_time: f64,
    /// What half of them did not exceed, in milliseconds; at most 2 % away from the truth, as are the others.
    pub p50: u32,
    /// What 95 of 100 did not exceed.
    pub p95: u32,
    /// What 99 of 100 did not exceed.
    pub p99: u32,
}

/// Where notes of requests are kept.
#[async_trait]
pub trait MetricsRepository: Send + Sync {
    /// Keeps the notes and adds the counts of a batch; everything or nothing of it, and nothing twice, however often the
    /// same batch is given.
    async fn keep(&self, batch: Arc<RequestBatch>) -> Result<(), StoreError>;

    /// How each route and method went in the last so many days, the busiest first. The oldest hour counts as a whole.
    async fn summarize(&self, days: u8) -> Result<Vec<EndpointSummary>, StoreError>;

    /// Forgets some of the requests that are older than so many days, and of their summaries what is older than
    /// [`MAX_DAYS`]; how many requests it forgot, which is none when nobody is left or another server does the same.
    async fn forget(&self, days: u16) -> Result<usize, StoreError>;
}

/// How many days a summary may go back.
pub const MAX_DAYS: u8 = 90;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_cut_to_their_network() {
        let cut = |address: &str| {
            let kept = AddressDetail::Truncated.of(address.parse().unwrap());
            kept.unwrap().to_string()
        };
        assert_eq!(cut("203.0.113.77"), "203.0.113.0");
        assert_eq!(cut("2001:db8:1:2:3:4:5:6"), "2001:db8:1::");
        let address = "203.0.113.77".parse().unwrap();
        assert_eq!(AddressDetail::Off.of(address), None);
        assert_eq!(AddressDetail::Full.of(address), Some(address));
    }
}
