#[cfg(test)]
mod explain;
mod facets;
mod find;
mod list;
mod lookups;
mod media;
mod row;
#[cfg(test)]
mod scale;
mod search;
mod words;
mod write;

use async_trait::async_trait;
use eggypro_domain::products::{
    Expected, NewProduct, Page, Product, ProductChanges, ProductError, ProductQuery,
    ProductRepository, ProductSearch, SearchError, SearchPage, SearchText, Suggestion,
};
use eggypro_domain::{Slug, StoreError, Valid};

use self::lookups::Lookups;
use crate::database::Database;

pub(crate) use self::find::by_ids;
#[cfg(any(test, feature = "testing"))]
pub(crate) use self::find::by_slug as find;
#[cfg(any(test, feature = "testing"))]
pub(crate) use self::list::page as list_page;
pub(crate) use self::media::StoredRenditions;
pub(crate) use self::words::remember_words;
pub(crate) use self::write::{create, remove};

/// Products in PostgreSQL.
#[derive(Debug, Clone)]
pub struct PostgresProducts {
    database: Database,
    lookups: Lookups,
    lookups_of_replicas: Vec<Lookups>,
}

impl PostgresProducts {
    /// The products of this database.
    pub fn new(database: Database) -> Self {
        let of_each = (0..database.replica_count()).map(|_| Lookups::default());
        Self {
            lookups: Lookups::default(),
            lookups_of_replicas: of_each.collect(),
            database,
        }
    }
}

#[async_trait]
impl ProductRepository for PostgresProducts {
    async fn list(&self, query: &ProductQuery) -> Result<Page<Product>, StoreError> {
        let query = query.clone();
        self.database
            .read(move |connection| Ok(list::page(connection, &query)?))
            .await
    }

    async fn search(&self, search: &ProductSearch) -> Result<SearchPage, SearchError> {
        let search = search.clone();
        self.database
            .read(move |connection| search::page(connection, &search))
            .await
    }

    async fn suggest(&self, text: &SearchText, limit: u8) -> Result<Vec<Suggestion>, StoreError> {
        let text = text.clone();
        self.database
            .read(move |connection| Ok(search::suggestions(connection, &text, limit)?))
            .await
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

    async fn remove(&self, slug: &Slug, expected: Expected) -> Result<(), ProductError> {
        let slug = slug.clone();
        self.database
            .write(move |connection| write::remove(connection, &slug, &expected))
            .await
    }
}
