//! Receives files in chunks.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};
use eggypro_domain::Bytes;
use eggypro_domain::changes::Origin;
use eggypro_domain::imports::{Import, ImportId, NewImport};

use super::row::{COLUMNS, Row};

pub(super) fn create(
    connection: &mut PgConnection,
    new: &NewImport,
    origin: &Origin,
) -> QueryResult<Import> {
    let row: Row = sql_query(format!(
        "INSERT INTO imports (id, format, mode, is_dry_run, actor_kind, actor_id, actor_name, request_id) \
         VALUES ($1::uuid, $2, $3, $4, $5, $6, $7, $8) RETURNING {COLUMNS}"
    ))
    .bind::<Text, _>(ImportId::random().to_string())
    .bind::<Text, _>(&new.format)
    .bind::<Text, _>(new.mode.as_str())
    .bind::<Bool, _>(new.is_dry_run)
    .bind::<Text, _>(origin.actor.kind.as_str())
    .bind::<Nullable<Text>, _>(&origin.actor.id)
    .bind::<Nullable<Text>, _>(&origin.actor.name)
    .bind::<Nullable<Text>, _>(&origin.request_id)
    .get_result(connection)?;
    row.read()
}

/// Stores a chunk. Returns whether the import is being received.
pub(super) fn append(
    connection: &mut PgConnection,
    id: ImportId,
    number: u32,
    bytes: &[u8],
) -> QueryResult<bool> {
    let stored = sql_query(
        "INSERT INTO import_chunks (import_id, number, bytes) \
         SELECT id, $2, $3 FROM imports WHERE id = $1::uuid AND status = 'receiving' \
         ON CONFLICT (import_id, number) DO UPDATE SET bytes = excluded.bytes",
    )
    .bind::<Text, _>(id.to_string())
    .bind::<Integer, _>(column(number))
    .bind::<Binary, _>(bytes)
    .execute(connection)?;
    Ok(stored > 0)
}

/// Makes an import that is being received, and has all its chunks, ready to be claimed.
pub(super) fn complete(
    connection: &mut PgConnection,
    id: ImportId,
    chunks: u32,
) -> QueryResult<()> {
    sql_query(
        "UPDATE imports SET status = 'running', chunks = $2, queued_at = now() \
         WHERE id = $1::uuid AND status = 'receiving' \
         AND $2 = (SELECT count(*) FROM import_chunks c WHERE c.import_id = imports.id AND number < $2)",
    )
    .bind::<Text, _>(id.to_string())
    .bind::<Integer, _>(column(chunks))
    .execute(connection)?;
    Ok(())
}

/// Deletes chunks of files that nobody reads any more. Returns how many.
pub(super) fn delete_files(connection: &mut PgConnection, limit: u32) -> QueryResult<u64> {
    let deleted = sql_query(
        "DELETE FROM import_chunks WHERE (import_id, number) IN (SELECT import_id, number \
         FROM import_chunks JOIN imports ON id = import_id WHERE status IN ('done', 'failed', 'cancelled') \
         LIMIT $1 FOR UPDATE OF import_chunks SKIP LOCKED)",
    )
    .bind::<BigInt, _>(i64::from(limit))
    .execute(connection)?;
    Ok(deleted as u64)
}

#[derive(QueryableByName)]
struct Unfinished {
    #[diesel(sql_type = BigInt)]
    unfinished: i64,
}

/// The number of imports that have not ended.
pub(super) fn unfinished(connection: &mut PgConnection) -> QueryResult<u64> {
    let found: Unfinished = sql_query(
        "SELECT count(*) AS unfinished FROM imports WHERE status IN ('receiving', 'running')",
    )
    .get_result(connection)?;
    Ok(found.unfinished.unsigned_abs())
}

#[derive(QueryableByName)]
struct Chunk {
    #[diesel(sql_type = Binary)]
    bytes: Vec<u8>,
}

pub(super) fn chunk(
    connection: &mut PgConnection,
    id: ImportId,
    number: u32,
) -> QueryResult<Option<Bytes>> {
    let chunk: Option<Chunk> = sql_query(
        "SELECT bytes FROM import_chunks JOIN imports ON id = import_id WHERE import_id = $1::uuid \
            AND number = $2 AND status IN ('receiving', 'running')",
    )
    .bind::<Text, _>(id.to_string())
    .bind::<Integer, _>(column(number))
    .get_result(connection)
    .optional()?;
    Ok(chunk.map(|chunk| chunk.bytes.into()))
}

/// The number of a chunk as PostgreSQL stores it. A file has at most some hundred.
fn column(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
