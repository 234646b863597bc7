//! Claims of deliveries, and what is done with many of them at once.

use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Binary, Double, Integer, Nullable, Text, Timestamptz};
use eggypro_domain::webhooks::{
    ClaimedDelivery, DROPPED, DeliveryLease, MAX_OPEN, RETENTION, Target,
};
use time::OffsetDateTime;

use super::row;
use crate::database::Call;
use crate::error::corrupt;

#[derive(QueryableByName)]
struct ClaimedRow {
    #[diesel(sql_type = Text)]
    webhook_id: String,
    #[diesel(sql_type = BigInt)]
    event: i64,
    #[diesel(sql_type = Text)]
    event_id: String,
    #[diesel(sql_type = Binary)]
    body: Vec<u8>,
    #[diesel(sql_type = Timestamptz)]
    changed_at: OffsetDateTime,
    #[diesel(sql_type = Integer)]
    attempt: i32,
    #[diesel(sql_type = Text)]
    url: String,
    #[diesel(sql_type = Array<Text>)]
    secrets: Vec<String>,
}

impl ClaimedRow {
    fn read(self, lease: DeliveryLease) -> QueryResult<ClaimedDelivery> {
        Ok(ClaimedDelivery {
            webhook: self.webhook_id.parse().map_err(corrupt)?,
            number: self.event,
            event: self.event_id.parse().map_err(corrupt)?,
            target: Target {
                url: row::url(&self.url)?,
                secrets: row::secrets(&self.secrets)?,
            },
            body: self.body.into(),
            time: self.changed_at,
            attempt: self.attempt.unsigned_abs(),
            lease,
        })
    }
}

pub(super) fn claim(
    connection: &mut PgConnection,
    duration: Duration,
    limit: u32,
) -> QueryResult<Vec<ClaimedDelivery>> {
    let lease = DeliveryLease::random();
    let arguments = (
        lease.to_string().into_sql::<Text>(),
        duration.as_secs_f64().into_sql::<Double>(),
        count(MAX_OPEN).into_sql::<Integer>(),
        count(limit).into_sql::<Integer>(),
    );
    let rows: Vec<ClaimedRow> = Call::new("claim_deliveries", arguments).load(connection)?;
    // A row that can't be read must not hold up the others.
    let read = rows.into_iter().filter_map(|row| {
        let (webhook, event) = (row.webhook_id.clone(), row.event_id.clone());
        match row.read(lease) {
            Ok(claimed) => Some(claimed),
            Err(error) => {
                tracing::error!(%error, webhook, event, "a delivery can't be read");
                None
            }
        }
    });
    Ok(read.collect())
}

/// Claimed deliveries, as columns.
pub(super) struct Held {
    webhooks: Vec<String>,
    events: Vec<i64>,
    leases: Vec<String>,
}

impl Held {
    pub(super) fn of(deliveries: &[ClaimedDelivery]) -> Self {
        let all = deliveries.iter();
        Self {
            webhooks: all.clone().map(|of| of.webhook.to_string()).collect(),
            events: all.clone().map(|of| of.number).collect(),
            leases: all.map(|of| of.lease.to_string()).collect(),
        }
    }
}

/// Makes claimed deliveries due, as if they had not been claimed. One that is locked at this moment is left to the end
/// of its lease, since waiting for it could be a deadlock.
pub(super) fn give_back(connection: &mut PgConnection, held: Held) -> QueryResult<()> {
    sql_query(
        "UPDATE webhook_deliveries d SET lease = NULL, due_at = now(), attempts = d.attempts - 1, \
         first_attempt_at = CASE WHEN d.attempts > 1 THEN d.first_attempt_at END \
         FROM (SELECT l.webhook_id, l.event FROM unnest($1, $2, $3) h(webhook, event, lease) \
         JOIN webhook_deliveries l ON l.webhook_id = h.webhook::uuid AND l.event = h.event AND l.lease = h.lease::uuid \
         FOR NO KEY UPDATE OF l SKIP LOCKED) g \
         WHERE d.webhook_id = g.webhook_id AND d.event = g.event",
    )
    .bind::<Array<Text>, _>(held.webhooks)
    .bind::<Array<BigInt>, _>(held.events)
    .bind::<Array<Text>, _>(held.leases)
    .execute(connection)?;
    Ok(())
}

#[derive(QueryableByName)]
struct NextDelivery {
    #[diesel(sql_type = Nullable<Double>)]
    next_delivery: Option<f64>,
}

pub(super) fn next_due(connection: &mut PgConnection) -> QueryResult<Option<Duration>> {
    let arguments = (count(MAX_OPEN).into_sql::<Integer>(),);
    let next: NextDelivery = Call::new("next_delivery", arguments).get_result(connection)?;
    let seconds = next.next_delivery.map(|seconds| seconds.max(0.0));
    Ok(seconds.map(|seconds| Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)))
}

#[derive(QueryableByName)]
struct Dropped {
    #[diesel(sql_type = BigInt)]
    drop_deliveries: i64,
}

pub(super) fn drop_pending(connection: &mut PgConnection, limit: u32) -> QueryResult<u64> {
    let arguments = (
        count(limit).into_sql::<Integer>(),
        DROPPED.into_sql::<Text>(),
    );
    let dropped: Dropped = Call::new("drop_deliveries", arguments).get_result(connection)?;
    Ok(dropped.drop_deliveries.unsigned_abs())
}

#[derive(QueryableByName)]
struct Deleted {
    #[diesel(sql_type = BigInt)]
    delete_deliveries: i64,
}

pub(super) fn delete_old(connection: &mut PgConnection, limit: u32) -> QueryResult<u64> {
    let arguments = (
        RETENTION.as_secs_f64().into_sql::<Double>(),
        count(limit).into_sql::<Integer>(),
    );
    let deleted: Deleted = Call::new("delete_deliveries", arguments).get_result(connection)?;
    Ok(deleted.delete_deliveries.unsigned_abs())
}

/// A limit as PostgreSQL stores it.
fn count(limit: u32) -> i32 {
    i32::try_from(limit).unwrap_or(i32::MAX)
}
