//! The request log and request counts.

mod buckets;
mod counts;

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::SystemTime;

use async_trait::async_trait;

use crate::StoreError;

pub use self::buckets::Bucket;
pub use self::counts::{CountKey, RequestCount, RequestCounts};

/// An answered request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestRecord<'a> {
    /// What it has in common with similar requests.
    pub kind: RequestKind<'a>,
    /// When it arrived and how long it took.
    pub timing: RequestTiming,
    /// How much of it is recorded.
    pub detail: RequestDetail,
}

/// The properties that similar requests share. Requests of the same kind are recorded together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RequestKind<'a> {
    /// The pattern of the route, such as `/api/products/{slug}`; never the path.
    pub endpoint: Cow<'static, str>,
    /// The HTTP method.
    pub method: &'static str,
    /// The response status.
    pub status: u16,
    /// The user agent of the client.
    pub user_agent: Option<Cow<'a, str>>,
    /// The address of the client, as far as it may be recorded.
    pub address: Option<IpAddr>,
}

impl RequestKind<'_> {
    /// Whether the answer was an error.
    pub fn is_error(&self) -> bool {
        self.status >= 400
    }

    /// The same with owned values.
    pub fn into_owned(self) -> RequestKind<'static> {
        RequestKind {
            user_agent: self.user_agent.map(|agent| agent.into_owned().into()),
            ..self
        }
    }
}

/// How much of a request is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestDetail {
    /// An entry in the request log. For requests that passed a rate limit or came from an administrator.
    Recorded,
    /// Only the request counts. For requests that were refused or are not rate limited: an attacker could fill the disk
    /// with entries for them.
    Counted,
}

/// When a request arrived and how long it took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestTiming {
    /// The time of arrival.
    pub at: SystemTime,
    /// The response time in microseconds.
    pub microseconds: u32,
}

impl RequestTiming {
    /// The response time in whole milliseconds.
    pub fn milliseconds(&self) -> u32 {
        self.microseconds.saturating_add(500) / 1_000
    }
}

/// Requests of the same kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestGroup {
    /// The kind.
    pub kind: RequestKind<'static>,
    /// The timing of each request.
    pub timings: Vec<RequestTiming>,
}

/// How much of a client's address is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AddressDetail {
    /// The whole address.
    Full,
    /// Only the network: 24 bits of an IPv4 address, 48 bits of an IPv6 address.
    #[default]
    Truncated,
    /// Nothing.
    Off,
}

impl AddressDetail {
    /// The part of an address that is recorded.
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

/// Records requests. Never blocks: requests that exceed its capacity are dropped, and counted as dropped.
pub trait RequestRecorder: Send + Sync {
    /// Records a request.
    fn record(&self, request: RequestRecord<'_>);
}

/// Requests that are stored together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestBatch {
    /// Unique id of the batch.
    pub id: u128,
    /// The requests for the request log.
    pub requests: Vec<RequestGroup>,
    /// The counts of all requests, including those that are not in the request log.
    pub counts: RequestCounts,
}

impl RequestBatch {
    /// The number of requests for the request log.
    pub fn request_count(&self) -> usize {
        let requests = self.requests.iter();
        requests.map(|alike| alike.timings.len()).sum()
    }
}

/// Statistics of one route and method.
#[derive(Debug, Clone, PartialEq)]
pub struct EndpointSummary {
    /// The pattern of the route.
    pub endpoint: String,
    /// The HTTP method.
    pub method: String,
    /// The number of requests.
    pub total_requests: u64,
    /// The number of responses with a status of 400 or more.
    pub error_count: u64,
    /// The mean response time in milliseconds.
    pub avg_response_time: f64,
    /// The median response time in milliseconds. Like the other percentiles, it is accurate to 2 %.
    pub p50: u32,
    /// The 95th percentile in milliseconds.
    pub p95: u32,
    /// The 99th percentile in milliseconds.
    pub p99: u32,
}

/// Stores the request log and the request counts.
#[async_trait]
pub trait MetricsRepository: Send + Sync {
    /// Stores a batch in one transaction. A batch that is stored already is ignored.
    async fn store(&self, batch: Arc<RequestBatch>) -> Result<(), StoreError>;

    /// The statistics of each route and method in the last `days` days, busiest first. The oldest hour is included
    /// completely.
    async fn summarize(&self, days: u8) -> Result<Vec<EndpointSummary>, StoreError>;

    /// Deletes some requests that are older than `days` days, and counts older than [`MAX_DAYS`]. Returns the number of
    /// deleted requests: 0 if none is left, or if another server is deleting them now.
    async fn delete_old(&self, days: u16) -> Result<usize, StoreError>;
}

/// Maximum number of days that a summary may cover.
pub const MAX_DAYS: u8 = 90;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_truncated_to_their_network() {
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
