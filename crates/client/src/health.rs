//! Health, metrics, and what the server is.

use reqwest::StatusCode;
use reqwest::header::{self, HeaderMap};
use serde::Deserialize;
use time::OffsetDateTime;

use crate::operation as op;
use crate::request::Request;
use crate::text_enum::text_enum;
use crate::{Call, Client};

text_enum! {
    /// The health of a server or a service.
    HealthStatus {
        /// It works.
        Healthy = "healthy",
        /// It works in part.
        Degraded = "degraded",
        /// It does not work.
        Unhealthy = "unhealthy",
        /// It is not configured.
        Disabled = "disabled",
    }
}

/// The health of a server and its services.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Health {
    /// The health of the server.
    pub status: HealthStatus,
    /// When it was checked.
    #[serde(with = "time::serde::rfc3339")]
    pub timestamp: OffsetDateTime,
    /// For how many seconds the server has run.
    pub uptime: f64,
    /// How many milliseconds the check took.
    #[serde(rename = "responseTime")]
    pub response_time: u64,
    /// The health of its services.
    pub services: HealthServices,
    /// The version of the server.
    pub version: String,
    /// `development`, `production` or `test`.
    pub environment: String,
}

/// The health of the services of a server.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct HealthServices {
    /// PostgreSQL.
    pub database: HealthService,
    /// The image store.
    pub cloudinary: HealthService,
    /// The shared cache.
    pub cache: HealthService,
}

/// The health of a service.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct HealthService {
    /// The health.
    pub status: HealthStatus,
}

/// Whether a server lives or is ready.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct State {
    /// A word for people.
    pub status: String,
}

/// What the server is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Greeting {
    /// The name of the API.
    pub name: String,
    /// The version of the server.
    pub version: String,
    /// The path of the documentation.
    pub docs: String,
    /// The path of the OpenAPI document.
    pub openapi: String,
    /// The path of the administration.
    pub admin: String,
}

/// The requests of some days by endpoint.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Metrics {
    /// The number of days.
    pub days: u32,
    /// The endpoints.
    pub endpoints: Vec<EndpointMetrics>,
    /// All requests over time, the oldest first: a point an hour for up to 7 days, else a point a day.
    #[serde(default)]
    pub series: Vec<MetricsPoint>,
    /// How often the server found public answers in its memory.
    pub cache: Option<CacheMetrics>,
}

/// The requests of an hour, or of a day in UTC. Times are in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct MetricsPoint {
    /// When the hour or the day began.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// The number of requests.
    pub total_requests: u64,
    /// The number of requests that were answered with 400 or more.
    pub error_count: u64,
    /// The median of the time; `None` without requests.
    pub p50: Option<u32>,
    /// 95 % of requests took no longer.
    pub p95: Option<u32>,
    /// 99 % of requests took no longer.
    pub p99: Option<u32>,
}

/// How often a server found public answers in its memory, since its start.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct CacheMetrics {
    /// Answers that were found.
    pub hits: u64,
    /// Answers that were not.
    pub misses: u64,
}

/// The requests of an endpoint. Times are in milliseconds.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct EndpointMetrics {
    /// The pattern of the path.
    pub endpoint: String,
    /// The method.
    pub method: String,
    /// The number of requests.
    pub total_requests: u64,
    /// The number of failed requests.
    pub error_count: u64,
    /// The mean time.
    pub avg_response_time: f64,
    /// The median of the time.
    pub p50: u32,
    /// 95 % of requests took no longer.
    pub p95: u32,
    /// 99 % of requests took no longer.
    pub p99: u32,
}

/// The calls of health. See [`Client::health`].
#[derive(Debug, Clone, Copy)]
pub struct HealthCalls<'a>(&'a Client);

impl Client {
    /// The health of the server.
    pub fn health(&self) -> HealthCalls<'_> {
        HealthCalls(self)
    }

    /// Reads what the server is.
    pub fn greeting(&self) -> Call<Greeting> {
        Call::json(self, Request::new(&op::GREET, &[]))
    }

    /// Reads the request metrics of the last 1 to 90 days; 7 by default.
    ///
    /// # Errors
    /// 403 without `metrics:read`.
    pub fn metrics(&self, days: Option<u8>) -> Call<Metrics> {
        let request = Request::new(&op::READ_METRICS, &[]);
        let request = request.query(|query| {
            query.add("days", days);
        });
        Call::json(self, request)
    }
}

impl HealthCalls<'_> {
    /// Reads the health of the server and its services, also that of a degraded one.
    ///
    /// # Errors
    /// 503 without the health: that of a proxy, for example.
    pub fn read(&self) -> Call<Health> {
        let mut request = Request::new(&op::HEALTH, &[]);
        request.options.accepts = Some(is_degraded);
        Call::json(self.0, request)
    }

    /// Whether the process lives. It is asked once.
    pub fn live(&self) -> Call<State> {
        Call::json(self.0, Request::new(&op::LIVE, &[])).max_retries(0)
    }

    /// Whether the server can answer requests. It is asked once.
    ///
    /// # Errors
    /// 503 if it can't.
    pub fn ready(&self) -> Call<State> {
        Call::json(self.0, Request::new(&op::READY, &[])).max_retries(0)
    }
}

/// Whether an answer is the health of a degraded server. A proxy answers 503 as well, with a body of its own.
fn is_degraded(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let media_type = content_type.and_then(|value| value.split(';').next());
    status == StatusCode::SERVICE_UNAVAILABLE
        && media_type.is_some_and(|media_type| media_type.trim() == "application/json")
        && serde_json::from_slice::<Health>(body).is_ok()
}
