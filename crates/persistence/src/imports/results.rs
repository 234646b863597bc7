//! Refused rows of imports, and differences of dry runs.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Integer, Jsonb, Text};
use eggypro_domain::imports::{
    Difference, FieldDifference, ImportError, ImportId, MAX_DIFFERENCES, RefusedRow,
};
use serde_json::{Value, json};

use super::row::stored;
use crate::error::corrupt;

/// A column or field with two texts.
type Triple = (String, String, String);

pub(super) fn add_refused(
    connection: &mut PgConnection,
    import: ImportId,
    rows: &[RefusedRow],
) -> QueryResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let positions: Vec<i64> = rows.iter().map(|row| stored(row.position)).collect();
    let numbers: Vec<i64> = rows.iter().map(|row| stored(row.number)).collect();
    let cells: Vec<Value> = rows.iter().map(|row| json!(row.cells)).collect();
    let errors: Vec<Value> = rows.iter().map(|row| errors_json(&row.errors)).collect();
    sql_query(
        "INSERT INTO import_errors (import_id, position, row_number, cells, errors) \
         SELECT $1::uuid, * FROM unnest($2, $3, $4, $5)",
    )
    .bind::<Text, _>(import.to_string())
    .bind::<Array<BigInt>, _>(positions)
    .bind::<Array<BigInt>, _>(numbers)
    .bind::<Array<Jsonb>, _>(cells)
    .bind::<Array<Jsonb>, _>(errors)
    .execute(connection)?;
    Ok(())
}

fn errors_json(errors: &[ImportError]) -> Value {
    let errors = errors.iter();
    errors
        .map(|error| json!([error.column, error.value, error.message]))
        .collect()
}

pub(super) fn add_differences(
    connection: &mut PgConnection,
    import: ImportId,
    differences: &[(u64, Difference)],
) -> QueryResult<()> {
    let first = &differences[..differences.len().min(MAX_DIFFERENCES)];
    if first.is_empty() {
        return Ok(());
    }
    let positions: Vec<i64> = first.iter().map(|(at, _)| stored(*at)).collect();
    let numbers: Vec<i64> = first.iter().map(|(_, of)| stored(of.row)).collect();
    let slugs: Vec<&str> = first.iter().map(|(_, of)| of.slug.as_str()).collect();
    let actions: Vec<&str> = first.iter().map(|(_, of)| of.action.as_str()).collect();
    let changes: Vec<Value> = first
        .iter()
        .map(|(_, of)| changes_json(&of.changes))
        .collect();
    sql_query(
        "INSERT INTO import_differences (import_id, position, row_number, slug, action, changes) \
         SELECT $1::uuid, * FROM unnest($2, $3, $4, $5, $6) d(position) ORDER BY d.position \
         LIMIT greatest($7 - (SELECT count(*) FROM import_differences WHERE import_id = $1::uuid), 0)",
    )
    .bind::<Text, _>(import.to_string())
    .bind::<Array<BigInt>, _>(positions)
    .bind::<Array<BigInt>, _>(numbers)
    .bind::<Array<Text>, _>(slugs)
    .bind::<Array<Text>, _>(actions)
    .bind::<Array<Jsonb>, _>(changes)
    .bind::<Integer, _>(i32::try_from(MAX_DIFFERENCES).unwrap_or(i32::MAX))
    .execute(connection)?;
    Ok(())
}

/// The values are JSON inside of texts, so that they stay as they were written.
fn changes_json(changes: &[FieldDifference]) -> Value {
    let changes = changes.iter();
    changes
        .map(|change| json!([change.field, change.before, change.after]))
        .collect()
}

#[derive(QueryableByName)]
struct RefusedRowRow {
    #[diesel(sql_type = BigInt)]
    position: i64,
    #[diesel(sql_type = BigInt)]
    row_number: i64,
    #[diesel(sql_type = Jsonb)]
    cells: Value,
    #[diesel(sql_type = Jsonb)]
    errors: Value,
}

