use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::SystemTime;

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Bool, Integer, SmallInt, Text, Timestamptz};
use eggypro_domain::StoreError;
use eggypro_domain::metrics::{
    Bucket, EndpointSummary, MAX_DAYS, MetricsRepository, RequestBatch, RequestRecord,
};
use time::{Duration, OffsetDateTime};

use crate::database::Database;

/// How many requests are forgotten at once, so that no statement takes long.
const AT_ONCE: i32 = 10_000;

/// The key of the lock that one server at a time holds who forgets: the letters of `metrics` as a number.
const LOCK: i64 = 0x6d_65_74_72_69_63_73;

/// Notes of requests in PostgreSQL: one row each, and counts by the hour in the same transaction.
#[derive(Debug, Clone)]
pub struct PostgresMetrics {
    database: Database,
}

impl PostgresMetrics {
    /// The notes in this database.
    pub fn new(database: Database) -> Self {
        Self { database }
    }
}

#[async_trait]
impl MetricsRepository for PostgresMetrics {
    async fn keep(&self, batch: Arc<RequestBatch>) -> Result<(), StoreError> {
        let keep =
            move |connection: &mut PgConnection| {
                let RequestBatch {
                    id,
                    requests,
                    noted,
                } = batch.as_ref();
                let counts = Counts::of(requests);
                let rows: Vec<Row<'_>> = requests.iter().take(*noted).map(Row::of).collect();
                connection.transaction(|connection| {
                let new = sql_query(
                    "INSERT INTO api_metrics_batches (id) VALUES ($1::uuid) ON CONFLICT DO NOTHING",
                );
                if new.bind::<Text, _>(format!("{id:032x}")).execute(connection)? == 0 {
                    // Its writer did not hear that it was written.
                    return Ok(());
                }
                diesel::copy_from(api_metrics::table)
                    .from_insertable(rows)
                    .execute(connection)?;
                counts.add(connection)
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

    async fn forget(&self, days: u16) -> Result<usize, StoreError> {
        let now = OffsetDateTime::now_utc();
        let (requests, counts) = (
            now - Duration::days(days.into()),
            now - Duration::days(i64::from(MAX_DAYS) + 1),
        );
        let forget = move |connection: &mut PgConnection| {
            Ok(connection.transaction(|connection| {
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
                .bind::<Integer, _>(AT_ONCE)
                .execute(connection)?;
                sql_query(
                    "DELETE FROM api_metrics WHERE ctid = ANY(ARRAY(\
                     SELECT ctid FROM api_metrics WHERE created_at < $1 ORDER BY created_at LIMIT $2))",
                )
                .bind::<Timestamptz, _>(requests)
                .bind::<Integer, _>(AT_ONCE)
                .execute(connection)
            })?)
        };
        self.database.run(forget).await
    }
}

diesel::table! {
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
struct Row<'a> {
    endpoint: &'a str,
    method: &'static str,
    status_code: i32,
    response_time: i32,
    user_agent: Option<&'a str>,
    ip_address: Option<String>,
    created_at: OffsetDateTime,
}

impl<'a> Row<'a> {
    fn of(request: &'a RequestRecord) -> Self {
        Self {
            response_time: request.milliseconds().try_into().unwrap_or(i32::MAX),
            status_code: request.status.into(),
            endpoint: &request.endpoint,
            method: request.method,
            user_agent: request.user_agent.as_deref(),
            ip_address: request.address.map(|address| address.to_string()),
            created_at: request.at.into(),
        }
    }
}

#[derive(QueryableByName)]
struct Lock {
    #[diesel(sql_type = Bool)]
    is_ours: bool,
}

/// What is counted of requests, in the order in which every server adds it, lest two of them wait for each other.
#[derive(Default)]
struct Counts<'a>(BTreeMap<(OffsetDateTime, &'a str, &'static str, i16), Count>);

#[derive(Default)]
struct Count {
    requests: i64,
    errors: i64,
    response_time: i64,
}

impl<'a> Counts<'a> {
    fn of(requests: &'a [RequestRecord]) -> Self {
        let mut counts = HashMap::new();
        for request in requests {
            let milliseconds = request.milliseconds();
            let key = (
                hour_of(request.at),
                request.endpoint.as_ref(),
                request.method,
                Bucket::of(milliseconds).number(),
            );
            let count: &mut Count = counts.entry(key).or_default();
            count.requests += 1;
            count.errors += i64::from(request.is_error());
            count.response_time += i64::from(request.microseconds);
        }
        let counts = counts.into_iter();
        let time = |hour: u64| OffsetDateTime::UNIX_EPOCH + Duration::hours(hour.cast_signed());
        Self(
            counts
                .map(|((hour, endpoint, method, bucket), count)| {
                    ((time(hour), endpoint, method, bucket), count)
                })
                .collect(),
        )
    }

    fn add(&self, connection: &mut PgConnection) -> QueryResult<()> {
        let (keys, counts) = (|| self.0.keys(), || self.0.values());
        sql_query(
            "INSERT INTO api_metrics_hourly AS kept \
             SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7) \
             ON CONFLICT (hour, endpoint, method, bucket) DO UPDATE SET \
             requests = kept.requests + excluded.requests, errors = kept.errors + excluded.errors, \
             response_time = kept.response_time + excluded.response_time",
        )
        .bind::<Array<Timestamptz>, _>(keys().map(|(hour, ..)| *hour).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(
            keys()
                .map(|(_, endpoint, ..)| *endpoint)
                .collect::<Vec<_>>(),
        )
        .bind::<Array<Text>, _>(keys().map(|(_, _, method, _)| *method).collect::<Vec<_>>())
        .bind::<Array<SmallInt>, _>(keys().map(|(.., bucket)| *bucket).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(counts().map(|count| count.requests).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(counts().map(|count| count.errors).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(
            counts()
                .map(|count| count.response_time)
                .collect::<Vec<_>>(),
        )
        .execute(connection)?;
        Ok(())
    }
}

/// Hours since the Unix epoch.
fn hour_of(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs() / 3_600)
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

/// The summary of an endpoint's buckets, which come in order.
fn summary(buckets: &[BucketRow]) -> EndpointSummary {
    let sum = |of: fn(&BucketRow) -> i64| buckets.iter().map(of).sum::<i64>().unsigned_abs();
    let total_requests = sum(|row| row.requests);
    let percentile = |percent: u64| {
        // The nearest rank: the smallest time that so many of them do not exceed.
        let rank = (total_requests * percent).div_ceil(100).max(1);
        let mut counted = 0;
        let bucket = buckets.iter().find(|row| {
            counted += row.requests.unsigned_abs();
            counted >= rank
        });
        bucket.map_or(0, |row| Bucket::numbered(row.bucket).milliseconds())
    };
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
        p50: percentile(50),
        p95: percentile(95),
        p99: percentile(99),
    }
}
