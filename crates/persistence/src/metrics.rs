mod packed;
mod series;

use std::cmp::Reverse;
use std::sync::Arc;

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Bool, Integer, SmallInt, Text, Timestamptz};
use eggypro_domain::StoreError;
use eggypro_domain::metrics::{
    Bucket, EndpointSummary, MAX_DAYS, MetricsPoint, MetricsRepository, Percentiles, RequestBatch,
    RequestCount, RequestCounts,
};
use time::{Duration, OffsetDateTime};

use self::packed::Packed;
use crate::database::Database;
use crate::schema::api_metrics_packed;

/// Maximum number of rows to delete at once, so that no statement takes long.
const MAX_ROWS: i32 = 10_000;
/// About the maximum number of recorded requests to delete at once.
const MAX_REQUESTS: i32 = 100_000;

/// The key of the lock that lets only one server at a time delete old requests: the letters of `metrics` as a number.
const LOCK: i64 = 0x6d_65_74_72_69_63_73;

/// The request log and the rollups in PostgreSQL. Similar requests of a batch share a row. The rollups are updated in
/// the same transaction. The view `api_metrics` shows one row per request.
#[derive(Debug, Clone)]
pub struct PostgresMetrics {
    database: Database,
}

impl PostgresMetrics {
    /// The request log of this database.
    pub fn new(database: Database) -> Self {
        Self { database }
    }
}

#[async_trait]
impl MetricsRepository for PostgresMetrics {
    async fn store(&self, batch: Arc<RequestBatch>) -> Result<(), StoreError> {
        let keep = move |connection: &mut PgConnection| {
            let rows = Packed::of(&batch.requests);
            connection.transaction(|connection| {
                let new = sql_query(
                    "INSERT INTO api_metrics_batches (id) VALUES ($1::uuid) ON CONFLICT DO NOTHING",
                );
                let id = format!("{:032x}", batch.id);
                if new.bind::<Text, _>(id).execute(connection)? == 0 {
                    // The batch was written before, and the caller did not get the result.
                    return Ok(());
                }
                diesel::copy_from(api_metrics_packed::table)
                    .from_insertable(rows)
                    .execute(connection)?;
                add(&batch.counts, connection)
            })?;
            Ok(())
        };
        self.database.run(keep).await
    }

    async fn summarize(&self, days: u8) -> Result<Vec<EndpointSummary>, StoreError> {
        let since = OffsetDateTime::now_utc() - Duration::days(days.into());
        let summarize = move |connection: &mut PgConnection| {
            let rows: Vec<BucketRow> = sql_query(
                "SELECT endpoint::text, method::text, bucket, sum(requests)::bigint AS requests, \
                 sum(errors)::bigint AS errors, sum(response_time)::bigint AS response_time \
                 FROM api_metrics_hourly WHERE hour >= date_trunc('hour', $1) \
                 GROUP BY endpoint, method, bucket ORDER BY endpoint, method, bucket",
            )
            .bind::<Timestamptz, _>(since)
            .load(connection)?;
            Ok(rows)
        };
        let rows: Vec<BucketRow> = self.database.run::<_, StoreError>(summarize).await?;
        let same =
            |a: &BucketRow, b: &BucketRow| (&a.endpoint, &a.method) == (&b.endpoint, &b.method);
        let mut summaries: Vec<_> = rows.chunk_by(same).map(summary).collect();
        summaries.sort_by_key(|summary| Reverse(summary.total_requests));
        Ok(summaries)
    }

    async fn series(&self, days: u8) -> Result<Vec<MetricsPoint>, StoreError> {
        let now = OffsetDateTime::now_utc();
        let points =
            move |connection: &mut PgConnection| Ok(series::points(connection, days, now)?);
        self.database.run(points).await
    }

    async fn delete_old(&self, days: u16) -> Result<usize, StoreError> {
        let now = OffsetDateTime::now_utc();
        let requests = now - Duration::days(days.into());
        let counts = now - Duration::days(i64::from(MAX_DAYS) + 1);
        let forget = move |connection: &mut PgConnection| {
            Ok(connection.transaction(|connection| forget_before(requests, counts, connection))?)
        };
        self.database.run(forget).await
    }
}

