//! The request log: it is complete, its summaries are correct, and old requests are deleted.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};
use eggypro_domain::metrics::{
    MetricsPoint, MetricsRepository, RequestBatch, RequestCounts, RequestGroup, RequestKind,
    RequestTiming, SeriesStep,
};
use eggypro_persistence::PostgresMetrics;
use eggypro_persistence::testing::TestDatabase;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use time::OffsetDateTime;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn request(endpoint: &'static str, milliseconds: u32, age: Duration) -> RequestGroup {
    RequestGroup {
        kind: RequestKind {
            endpoint: endpoint.into(),
            method: "GET",
            status: if milliseconds.is_multiple_of(10) {
                404
            } else {
                200
            },
            user_agent: Some("a \\ client\twith \n odd 'ways'".into()),
            address: Some([203, 0, 113, 0].into()),
        },
        timings: vec![RequestTiming {
            at: SystemTime::now() - age,
            microseconds: milliseconds * 1_000,
        }],
    }
}

/// `count` requests of the same kind.
fn requests(count: usize, milliseconds: u32, age: Duration) -> RequestGroup {
    let mut requests = request("/api/products", milliseconds, age);
    requests.timings = requests.timings.repeat(count);
    requests
}

fn batch(requests: impl IntoIterator<Item = RequestGroup>) -> RequestBatch {
    let requests: Vec<_> = requests.into_iter().collect();
    let mut counts = RequestCounts::default();
    for RequestGroup { kind, timings } in &requests {
        counts.add(kind, timings);
    }
    RequestBatch {
        id: rand::random(),
        counts,
        requests,
    }
}

async fn keep(metrics: &PostgresMetrics, requests: impl IntoIterator<Item = RequestGroup>) {
    metrics.store(Arc::new(batch(requests))).await.unwrap();
}

fn rows(database: &TestDatabase, condition: &str) -> i64 {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let query = format!("SELECT count(*) FROM api_metrics WHERE {condition}");
    let row: Row = sql_query(query)
        .get_result(&mut *database.connect())
        .unwrap();
    row.count
}

#[tokio::test]
async fn summaries_count_exactly_and_approximate_percentiles() {
    let database = TestDatabase::migrated();
    let metrics = PostgresMetrics::new(database.open());
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let mut times: Vec<u32> = (0..20_000)
        .map(|_| f64::exp(random.random_range(0.0..9.0)) as u32)
        .collect();
    let make = |milliseconds: &u32| request("/api/products", *milliseconds, Duration::ZERO);
    for part in times.chunks(3_000) {
        keep(&metrics, part.iter().map(make)).await;
    }
    // A request older than the requested days, and one of another route.
    let others = vec![
        request("/api/products", 7_777, 3 * DAY),
        request("/api/categories", 3, Duration::ZERO),
    ];
    keep(&metrics, others).await;

    let summaries = metrics.summarize(2).await.unwrap();
    assert_eq!(summaries.len(), 2);
    let summary = &summaries[0];
    assert_eq!(
        (summary.endpoint.as_str(), summary.method.as_str()),
        ("/api/products", "GET")
    );
    assert_eq!(summary.total_requests, 20_000);
    let errors = times.iter().filter(|time| time.is_multiple_of(10)).count();
    assert_eq!(summary.error_count, errors as u64);
    let sum: u64 = times.iter().map(|time| u64::from(*time)).sum();
    assert!((summary.avg_response_time - sum as f64 / 20_000.0).abs() < 1e-6);
    times.sort_unstable();
    for (percent, found) in [(50, summary.p50), (95, summary.p95), (99, summary.p99)] {
        let truth = f64::from(times[20_000 * percent / 100 - 1]);
        let error = (f64::from(found) - truth).abs() / truth;
        assert!(error <= 0.02, "p{percent}: {found}, not {truth}");
    }
    assert_eq!(
        metrics.summarize(4).await.unwrap()[0].total_requests,
        20_001
    );
    assert_eq!(
        rows(
            &database,
            "user_agent LIKE '%odd ''ways''' AND ip_address = '203.0.113.0'"
        ),
        20_002
    );
}

/// The point of a series that covers a request.
fn point_of<'a>(
    series: &'a [MetricsPoint],
    step: SeriesStep,
    request: &RequestGroup,
) -> &'a MetricsPoint {
    let start = step.start_of(request.timings[0].at.into());
    let mut points = series.iter();
    points.find(|point| point.at == start).unwrap()
}

