//! Reads the versions of all products.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer, Timestamptz};
use eggypro_domain::products::{ProductId, RowVersion};
use time::OffsetDateTime;

/// The versions of the next products after an id, as [`find`](crate::products::find) computes them.
const VERSIONS: &str = "WITH p AS MATERIALIZED (\
     SELECT id, version, updated_at FROM products WHERE id > $1 ORDER BY id LIMIT $2), \
     c AS (SELECT product_id, sum(display_version)::integer AS version, max(display_updated_at) AS updated_at \
     FROM product_categories JOIN categories ON id = category_id AND display_version > 0 \
     WHERE product_id BETWEEN (SELECT min(id) FROM p) AND (SELECT max(id) FROM p) GROUP BY product_id) \
     SELECT id, p.version + coalesce(c.version, 0) AS version, greatest(p.updated_at, c.updated_at) AS updated_at \
     FROM p LEFT JOIN c ON product_id = id ORDER BY id";

/// Number of versions in a batch, so that libpq holds few of them at once.
const VERSION_BATCH: i64 = 50_000;

#[derive(QueryableByName)]
struct VersionRow {
    #[diesel(sql_type = Integer)]
    id: i32,
    #[diesel(sql_type = Integer)]
    version: i32,
    #[diesel(sql_type = Timestamptz)]
    updated_at: OffsetDateTime,
}

impl VersionRow {
    fn read(self) -> (ProductId, RowVersion) {
        let version = RowVersion::new(self.version, self.updated_at);
        (ProductId(self.id), version)
    }
}

pub(super) fn read(connection: &mut PgConnection) -> QueryResult<Vec<(ProductId, RowVersion)>> {
    let (mut versions, mut after) = (vec![], i32::MIN);
    loop {
        let batch: Vec<VersionRow> = sql_query(VERSIONS)
            .bind::<Integer, _>(after)
            .bind::<BigInt, _>(VERSION_BATCH)
            .load(connection)?;
        let Some(last) = batch.last() else {
            return Ok(versions);
        };
        after = last.id;
        versions.extend(batch.into_iter().map(VersionRow::read));
    }
}
