//! Lists imports.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz};
use eggypro_domain::imports::{ImportId, ImportPage};
use eggypro_domain::products::{COUNT_LIMIT, PageSize, Total};
use time::OffsetDateTime;

use super::row::{COLUMNS, Row};

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

pub(super) fn page(
    connection: &mut PgConnection,
    before: Option<(OffsetDateTime, ImportId)>,
    limit: PageSize,
) -> QueryResult<ImportPage> {
    let limit = limit.get();
    let (at, id) = before.unzip();
    let mut rows: Vec<Row> = sql_query(format!(
        "SELECT {COLUMNS} FROM imports WHERE (created_at, id) < \
         (coalesce($1, 'infinity'), coalesce($2::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')) \
         ORDER BY created_at DESC, imports.id DESC LIMIT $3"
    ))
    .bind::<Nullable<Timestamptz>, _>(at)
    .bind::<Nullable<Text>, _>(id.map(|id| id.to_string()))
    .bind::<BigInt, _>(i64::from(limit) + 1)
    .load(connection)?;
    let has_more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let count: Count =
        sql_query("SELECT count(*) AS count FROM (SELECT FROM imports LIMIT $1) counted")
            .bind::<BigInt, _>(i64::from(COUNT_LIMIT) + 1)
            .get_result(connection)?;
    Ok(ImportPage {
        items: rows
            .into_iter()
            .map(Row::read)
            .collect::<QueryResult<_>>()?,
        total: Total::from_bounded_count(count.count.try_into().unwrap_or(u32::MAX)),
        has_more,
    })
}
