use async_trait::async_trait;
use diesel::prelude::*;
use eggypro_domain::categories::{
    Category, CategoryError, CategoryId, CategoryRepository, NewCategory,
};
use eggypro_domain::products::{Expected, StatusFilter};
use eggypro_domain::{InvalidSlug, Slug, StoreError, Valid};
use time::OffsetDateTime;

use crate::database::Database;
use crate::error::{Failure, corrupt, violates};
use crate::schema::{categories, product_categories, products};

/// Categories in PostgreSQL.
#[derive(Debug, Clone)]
pub struct PostgresCategories {
    database: Database,
}

impl PostgresCategories {
    /// The categories of this database.
    pub fn new(database: Database) -> Self {
        Self { database }
    }
}

#[async_trait]
impl CategoryRepository for PostgresCategories {
    async fn list(&self, status: StatusFilter) -> Result<Vec<Category>, StoreError> {
        let list = move |connection: &mut PgConnection| {
            let rows: Vec<CategoryRow> = categories::table
                .filter(categories::is_active.eq_any(status.admitted()))
                .order((categories::name, categories::id))
                .select(CategoryRow::as_select())
                .load(connection)?;
            Ok(rows
                .into_iter()
                .map(Category::try_from)
                .collect::<Result<_, _>>()
                .map_err(corrupt)?)
        };
        self.database.read(list).await
    }

    async fn find(&self, slug: &Slug) -> Result<Option<Category>, StoreError> {
        let slug = slug.as_str().to_owned();
        let find = move |connection: &mut PgConnection| {
            let row: Option<CategoryRow> = categories::table
                .filter(categories::slug.eq(&slug))
                .select(CategoryRow::as_select())
                .first(connection)
                .optional()?;
            Ok(row.map(Category::try_from).transpose().map_err(corrupt)?)
        };
        self.database.read(find).await
    }

    async fn create(
        &self,
        slug: Slug,
        category: Valid<NewCategory>,
    ) -> Result<Category, CategoryError> {
        let create = move |connection: &mut PgConnection| {
            let row: CategoryRow = diesel::insert_into(categories::table)
                .values(Columns::of(category.into_inner(), &slug))
                .returning(CategoryRow::as_returning())
                .get_result(connection)
                .map_err(|error| slug_taken(error, &slug))?;
            Ok(row.try_into().map_err(corrupt)?)
        };
        self.database.write(create).await
    }

    async fn replace(
        &self,
        slug: &Slug,
        category: Valid<NewCategory>,
        expected: Expected<CategoryId>,
    ) -> Result<Category, CategoryError> {
        let old = slug.clone();
        let replace = move |connection: &mut PgConnection| {
            let before = lock(connection, &old, &expected)?;
            let category = category.into_inner();
            let slug = category.slug.clone().unwrap_or(old);
            let columns = Columns::of(category, &slug);
            if columns == Columns::stored(&before) {
                return Ok(before);
            }
            let row: CategoryRow = diesel::update(categories::table.find(before.id.0))
                .set((&columns, categories::version.eq(categories::version + 1)))
                .returning(CategoryRow::as_returning())
                .get_result(connection)
                .map_err(|error| slug_taken(error, &slug))?;
            Ok(Category::try_from(row).map_err(corrupt)?)
        };
        self.database.write(replace).await
    }

    async fn remove(
        &self,
        slug: &Slug,
        expected: Expected<CategoryId>,
    ) -> Result<(), CategoryError> {
        let slug = slug.clone();
        let remove = move |connection: &mut PgConnection| {
            let category = lock(connection, &slug, &expected)?;
            lock_products_in(connection, category.id)?;
            diesel::delete(categories::table.find(category.id.0)).execute(connection)?;
            Ok(())
        };
        self.database.write_large(remove).await
    }
}

/// The categories with these ids, without the missing ones and in no order.
pub(crate) fn by_ids(connection: &mut PgConnection, ids: &[i32]) -> QueryResult<Vec<Category>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let rows: Vec<CategoryRow> = categories::table
        .filter(categories::id.eq_any(ids))
        .select(CategoryRow::as_select())
        .load(connection)?;
    let categories = rows.into_iter().map(Category::try_from);
    categories.collect::<Result<_, _>>().map_err(corrupt)
}

/// Locks the category of this slug, if it is as expected. Until the transaction ends, no other one changes it or adds
/// products to it.
fn lock(
    connection: &mut PgConnection,
    slug: &Slug,
    expected: &Expected<CategoryId>,
) -> Result<Category, Failure<CategoryError>> {
    let row: Option<CategoryRow> = categories::table
        .filter(categories::slug.eq(slug.as_str()))
        .select(CategoryRow::as_select())
        .for_update()
        .first(connection)
        .optional()?;
    let row = row.ok_or(Failure::Refused(CategoryError::NotFound))?;
    let category = Category::try_from(row).map_err(corrupt)?;
    let current = category.revision();
    if expected.holds_for(current) {
        Ok(category)
    } else {
        Err(Failure::Refused(CategoryError::Changed(current)))
    }
}

/// Locks the products of a category, in a fixed order to prevent deadlocks. The category's row must already be locked,
/// so that no product is added meanwhile.
fn lock_products_in(connection: &mut PgConnection, category: CategoryId) -> QueryResult<()> {
    let links = product_categories::table
        .filter(product_categories::category_id.eq(category.0))
        .select(product_categories::product_id);
    products::table
        .filter(products::id.eq_any(links))
        .order(products::id)
        .select(products::id)
        .for_no_key_update()
        .execute(connection)?;
    Ok(())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = categories)]
struct CategoryRow {
    id: i32,
    name: String,
    slug: String,
    description: Option<String>,
    is_active: bool,
    version: i32,
    created_at: OffsetDateTime,
}

impl TryFrom<CategoryRow> for Category {
    type Error = InvalidSlug;

    fn try_from(row: CategoryRow) -> Result<Self, InvalidSlug> {
        let slug = Slug::try_from(row.slug)?;
        let mut category = Self::new(CategoryId(row.id), row.name, slug, row.created_at);
        category.description = row.description;
        category.is_active = row.is_active;
        category.version = row.version;
        Ok(category)
    }
}

/// The columns that a write sets. A description of `None` removes the stored one.
#[derive(PartialEq, AsChangeset, Insertable)]
#[diesel(table_name = categories, treat_none_as_null = true)]
struct Columns {
    name: String,
    slug: String,
    description: Option<String>,
    is_active: bool,
}

impl Columns {
    fn of(category: NewCategory, slug: &Slug) -> Self {
        Self {
            name: category.name,
            slug: slug.as_str().to_owned(),
            description: category.description,
            is_active: category.is_active,
        }
    }

    fn stored(category: &Category) -> Self {
        Self {
            name: category.name.clone(),
            slug: category.slug.as_str().to_owned(),
            description: category.description.clone(),
            is_active: category.is_active,
        }
    }
}

fn slug_taken(error: diesel::result::Error, slug: &Slug) -> Failure<CategoryError> {
    if violates(&error, "categories_slug_idx") {
        Failure::Refused(CategoryError::SlugTaken(slug.clone()))
    } else {
        error.into()
    }
}