impl RefusedRowRow {
    fn read(self) -> QueryResult<RefusedRow> {
        let number = self.row_number.unsigned_abs();
        let cells = serde_json::from_value(self.cells).map_err(corrupt)?;
        let errors: Vec<Triple> = serde_json::from_value(self.errors).map_err(corrupt)?;
        let errors = errors.into_iter();
        let errors = errors
            .map(|(column, value, message)| ImportError::new(number, column, value, message))
            .collect();
        Ok(RefusedRow::new(
            self.position.unsigned_abs(),
            number,
            cells,
            errors,
        ))
    }
}

#[derive(QueryableByName)]
struct ErrorRow {
    #[diesel(sql_type = BigInt)]
    row_number: i64,
    #[diesel(sql_type = Jsonb)]
    error: Value,
}

/// The first errors.
pub(super) fn errors(
    connection: &mut PgConnection,
    import: ImportId,
    limit: u32,
) -> QueryResult<Vec<ImportError>> {
    let rows: Vec<ErrorRow> = sql_query(
        "SELECT row_number, error FROM import_errors, jsonb_array_elements(errors) WITH ORDINALITY e(error, number) \
         WHERE import_id = $1::uuid ORDER BY position, number LIMIT $2",
    )
    .bind::<Text, _>(import.to_string())
    .bind::<BigInt, _>(i64::from(limit))
    .load(connection)?;
    let read = |ErrorRow { row_number, error }| {
        let (column, value, message): Triple = serde_json::from_value(error).map_err(corrupt)?;
        let number = row_number.unsigned_abs();
        Ok(ImportError::new(number, column, value, message))
    };
    rows.into_iter().map(read).collect()
}

/// Maximum size of the cells of a page, as JSON. One row may be larger.
const MAX_PAGE: i64 = 4 * 1024 * 1024;

/// The next refused rows after a position.
pub(super) fn refused_rows(
    connection: &mut PgConnection,
    import: ImportId,
    after: u64,
    limit: u32,
) -> QueryResult<Vec<RefusedRow>> {
    let rows: Vec<RefusedRowRow> = sql_query(
        "SELECT position, row_number, cells, errors FROM (SELECT *, sum(octet_length(cells::text)) \
         OVER (ORDER BY position) - octet_length(cells::text) AS size_before \
         FROM (SELECT * FROM import_errors WHERE import_id = $1::uuid AND position > $2 ORDER BY position LIMIT $3) p) p \
         WHERE size_before < $4 ORDER BY position",
    )
    .bind::<Text, _>(import.to_string())
    .bind::<BigInt, _>(stored(after))
    .bind::<BigInt, _>(i64::from(limit))
    .bind::<BigInt, _>(MAX_PAGE)
    .load(connection)?;
    rows.into_iter().map(RefusedRowRow::read).collect()
}

#[derive(QueryableByName)]
struct DifferenceRow {
    #[diesel(sql_type = BigInt)]
    row_number: i64,
    #[diesel(sql_type = Text)]
    slug: String,
    #[diesel(sql_type = Text)]
    action: String,
    #[diesel(sql_type = Jsonb)]
    changes: Value,
}

impl DifferenceRow {
    fn read(self) -> QueryResult<Difference> {
        let changes: Vec<Triple> = serde_json::from_value(self.changes).map_err(corrupt)?;
        let changes = changes
            .into_iter()
            .map(|(field, before, after)| FieldDifference {
                field,
                before,
                after,
            });
        Ok(Difference {
            row: self.row_number.unsigned_abs(),
            slug: self.slug.parse().map_err(corrupt)?,
            action: self.action.parse().map_err(corrupt)?,
            changes: changes.collect(),
        })
    }
}

pub(super) fn differences(
    connection: &mut PgConnection,
    import: ImportId,
) -> QueryResult<Vec<Difference>> {
    let rows: Vec<DifferenceRow> = sql_query(
        "SELECT row_number, slug, action, changes FROM import_differences \
         WHERE import_id = $1::uuid ORDER BY position",
    )
    .bind::<Text, _>(import.to_string())
    .load(connection)?;
    rows.into_iter().map(DifferenceRow::read).collect()
}
