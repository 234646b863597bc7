//! Reads imports.

use std::num::TryFromIntError;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz};
use eggypro_domain::imports::{Import, ImportCounts, ImportId, NewImport};
use time::OffsetDateTime;

use crate::error::corrupt;

/// The selected columns of a [`Row`].
pub(super) const COLUMNS: &str = "id::text, format, mode, is_dry_run, status, header, rows, done, created, updated, \
     unchanged, failed, failure, created_at, finished_at";

#[derive(QueryableByName)]
pub(super) struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    format: String,
    #[diesel(sql_type = Text)]
    mode: String,
    #[diesel(sql_type = Bool)]
    is_dry_run: bool,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Array<Text>)]
    header: Vec<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    rows: Option<i64>,
    #[diesel(sql_type = BigInt)]
    done: i64,
    #[diesel(sql_type = BigInt)]
    created: i64,
    #[diesel(sql_type = BigInt)]
    updated: i64,
    #[diesel(sql_type = BigInt)]
    unchanged: i64,
    #[diesel(sql_type = BigInt)]
    failed: i64,
    #[diesel(sql_type = Nullable<Text>)]
    failure: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    created_at: OffsetDateTime,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    finished_at: Option<OffsetDateTime>,
}

impl Row {
    pub(super) fn read(self) -> QueryResult<Import> {
        let counts = self.counts().map_err(corrupt)?;
        let mut new = NewImport::new(self.format);
        new.mode = self.mode.parse().map_err(corrupt)?;
        new.is_dry_run = self.is_dry_run;
        let id = self.id.parse().map_err(corrupt)?;
        let mut import = Import::new(id, new, self.created_at);
        import.status = self.status.parse().map_err(corrupt)?;
        import.header = self.header;
        import.counts = counts;
        import.failure = self.failure;
        import.finished_at = self.finished_at;
        Ok(import)
    }

    fn counts(&self) -> Result<ImportCounts, TryFromIntError> {
        Ok(ImportCounts {
            rows: self.rows.map(u64::try_from).transpose()?,
            done: self.done.try_into()?,
            created: self.created.try_into()?,
            updated: self.updated.try_into()?,
            unchanged: self.unchanged.try_into()?,
            failed: self.failed.try_into()?,
        })
    }
}

pub(super) fn find(connection: &mut PgConnection, id: ImportId) -> QueryResult<Option<Import>> {
    let row: Option<Row> = sql_query(format!("SELECT {COLUMNS} FROM imports WHERE id = $1::uuid"))
        .bind::<Text, _>(id.to_string())
        .get_result(connection)
        .optional()?;
    row.map(Row::read).transpose()
}

/// A number of rows as PostgreSQL stores it.
pub(super) fn stored(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
