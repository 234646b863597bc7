mod bulk;
mod facts;
mod find;
mod lookups;
mod media;
mod product_cache;
mod row;
mod snapshot;
mod source;
mod write;

use async_trait::async_trait;
use diesel::PgConnection;
use eggypro_domain::changes::Origin;
use eggypro_domain::products::{
    Atomicity, CategoryRef, Expected, NewProduct, OperationError, Product, ProductChanges,
    ProductCodes, ProductError, ProductId, ProductOperation, ProductRepository, Revision, Written,
};
use eggypro_domain::{Slug, StoreError, Valid};

use self::bulk::BulkError;
use self::lookups::Lookups;
use self::product_cache::ProductCache;
use crate::database::Database;

pub(crate) use self::bulk::{lock_all, write as make};
#[cfg(any(test, feature = "testing"))]
pub(crate) use self::find::by_slug as find;
pub(crate) use self::find::{by_ids, ids_by_codes};
pub(crate) use self::media::StoredRenditions;
pub use self::source::PostgresProductSource;
pub(crate) use self::write::{create, create_all, remove};

/// Products in PostgreSQL.
#[derive(Debug, Clone)]
pub struct PostgresProducts {
    database: Database,
    lookups: Lookups,
    lookups_of_replicas: Vec<Lookups>,
    cache: ProductCache,
}

impl PostgresProducts {
    /// The products of this database.
    pub fn new(database: Database) -> Self {
        let of_each = (0..database.replica_count()).map(|_| Lookups::default());
        Self {
            lookups: Lookups::default(),
            lookups_of_replicas: of_each.collect(),
            cache: ProductCache::default(),
            database,
        }
    }
}

impl PostgresProducts {
    /// The same products, with another handle of the database for reads and writes.
    #[must_use]
    pub fn written_by(&self, database: Database) -> Self {
        Self {
            database,
            ..self.clone()
        }
    }

    /// Clears the cache of products, for example after a restore of the database.
    pub fn clear_cache(&self) {
        self.cache.clear();
    }
}

#[async_trait]
impl ProductRepository for PostgresProducts {
    async fn read(&self, revisions: &[Revision]) -> Result<Vec<Product>, StoreError> {
        let (mut products, missing) = self.cache.split(revisions);
        if missing.is_empty() {
            return Ok(products);
        }
        let read = move |connection: &mut PgConnection| Ok(by_ids(connection, &missing)?);
        let read: Vec<Product> = self.database.read(read).await?;
        self.cache.insert(&read);
        products.extend(read);
        Ok(products)
    }

    async fn all_categories(
        &self,
        products: &[ProductId],
    ) -> Result<Vec<(ProductId, CategoryRef)>, StoreError> {
        let ids: Vec<i32> = products.iter().map(|id| id.0).collect();
        let read = move |connection: &mut PgConnection| Ok(find::all_categories(connection, &ids)?);
        self.database.read(read).await
    }

    async fn find(&self, slug: &Slug) -> Result<Option<Product>, StoreError> {
        if let Some(replica) = self.database.replica()
            && let Some(lookups) = self.lookups_of_replicas.get(replica.number)
        {
            match lookups.find(&replica.database, slug).await {
                Ok(found) => return Ok(found),
                Err(error @ StoreError::Unavailable(_)) => replica.failed(&error),
                Err(_) => {}
            }
        }
        self.lookups.find(&self.database, slug).await
    }

    async fn find_by_former_slug(&self, slug: &Slug) -> Result<Option<Product>, StoreError> {
        let slug = slug.clone();
        self.database
            .read(move |connection| Ok(find::by_former_slug(connection, slug.as_str())?))
            .await
    }

    async fn find_by_codes(
        &self,
        codes: &[ProductCodes],
    ) -> Result<Vec<Option<Product>>, StoreError> {
        let codes = codes.to_vec();
        // Never on a replica: the caller writes what it has compared.
        self.database
            .run(move |connection| Ok(find::by_codes(connection, &codes)?))
            .await
    }

    async fn create(
        &self,
        slug: Slug,
        product: Valid<NewProduct>,
    ) -> Result<Product, ProductError> {
        self.database
            .write(move |connection| write::create(connection, &slug, product))
            .await
    }

    async fn update(
        &self,
        slug: &Slug,
        changes: Valid<ProductChanges>,
        expected: Expected,
    ) -> Result<Product, ProductError> {
        let slug = slug.clone();
        self.database
            .write(move |connection| write::update(connection, &slug, changes, &expected))
            .await
    }

    async fn switch_due(&self, limit: u32) -> Result<u64, StoreError> {
        let switch =
            move |connection: &mut PgConnection| Ok(write::switch_due(connection, limit)? as u64);
        self.database.write(switch).await
    }

    async fn write_all(
        &self,
        operations: Vec<ProductOperation>,
        atomicity: Atomicity,
    ) -> Result<Vec<Result<Written, OperationError>>, StoreError> {
        let origin = Origin::current();
        let write = move |connection: &mut PgConnection| {
            bulk::write_all(connection, operations, atomicity, &origin)
        };
        match self.database.write_large(write).await {
            Ok(results) | Err(BulkError::Undone(results)) => Ok(results),
            Err(BulkError::Store(error)) => Err(error),
        }
    }

    async fn remove(&self, slug: &Slug, expected: Expected) -> Result<(), ProductError> {
        let slug = slug.clone();
        self.database
            .write_large(move |connection| write::remove(connection, &slug, &expected))
            .await
    }
}