/// Deletes some of the requests and rollups that are older than these times. Returns the number of deleted requests.
fn forget_before(
    requests: OffsetDateTime,
    counts: OffsetDateTime,
    connection: &mut PgConnection,
) -> QueryResult<usize> {
    let lock = sql_query("SELECT pg_try_advisory_xact_lock($1) AS is_ours");
    let lock: Lock = lock.bind::<BigInt, _>(LOCK).get_result(connection)?;
    if !lock.is_ours {
        return Ok(0);
    }
    let old = "DELETE FROM api_metrics_batches WHERE created_at < now() - interval '1 hour'";
    sql_query(old).execute(connection)?;
    sql_query(
        "DELETE FROM api_metrics_hourly WHERE ctid = ANY(ARRAY(\
         SELECT ctid FROM api_metrics_hourly WHERE hour < $1 ORDER BY hour LIMIT $2))",
    )
    .bind::<Timestamptz, _>(counts)
    .bind::<Integer, _>(MAX_ROWS)
    .execute(connection)?;
    let forgotten: Forgotten = sql_query(
        "WITH old AS (\
         SELECT id, requests, sum(requests) OVER (ORDER BY last_at, id) AS up_to_here FROM api_metrics_packed \
         WHERE last_at < $1 ORDER BY last_at, id LIMIT $2), \
         gone AS (DELETE FROM api_metrics_packed WHERE id = ANY(ARRAY(\
         SELECT id FROM old WHERE up_to_here - requests < $3)) RETURNING requests) \
         SELECT coalesce(sum(requests), 0) AS requests FROM gone",
    )
    .bind::<Timestamptz, _>(requests)
    .bind::<Integer, _>(MAX_ROWS)
    .bind::<Integer, _>(MAX_REQUESTS)
    .get_result(connection)?;
    Ok(forgotten.requests.unsigned_abs() as usize)
}

#[derive(QueryableByName)]
struct Lock {
    #[diesel(sql_type = Bool)]
    is_ours: bool,
}

#[derive(QueryableByName)]
struct Forgotten {
    #[diesel(sql_type = BigInt)]
    requests: i64,
}

/// Adds counts in an order that all servers share, which prevents deadlocks.
fn add(counts: &RequestCounts, connection: &mut PgConnection) -> QueryResult<()> {
    let counts = counts.sorted();
    let keys = || counts.iter().map(|(counted, _)| *counted);
    let sums = |of: fn(&RequestCount) -> u64| -> Vec<i64> {
        let sums = counts.iter().map(|(_, count)| of(count));
        sums.map(u64::cast_signed).collect()
    };
    let hours: Vec<OffsetDateTime> = keys().map(|counted| counted.hour().into()).collect();
    let endpoints: Vec<&str> = keys().map(|counted| counted.endpoint.as_ref()).collect();
    let methods: Vec<&str> = keys().map(|counted| counted.method).collect();
    let buckets: Vec<i16> = keys().map(|counted| counted.bucket.number()).collect();
    sql_query(
        "INSERT INTO api_metrics_hourly AS kept \
         SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (hour, endpoint, method, bucket) DO UPDATE SET \
         requests = kept.requests + excluded.requests, errors = kept.errors + excluded.errors, \
         response_time = kept.response_time + excluded.response_time",
    )
    .bind::<Array<Timestamptz>, _>(hours)
    .bind::<Array<Text>, _>(endpoints)
    .bind::<Array<Text>, _>(methods)
    .bind::<Array<SmallInt>, _>(buckets)
    .bind::<Array<BigInt>, _>(sums(|count| count.requests))
    .bind::<Array<BigInt>, _>(sums(|count| count.errors))
    .bind::<Array<BigInt>, _>(sums(|count| count.microseconds))
    .execute(connection)?;
    Ok(())
}

#[derive(QueryableByName)]
struct BucketRow {
    #[diesel(sql_type = Text)]
    endpoint: String,
    #[diesel(sql_type = Text)]
    method: String,
    #[diesel(sql_type = SmallInt)]
    bucket: i16,
    #[diesel(sql_type = BigInt)]
    requests: i64,
    #[diesel(sql_type = BigInt)]
    errors: i64,
    #[diesel(sql_type = BigInt)]
    response_time: i64,
}

/// Summarizes the buckets of an endpoint, which must be in order.
fn summary(buckets: &[BucketRow]) -> EndpointSummary {
    let sum = |of: fn(&BucketRow) -> i64| buckets.iter().map(of).sum::<i64>().unsigned_abs();
    let total_requests = sum(|row| row.requests);
    let counts = buckets.iter().map(|row| {
        let bucket = Bucket::numbered(row.bucket);
        (bucket, row.requests.unsigned_abs())
    });
    let percentiles = Percentiles::of(&counts.collect::<Vec<_>>());
    let percentile = |of: fn(&Percentiles) -> u32| percentiles.as_ref().map_or(0, of);
    let (endpoint, method) = buckets
        .first()
        .map(|row| (row.endpoint.clone(), row.method.clone()))
        .unwrap_or_default();
    EndpointSummary {
        endpoint,
        method,
        total_requests,
        error_count: sum(|row| row.errors),
        avg_response_time: sum(|row| row.response_time) as f64
            / 1_000.0
            / total_requests.max(1) as f64,
        p50: percentile(|of| of.p50),
        p95: percentile(|of| of.p95),
        p99: percentile(|of| of.p99),
    }
}