#[tokio::test]
async fn a_series_has_a_point_for_each_hour_or_day() {
    let database = TestDatabase::migrated();
    let metrics = PostgresMetrics::new(database.open());
    let earlier = Duration::from_secs(3 * 3_600);
    let slow = request("/api/products", 7_777, 3 * DAY);
    let fast = request("/api/categories", 3, earlier);
    let others = [
        RequestGroup {
            kind: request("/api/products", 10, earlier).kind,
            timings: vec![RequestTiming {
                microseconds: 10_000,
                ..fast.timings[0]
            }],
        },
        request("/api/products", 20, Duration::ZERO),
    ];
    let all = others.into_iter().chain([slow.clone(), fast.clone()]);
    keep(&metrics, all).await;

    for (days, step, length) in [
        (1, SeriesStep::Hour, 25),
        (7, SeriesStep::Hour, 169),
        (8, SeriesStep::Day, 9),
        (90, SeriesStep::Day, 91),
    ] {
        let series = metrics.series(days).await.unwrap();
        assert_eq!(series.len(), length);
        let mut gaps = series.windows(2).map(|pair| pair[1].at - pair[0].at);
        assert!(gaps.all(|gap| gap == step.duration()));
        let sum = |of: fn(&MetricsPoint) -> u64| series.iter().map(of).sum::<u64>();
        let summaries = metrics.summarize(days).await.unwrap();
        let requests = summaries.iter().map(|summary| summary.total_requests);
        assert_eq!(sum(|point| point.total_requests), requests.sum::<u64>());
        assert_eq!(sum(|point| point.error_count), 2);
        for point in &series {
            assert_eq!(point.percentiles.is_some(), point.total_requests > 0);
        }
    }

    let hours = metrics.series(7).await.unwrap();
    let point = point_of(&hours, SeriesStep::Hour, &fast);
    assert_eq!((point.total_requests, point.error_count), (2, 1));
    let percentiles = point.percentiles.unwrap();
    assert_eq!((percentiles.p50, percentiles.p95), (3, 10));
    let days = metrics.series(8).await.unwrap();
    let point = point_of(&days, SeriesStep::Day, &slow);
    assert_eq!((point.total_requests, point.error_count), (1, 0));
    assert!(point.percentiles.unwrap().p50.abs_diff(7_777) < 156);
    // The days before it have no requests.
    assert_eq!(days[0].total_requests, 0);
}

