mod versions;

use std::time::{Duration, Instant};

use async_trait::async_trait;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use eggypro_domain::products::{Product, ProductId, ProductSource, RowVersion};
use eggypro_domain::synonyms::Synonyms;
use eggypro_domain::{Slug, StoreError};

use super::{find, snapshot};
use crate::database::Database;
use crate::synonyms;

/// Maximum duration of reading all products, or all versions.
const TIMEOUT: Duration = Duration::from_secs(600);

/// Lets the statements of a transaction take as long as a large shop needs.
fn allow_time(connection: &mut PgConnection) -> QueryResult<()> {
    let limit = TIMEOUT.as_millis();
    connection.batch_execute(&format!("SET LOCAL statement_timeout = {limit}"))
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
            versions::read(connection)
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
