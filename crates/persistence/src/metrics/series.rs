//! Statistics over time.

use std::iter;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, SmallInt, Text, Timestamptz};
use eggypro_domain::metrics::{Bucket, MetricsPoint, Percentiles, SeriesStep};
use time::{Duration, OffsetDateTime};

/// The requests of an hour or day with response times in the same range.
#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Timestamptz)]
    at: OffsetDateTime,
    #[diesel(sql_type = SmallInt)]
    bucket: i16,
    #[diesel(sql_type = BigInt)]
    requests: i64,
    #[diesel(sql_type = BigInt)]
    errors: i64,
}

/// The points of the last `days` days before a time, oldest first.
pub(super) fn points(
    connection: &mut PgConnection,
    days: u8,
    until: OffsetDateTime,
) -> QueryResult<Vec<MetricsPoint>> {
    let step = SeriesStep::of_days(days);
    let since = SeriesStep::Hour.start_of(until - Duration::days(days.into()));
    let rows: Vec<Row> = sql_query(
        "SELECT date_trunc($2, hour, 'UTC') AS at, bucket, sum(requests)::bigint AS requests, \
         sum(errors)::bigint AS errors FROM api_metrics_hourly WHERE hour >= $1 \
         GROUP BY 1, bucket ORDER BY 1, bucket",
    )
    .bind::<Timestamptz, _>(since)
    .bind::<Text, _>(step.as_str())
    .load(connection)?;
    let mut parts = rows.chunk_by(|a, b| a.at == b.at).peekable();
    let next = |at: &OffsetDateTime| Some(*at + step.duration());
    let steps = iter::successors(Some(step.start_of(since)), next);
    let points = steps.take_while(|at| *at <= until).map(|at| {
        let is_next = |rows: &&[Row]| rows.first().is_some_and(|row| row.at == at);
        point(at, parts.next_if(is_next).unwrap_or_default())
    });
    Ok(points.collect())
}

/// Summarizes the rows of an hour or day, which must be in order.
fn point(at: OffsetDateTime, rows: &[Row]) -> MetricsPoint {
    let counts = rows.iter().map(|row| {
        let bucket = Bucket::numbered(row.bucket);
        (bucket, row.requests.unsigned_abs())
    });
    let counts: Vec<_> = counts.collect();
    MetricsPoint {
        at,
        total_requests: counts.iter().map(|(_, requests)| *requests).sum(),
        error_count: rows.iter().map(|row| row.errors.unsigned_abs()).sum(),
        percentiles: Percentiles::of(&counts),
    }
}