#[tokio::test]
async fn several_servers_count_together() {
    let database = TestDatabase::migrated();
    let writers: Vec<_> = (0..4)
        .map(|_| {
            let metrics = PostgresMetrics::new(database.open());
            tokio::spawn(async move {
                for _ in 0..25 {
                    let items = (0..40).map(|time| request("/api/products", time, Duration::ZERO));
                    keep(&metrics, items).await;
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let summaries = PostgresMetrics::new(database.open())
        .summarize(1)
        .await
        .unwrap();
    assert_eq!(summaries[0].total_requests, 4_000);
    assert_eq!(rows(&database, "TRUE"), 4_000);
}

#[tokio::test]
async fn old_requests_are_deleted_in_batches() {
    let database = TestDatabase::migrated();
    let metrics = PostgresMetrics::new(database.open());
    // More requests than a row holds, and more than are deleted at once.
    keep(&metrics, [requests(70_000, 1, 31 * DAY)]).await;
    keep(&metrics, [requests(70_000, 1, 31 * DAY)]).await;
    let others = (0..1_234).map(|number| {
        let mut request = request("/api/products", 1, 31 * DAY);
        request.kind.user_agent = Some(format!("client {number}").into());
        request
    });
    keep(&metrics, others).await;
    keep(&metrics, [requests(50, 1, 29 * DAY)]).await;
    let first = metrics.delete_old(30).await.unwrap();
    assert!((100_000..110_000).contains(&first), "{first}");
    let all = 2 * 70_000 + 1_234;
    assert_eq!(metrics.delete_old(30).await.unwrap(), all - first);
    assert_eq!(metrics.delete_old(30).await.unwrap(), 0);
    assert_eq!(rows(&database, "TRUE"), 50);
    // Some requests are counted but not recorded. A repeated batch changes nothing.
    let mut others = batch([requests(50, 1, Duration::ZERO)]);
    others.requests[0].timings.truncate(20);
    let others = Arc::new(others);
    for _ in 0..3 {
        metrics.store(Arc::clone(&others)).await.unwrap();
    }
    assert_eq!(rows(&database, "TRUE"), 70);
    let mut counted = batch([requests(7, 1, Duration::ZERO)]);
    counted.requests.clear();
    metrics.store(Arc::new(counted)).await.unwrap();
    assert_eq!(rows(&database, "TRUE"), 70);
    // Summaries still count all requests.
    assert_eq!(
        metrics.summarize(90).await.unwrap()[0].total_requests,
        all as u64 + 107
    );
}

#[tokio::test]
async fn autovacuum_collects_no_statistics_of_packed_columns() {
    let database = TestDatabase::migrated();
    let metrics = PostgresMetrics::new(database.open());
    keep(&metrics, [requests(1_000, 1, Duration::ZERO)]).await;
    let mut connection = database.connect();
    sql_query("ANALYZE api_metrics_packed")
        .execute(&mut *connection)
        .unwrap();
    let columns: Columns = sql_query(
        "SELECT coalesce(string_agg(attname, ' ' ORDER BY attname), '') AS names FROM pg_stats \
         WHERE tablename = 'api_metrics_packed' AND schemaname = current_schema()",
    )
    .get_result(&mut *connection)
    .unwrap();
    assert_eq!(
        columns.names,
        "endpoint id last_at method requests status_code user_agent"
    );
}

#[derive(QueryableByName)]
struct Columns {
    #[diesel(sql_type = Text)]
    names: String,
}

#[tokio::test]
async fn recorded_requests_are_packed_and_unpacked() {
    let database = TestDatabase::migrated();
    let old: Vec<OldRequest> = (0..200).map(OldRequest::numbered).collect();
    diesel::copy_from(api_metrics::table)
        .from_insertable(old)
        .execute(&mut *database.connect())
        .unwrap();
    let is_complete = || {
        assert_eq!(rows(&database, "TRUE"), 200);
        let as_written = "response_time % 2 = status_code - 200 AND (response_time % 3 = 0) = (ip_address IS NOT NULL) \
             AND created_at < now() - response_time * interval '1 second' \
             AND created_at > now() - (response_time + 60) * interval '1 second'";
        assert_eq!(rows(&database, as_written), 200);
        let is_twice = "EXISTS (SELECT FROM api_metrics GROUP BY id HAVING count(*) > 1)";
        assert_eq!(rows(&database, is_twice), 0);
    };
    is_complete();
    database.execute(include_str!(
        "../../../migrations/2026-11-25-100000_pack_api_metrics/down.sql"
    ));
    is_complete();
    database.execute(include_str!(
        "../../../migrations/2026-11-25-100000_pack_api_metrics/up.sql"
    ));
    is_complete();
    let metrics = PostgresMetrics::new(database.open());
    keep(&metrics, [request("/api/products", 1, 31 * DAY)]).await;
    assert_eq!(metrics.delete_old(30).await.unwrap(), 1);
    is_complete();
}

diesel::table! {
    /// The table before requests were packed.
    api_metrics (id) {
        id -> Int8,
        endpoint -> Varchar,
        method -> Varchar,
        status_code -> Int4,
        response_time -> Int4,
        user_agent -> Nullable<Text>,
        ip_address -> Nullable<Varchar>,
        created_at -> Timestamptz,
    }
}

#[derive(Insertable)]
#[diesel(table_name = api_metrics, treat_none_as_default_value = false)]
struct OldRequest {
    endpoint: &'static str,
    method: &'static str,
    status_code: i32,
    response_time: i32,
    user_agent: Option<&'static str>,
    ip_address: Option<&'static str>,
    created_at: OffsetDateTime,
}

impl OldRequest {
    fn numbered(number: i32) -> Self {
        Self {
            endpoint: "/api/products",
            method: "GET",
            status_code: 200 + number % 2,
            response_time: number,
            user_agent: None,
            ip_address: (number % 3 == 0).then_some("203.0.113.0"),
            created_at: OffsetDateTime::now_utc()
                - Duration::from_secs(number.unsigned_abs().into()),
        }
    }
}
