use actix_web::{HttpRequest, HttpResponse, web};
use eggypro_cache::CacheMetrics;
use eggypro_domain::metrics::{EndpointSummary, MAX_DAYS, MetricsPoint};
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};

use crate::message::document::Document;
use crate::message::problem::Problem;
use crate::message::query::Query;
use crate::pipeline::permissions::{Admin, MetricsRead};
use crate::state::Api;

/// The default number of days in a summary.
const DAYS: u8 = 7;

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `read` reads")]
pub(crate) struct MetricsParameters {
    /// How many days to go back.
    #[param(minimum = 1, maximum = 90, default = 7)]
    days: Option<u8>,
}

/// How requests went.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Metrics<'a> {
    #[schema(example = 7)]
    days: u8,
    /// The busiest first.
    endpoints: Vec<EndpointBody<'a>>,
    /// All requests over time, oldest first, without gaps: a point an hour for up to 7 days, else a point a day. The first
    /// and the last day are incomplete.
    series: Vec<PointBody>,
    cache: CacheBody,
}

/// How the requests of one route and method went; times in milliseconds, percentiles within 2 %.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EndpointMetrics)]
struct EndpointBody<'a> {
    /// The route's pattern, or `unmatched`.
    #[schema(example = "/api/products/{slug}")]
    endpoint: &'a str,
    #[schema(example = "GET")]
    method: &'a str,
    total_requests: u64,
    /// Those answered with a status of 400 or more.
    error_count: u64,
    #[schema(example = 2.1)]
    avg_response_time: f64,
    p50: u32,
    p95: u32,
    p99: u32,
}

/// How the requests of an hour, or of a day in UTC, went; times in milliseconds, percentiles within 2 %.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MetricsPoint)]
struct PointBody {
    /// When the hour or day began.
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    total_requests: u64,
    /// Those answered with a status of 400 or more.
    error_count: u64,
    /// Like the other percentiles, null without requests.
    p50: Option<u32>,
    p95: Option<u32>,
    p99: Option<u32>,
}

/// How often this server found public answers in its memory, since its start.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CacheMetrics)]
struct CacheBody {
    hits: u64,
    misses: u64,
}

/// How requests went
///
/// Counted by the hour; the oldest hour counts as a whole.
#[utoipa::path(
    get,
    path = "/api/metrics",
    tag = "metrics",
    operation_id = "readMetrics",
    security(("admin" = ["metrics:read"])),
    params(MetricsParameters),
    responses((status = 200, description = "How each route and method went", body = Metrics)),
)]
pub(crate) async fn read(
    _: Admin<MetricsRead>,
    request: HttpRequest,
    api: web::Data<Api>,
) -> Result<HttpResponse, Problem> {
    let mut query = Query::of(&request, &["days"])?;
    let days = query.read("days", |text| {
        let days = text
            .parse()
            .ok()
            .filter(|days| (1..=MAX_DAYS).contains(days));
        days.ok_or("must be a whole number from 1 to 90")
    });
    query.finish()?;
    let days = days.unwrap_or(DAYS);
    let summaries = api.metrics.summarize(days).await?;
    let series = api.metrics.series(days).await?;
    let body = Metrics {
        days,
        endpoints: summaries.iter().map(EndpointBody::of).collect(),
        series: series.iter().map(PointBody::of).collect(),
        cache: CacheBody::of(&api.cache.metrics()),
    };
    Document::json(&body)?.respond(&request).await
}

impl<'a> EndpointBody<'a> {
    fn of(summary: &'a EndpointSummary) -> Self {
        Self {
            endpoint: &summary.endpoint,
            method: &summary.method,
            total_requests: summary.total_requests,
            error_count: summary.error_count,
            // Times are measured in microseconds.
            avg_response_time: (summary.avg_response_time * 1_000.0).round() / 1_000.0,
            p50: summary.p50,
            p95: summary.p95,
            p99: summary.p99,
        }
    }
}

impl PointBody {
    fn of(point: &MetricsPoint) -> Self {
        let percentiles = point.percentiles;
        Self {
            at: point.at,
            total_requests: point.total_requests,
            error_count: point.error_count,
            p50: percentiles.map(|of| of.p50),
            p95: percentiles.map(|of| of.p95),
            p99: percentiles.map(|of| of.p99),
        }
    }
}

impl CacheBody {
    fn of(cache: &CacheMetrics) -> Self {
        Self {
            hits: cache.hits,
            misses: cache.misses,
        }
    }
}
