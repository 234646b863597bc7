//! The request log and request counts.

mod address;
mod buckets;
mod counts;
mod percentiles;
mod request;
mod series;

use std::sync::Arc;

use async_trait::async_trait;

use crate::StoreError;

pub use self::address::AddressDetail;
pub use self::buckets::Bucket;
pub use self::counts::{CountKey, RequestCount, RequestCounts};
pub use self::percentiles::Percentiles;
pub use self::request::{RequestDetail, RequestGroup, RequestKind, RequestRecord, RequestTiming};
pub use self::series::{MAX_HOURLY_DAYS, MetricsPoint, SeriesStep};

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

    /// The statistics of all requests in the last `days` days, oldest first: a point for each
    /// [step](SeriesStep::of_days), also without requests. It covers the hours that [`summarize`](Self::summarize)
    /// covers, so the first and the last day of a series by day are incomplete.
    async fn series(&self, days: u8) -> Result<Vec<MetricsPoint>, StoreError>;

    /// Deletes some requests that are older than `days` days, and counts older than [`MAX_DAYS`]. Returns the number of
    /// deleted requests: 0 if none is left, or if another server is deleting them now.
    async fn delete_old(&self, days: u16) -> Result<usize, StoreError>;
}

/// Maximum number of days that a summary may cover.
pub const MAX_DAYS: u8 = 90;
