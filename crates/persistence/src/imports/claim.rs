//! Claims of imports, and their ends.

use std::sync::Arc;
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Double, Integer, Nullable, Text};
use eggypro_domain::changes::Actor;
use eggypro_domain::imports::{Claim, ImportEnd, ImportId, ImportedFile, LeaseId};

use super::row::{COLUMNS, Row, stored};
use crate::error::corrupt;

#[derive(QueryableByName)]
struct ClaimedRow {
    #[diesel(embed)]
    import: Row,
    #[diesel(sql_type = Integer)]
    chunks: i32,
    #[diesel(sql_type = Integer)]
    attempts: i32,
    #[diesel(sql_type = Text)]
    actor_kind: String,
    #[diesel(sql_type = Nullable<Text>)]
    actor_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    actor_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    request_id: Option<String>,
}

impl ClaimedRow {
    fn read(self, lease: LeaseId) -> QueryResult<Claim> {
        let mut actor = Actor::customer();
        actor.kind = self.actor_kind.parse().map_err(corrupt)?;
        actor.id = self.actor_id;
        actor.name = self.actor_name;
        let import = self.import.read()?;
        let origin = import.id.origin(actor, self.request_id);
        let mut claim = Claim::new(import, self.chunks.unsigned_abs(), lease, Arc::new(origin));
        claim.attempts = self.attempts.unsigned_abs();
        Ok(claim)
    }
}

pub(super) fn claim(
    connection: &mut PgConnection,
    only: Option<ImportId>,
    duration: Duration,
) -> QueryResult<Option<Claim>> {
    let lease = LeaseId::random();
    let row: Option<ClaimedRow> = sql_query(format!(
        "UPDATE imports SET lease = $1::uuid, leased_until = now() + make_interval(secs => $2), attempts = attempts + 1 \
         WHERE id = (SELECT id FROM imports i WHERE status = 'running' AND coalesce(leased_until <= now(), true) \
         AND ($3::uuid IS NULL OR id = $3::uuid) AND (is_dry_run OR NOT EXISTS (SELECT FROM imports earlier \
         WHERE earlier.status = 'running' AND NOT earlier.is_dry_run AND (earlier.queued_at, earlier.id) < (i.queued_at, i.id))) \
         ORDER BY queued_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) \
         RETURNING {COLUMNS}, chunks, attempts, actor_kind, actor_id, actor_name, request_id"
    ))
    .bind::<Text, _>(lease.to_string())
    .bind::<Double, _>(duration.as_secs_f64())
    .bind::<Nullable<Text>, _>(only.map(|id| id.to_string()))
    .get_result(connection)
    .optional()?;
    row.map(|row| row.read(lease)).transpose()
}

pub(super) fn renew(
    connection: &mut PgConnection,
    claim: &Claim,
    duration: Duration,
) -> QueryResult<bool> {
    // A server that gives an import back has not failed at it.
    let renewed = sql_query(
        "UPDATE imports SET leased_until = now() + make_interval(secs => $3), \
         attempts = CASE WHEN $3 > 0 THEN attempts ELSE 0 END \
         WHERE id = $1::uuid AND lease = $2::uuid AND status = 'running'",
    )
    .bind::<Text, _>(claim.import.id.to_string())
    .bind::<Text, _>(claim.lease.to_string())
    .bind::<Double, _>(duration.as_secs_f64())
    .execute(connection)?;
    Ok(renewed > 0)
}

pub(super) fn opened(
    connection: &mut PgConnection,
    claim: &Claim,
    file: &ImportedFile,
) -> QueryResult<bool> {
    // PostgreSQL can't store NUL characters.
    let header = file
        .header
        .iter()
        .map(|name| name.replace('\0', "\u{fffd}"));
    let known = sql_query(
        "UPDATE imports SET format = $3, header = $4, rows = coalesce($5, rows) \
         WHERE id = $1::uuid AND lease = $2::uuid AND status = 'running'",
    )
    .bind::<Text, _>(claim.import.id.to_string())
    .bind::<Text, _>(claim.lease.to_string())
    .bind::<Text, _>(&file.format)
    .bind::<Array<Text>, _>(header.collect::<Vec<_>>())
    .bind::<Nullable<BigInt>, _>(file.rows.map(stored))
    .execute(connection)?;
    Ok(known > 0)
}

/// Cancels an import that has not ended.
pub(super) fn cancel(connection: &mut PgConnection, id: ImportId) -> QueryResult<()> {
    sql_query(
        "UPDATE imports SET status = 'cancelled', finished_at = now(), lease = NULL \
         WHERE id = $1::uuid AND status IN ('receiving', 'running')",
    )
    .bind::<Text, _>(id.to_string())
    .execute(connection)?;
    Ok(())
}

/// Ends an import. Returns whether the claim still held.
pub(super) fn finish(
    connection: &mut PgConnection,
    claim: &Claim,
    end: &ImportEnd,
) -> QueryResult<bool> {
    let failure = match end {
        ImportEnd::Done => None,
        ImportEnd::Failed(reason) => Some(reason.replace('\0', "\u{fffd}")),
    };
    let ended = sql_query(
        "UPDATE imports SET finished_at = now(), lease = NULL, failure = $3, \
         status = CASE WHEN $3 IS NULL THEN 'done' ELSE 'failed' END, \
         rows = CASE WHEN $3 IS NULL THEN done ELSE rows END \
         WHERE id = $1::uuid AND lease = $2::uuid AND status = 'running'",
    )
    .bind::<Text, _>(claim.import.id.to_string())
    .bind::<Text, _>(claim.lease.to_string())
    .bind::<Nullable<Text>, _>(failure)
    .execute(connection)?;
    Ok(ended > 0)
}
