use std::time::{Duration, Instant};

use async_trait::async_trait;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer, Timestamptz};
use eggypro_domain::products::{Product, ProductId, ProductSource, RowVersion};
use eggypro_domain::synonyms::Synonyms;
use eggypro_domain::{Slug, StoreError};

use time::OffsetDateTime;

use super::{find, snapshot};
use crate::database::Database;
use crate::synonyms;

/// Maximum duration of reading all products, or all versions.
const TIMEOUT: Duration = Duration::from_secs(600);

/// The versions of the next products after an id, as [`find`] computes them.
const VERSIONS: &str = "WITH p AS MATERIALIZED (\
     SELECT id, version, updated_at FROM products WHERE id > $1 ORDER BY id LIMIT $2), \
     c AS (SELECT product_id, sum(display_version)::integer AS version, max(display_updated_at) AS updated_at \
     FROM product_categories JOIN categories ON id = category_id AND display_version > 0 \
     WHERE product_id BETWEEN (SELECT min(id) FROM p) AND (SELECT max(id) FROM p) GROUP BY product_id) \
     SELECT id, p.version + coalesce(c.version, 0) AS version, greatest(p.updated_at, c.updated_at) AS updated_at \
     FROM p LEFT JOIN c ON product_id = id ORDER BY id";

/// Number of versions in a batch, so that libpq holds few of them at once.
const VERSION_BATCH: i64 = 50_000;

/// Lets the statements of a transaction take as long as a large shop needs.
fn allow_time(connection: &mut PgConnection) -> QueryResult<()> {
    let limit = TIMEOUT.as_millis();
    connection.batch_execute(&format!("SET LOCAL statement_timeout = {limit}"))
}

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

/// Reads products and synonyms for the catalogue index, always from the primary.
#[derive(Debug, Clone)]
pub struct PostgresProductSource {
    database: Database,
}

impl PostgresProductSource {
    /// The products of this database.
    pub fn new(database: Database) -> Self {
        Self { database }
    }
}

#[async_trait]
impl ProductSource for PostgresProductSource {
    async fn all(
        &self,
        mut take: Box<dyn FnMut(Vec<Product>) -> bool + Send>,
    ) -> Result<(), StoreError> {
        let read = move |connection: &mut PgConnection| -> QueryResult<()> {
            allow_time(connection)?;
            snapshot::each_batch(connection, &mut take)
        };
        let in_one_snapshot = move |connection: &mut PgConnection| {
            let transaction = connection.build_transaction();
            Ok(transaction.read_only().repeatable_read().run(read)?)
        };
        self.database
            .run_until(Instant::now() + TIMEOUT, in_one_snapshot)
            .await
    }

    async fn versions(&self) -> Result<Vec<(ProductId, RowVersion)>, StoreError> {
        let read = |connection: &mut PgConnection| -> QueryResult<_> {
            allow_time(connection)?;
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
        };
        let read = move |connection: &mut PgConnection| {
            let transaction = connection.build_transaction();
            Ok(transaction.read_only().repeatable_read().run(read)?)
        };
        let deadline = Instant::now() + TIMEOUT;
        self.database.run_until(deadline, read).await
    }

    async fn by_ids(&self, ids: Vec<ProductId>) -> Result<Vec<Product>, StoreError> {
        let ids: Vec<i32> = ids.into_iter().map(|id| id.0).collect();
        let read = move |connection: &mut PgConnection| Ok(find::by_ids(connection, &ids)?);
        self.database.run(read).await
    }

    async fn by_slugs(&self, slugs: Vec<Slug>) -> Result<Vec<Product>, StoreError> {
        let read = move |connection: &mut PgConnection| {
            let slugs: Vec<&str> = slugs.iter().map(Slug::as_str).collect();
            Ok(find::by_slugs(connection, &slugs)?)
        };
        self.database.run(read).await
    }

    async fn synonyms(&self) -> Result<Synonyms, StoreError> {
        let read = |connection: &mut PgConnection| Ok(synonyms::read(connection)?);
        self.database.run(read).await
    }
}
