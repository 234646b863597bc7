//! Receives files in chunks.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Binary, Bool, Integer, Nullable, Text};
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

/// Makes an import that is being received ready to be claimed.
pub(super) fn complete(connection: &mut PgConnection, id: ImportId) -> QueryResult<()> {
    sql_query(
        "UPDATE imports SET status = 'running', \
         chunks = (SELECT count(*) FROM import_chunks c WHERE c.import_id = imports.id) \
         WHERE id = $1::uuid AND status = 'receiving'",
    )
    .bind::<Text, _>(id.to_string())
    .execute(connection)?;
    Ok(())
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
    let chunk: Option<Chunk> =
        sql_query("SELECT bytes FROM import_chunks WHERE import_id = $1::uuid AND number = $2")
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
