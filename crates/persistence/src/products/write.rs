use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_query;
use diesel::sql_types::{
    Array, BigInt, Bool, HasSqlType, Integer, Nullable, Numeric, Text, Timestamptz,
};
use eggypro_domain::products::{Expected, NewProduct, Product, ProductChanges, ProductError};
use eggypro_domain::{Slug, Valid};
use rust_decimal::Decimal;
use time::OffsetDateTime;

use super::find;
use crate::error::{Failure, violates};
use crate::images::{discard_of_product, discard_taken_out};
use crate::schema::{categories, product_categories, products};

/// The functions here run in a transaction of their caller.
type Result<T> = std::result::Result<T, Failure<ProductError>>;

pub(crate) fn create(
    connection: &mut PgConnection,
    slug: &Slug,
    product: Valid<NewProduct>,
) -> Result<Product> {
    let product = product.into_inner();
    let categories = Categories::lock(connection, &product.categories, None)?;
    if !categories.unknown.is_empty() {
        return Err(refused(ProductError::UnknownCategories(categories.unknown)));
    }
    let mut columns = Columns::of(ProductChanges::from(product));
    columns.slug = Some(slug.as_str().to_owned());
    let id = diesel::insert_into(products::table)
        .values(&columns)
        .returning(products::id)
        .get_result(connection)
        .map_err(|error| slug_taken(error, slug))?;
    categories.link(connection, id)?;
    Ok(find::by_id(connection, id)?)
}

pub(crate) fn update(
    connection: &mut PgConnection,
    slug: &Slug,
    changes: Valid<ProductChanges>,
    expected: &Expected,
) -> Result<Product> {
    let changes = changes.into_inner();
    // Categories are locked before the product, as in writes of a category. This order prevents a deadlock.
    let categories = changes
        .categories
        .as_deref()
        .map(|slugs| Categories::lock(connection, slugs, Some(slug)))
        .transpose()?;
    let before = lock(connection, slug, expected)?;
    let id = before.id.0;
    if changes.would_end_before_it_begins(&before) {
        return Err(refused(ProductError::EndsTooEarly));
    }
    let mut is_changed = changes.would_change(&before);
    if let Some(categories) = &categories {
        if !categories.unknown.is_empty() {
            return Err(refused(ProductError::UnknownCategories(
                categories.unknown.clone(),
            )));
        }
        is_changed = is_changed || !categories.are_those_of(connection, id)?;
    }
    if !is_changed {
        return Ok(before);
    }
    let columns = Columns::of(changes.clone());
    let update = UpdateStatement { id, columns };
    let updated_at = update
        .get_result::<OffsetDateTime>(connection)
        .map_err(|error| slug_taken(error, changes.slug.as_ref().unwrap_or(slug)))?;
    if changes.images.is_some() {
        discard_taken_out(connection, &before.images)?;
    }
    if let Some(categories) = &categories {
        categories.replace(connection, id)?;
    }
    // Triggers derive what a product shows of these, so it is read again.
    if changes.images.is_some() || categories.is_some() {
        return Ok(find::by_id(connection, id)?);
    }
    let mut product = before;
    product.version += 1;
    // A category may have been renamed later.
    product.updated_at = product.updated_at.max(updated_at);
    changes.apply_to(&mut product);
    Ok(product)
}

/// Activates and deactivates products whose time has come. Returns how many.
pub(super) fn switch_due(connection: &mut PgConnection, limit: u32) -> QueryResult<usize> {
    sql_query(
        "WITH due AS MATERIALIZED (SELECT id FROM products WHERE least(publish_at, unpublish_at) <= now() \
         AND (publish_at IS NOT NULL OR unpublish_at IS NOT NULL) ORDER BY id \
         LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED) \
         UPDATE products p SET version = version + 1, updated_at = greatest(updated_at, now()), \
         is_active = coalesce(unpublish_at > now(), true), \
         publish_at = CASE WHEN publish_at > now() THEN publish_at END, \
         unpublish_at = CASE WHEN unpublish_at > now() THEN unpublish_at END \
         FROM due WHERE p.id = due.id",
    )
    .bind::<BigInt, _>(i64::from(limit))
    .execute(connection)
}

pub(crate) fn remove(
    connection: &mut PgConnection,
    slug: &Slug,
    expected: &Expected,
) -> Result<()> {
    let product = lock(connection, slug, expected)?;
    discard_of_product(connection, product.id.0)?;
    diesel::delete(products::table.find(product.id.0)).execute(connection)?;
    Ok(())
}

/// Locks the product of a slug until the transaction ends, if it is as expected.
fn lock(connection: &mut PgConnection, slug: &Slug, expected: &Expected) -> Result<Product> {
    let product = find::locked(connection, slug.as_str())?;
    let product = product.ok_or(refused(ProductError::NotFound))?;
    let current = product.revision();
    if expected.holds_for(current) {
        Ok(product)
    } else {
        Err(refused(ProductError::Changed(current)))
    }
}

/// The columns that a write sets. `None` means the default in a new row, and no change in an existing one.
#[derive(Insertable)]
#[diesel(table_name = products)]
struct Columns {
    name: Option<String>,
    slug: Option<String>,
    description: Option<String>,
    details: Option<String>,
    price: Option<Decimal>,
    images: Option<Vec<Option<String>>>,
    ingredients: Option<Vec<Option<String>>>,
    stock_quantity: Option<i32>,
    is_active: Option<bool>,
    publish_at: Option<Option<OffsetDateTime>>,
    unpublish_at: Option<Option<OffsetDateTime>>,
    low_stock_at: Option<Option<i32>>,
}

impl Columns {
    fn of(changes: ProductChanges) -> Self {
        // The schema types every array as nullable in its elements, though none here holds NULL.
        let list = |texts: Vec<String>| texts.into_iter().map(Some).collect();
        Self {
            name: changes.name,
            slug: changes.slug.map(|slug| slug.as_str().to_owned()),
            description: changes.description,
            details: changes.details,
            price: changes.price.map(|price| price.amount()),
            images: changes.images.map(list),
            ingredients: changes.ingredients.map(list),
            // Validation has bounded the stock.
            stock_quantity: changes
                .stock_quantity
                .map(|stock| stock.try_into().unwrap_or(i32::MAX)),
            is_active: changes.is_active,
            publish_at: changes.publish_at,
            unpublish_at: changes.unpublish_at,
            low_stock_at: changes
                .low_stock_at
                .map(|line| line.map(|line| line.try_into().unwrap_or(i32::MAX))),
        }
    }
}

/// Updates the columns that are set and returns the time of the update. Unlike diesel's own statement it is prepared
/// once for each set of columns, instead of being parsed and planned each time.
struct UpdateStatement {
    id: i32,
    columns: Columns,
}

impl QueryFragment<Pg> for UpdateStatement {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        fn set<'b, Kind, Value>(
            out: &mut AstPass<'_, 'b, Pg>,
            assignment: &str,
            value: &'b Option<Value>,
        ) -> QueryResult<()>
        where
            Pg: HasSqlType<Kind>,
            Value: ToSql<Kind, Pg>,
        {
            let Some(value) = value else { return Ok(()) };
            out.push_sql(assignment);
            out.push_bind_param::<Kind, _>(value)
        }
        type Texts = Array<Nullable<Text>>;
        let columns = &self.columns;
        out.push_sql(
            "UPDATE products SET version = version + 1, updated_at = greatest(updated_at, now())",
        );
        set::<Text, _>(&mut out, ", name = ", &columns.name)?;
        set::<Text, _>(&mut out, ", slug = ", &columns.slug)?;
        set::<Text, _>(&mut out, ", description = ", &columns.description)?;
        set::<Text, _>(&mut out, ", details = ", &columns.details)?;
        set::<Numeric, _>(&mut out, ", price = ", &columns.price)?;
        set::<Texts, _>(&mut out, ", images = ", &columns.images)?;
        set::<Texts, _>(&mut out, ", ingredients = ", &columns.ingredients)?;
        set::<Integer, _>(&mut out, ", stock_quantity = ", &columns.stock_quantity)?;
        set::<Bool, _>(&mut out, ", is_active = ", &columns.is_active)?;
        set::<Nullable<Timestamptz>, _>(&mut out, ", publish_at = ", &columns.publish_at)?;
        set::<Nullable<Timestamptz>, _>(&mut out, ", unpublish_at = ", &columns.unpublish_at)?;
        set::<Nullable<Integer>, _>(&mut out, ", low_stock_at = ", &columns.low_stock_at)?;
        out.push_sql(" WHERE id = ");
        out.push_bind_param::<Integer, _>(&self.id)?;
        out.push_sql(" RETURNING updated_at");
        Ok(())
    }
}

impl QueryId for UpdateStatement {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for UpdateStatement {
    type SqlType = Timestamptz;
}

impl RunQueryDsl<PgConnection> for UpdateStatement {}

/// The new categories of a product, locked until the transaction ends.
struct Categories {
    found: Vec<(i32, String)>,
    unknown: Vec<Slug>,
}

impl Categories {
    /// Locks these categories and the current ones of the product.
    fn lock(
        connection: &mut PgConnection,
        slugs: &[Slug],
        product: Option<&Slug>,
    ) -> QueryResult<Self> {
        if slugs.is_empty() && product.is_none() {
            let (found, unknown) = (vec![], vec![]);
            return Ok(Self { found, unknown });
        }
        let former = product_categories::table
            .inner_join(products::table)
            .filter(products::slug.nullable().eq(product.map(Slug::as_str)))
            .select(product_categories::category_id);
        let wanted = categories::slug.eq_any(slugs.iter().map(Slug::as_str));
        let mut found: Vec<(i32, String)> = categories::table
            .filter(wanted.or(categories::id.eq_any(former)))
            .order(categories::id)
            .select((categories::id, categories::slug))
            .for_share()
            .load(connection)?;
        found.retain(|(_, known)| slugs.iter().any(|slug| slug.as_str() == known));
        let is_unknown = |slug: &&Slug| !found.iter().any(|(_, known)| known == slug.as_str());
        let unknown = slugs.iter().filter(is_unknown).cloned().collect();
        Ok(Self { found, unknown })
    }

    /// Whether these are exactly the categories of a product.
    fn are_those_of(&self, connection: &mut PgConnection, product: i32) -> QueryResult<bool> {
        use product_categories::{category_id, product_id};
        let links: Vec<i32> = product_categories::table
            .filter(product_id.eq(product))
            .order(category_id)
            .select(category_id)
            .load(connection)?;
        Ok(links.iter().eq(self.found.iter().map(|(id, _)| id)))
    }

    /// Adds a product to these categories.
    fn link(&self, connection: &mut PgConnection, product: i32) -> QueryResult<()> {
        use product_categories::{category_id, product_id};
        let links = self.found.iter();
        let links = links.map(|(id, _)| (product_id.eq(product), category_id.eq(*id)));
        diesel::insert_into(product_categories::table)
            .values(links.collect::<Vec<_>>())
            .on_conflict_do_nothing()
            .execute(connection)?;
        Ok(())
    }

    /// Makes these the only categories of a product. Takes two statements, since the trigger of each logs the
    /// categories before it.
    fn replace(&self, connection: &mut PgConnection, product: i32) -> QueryResult<()> {
        use product_categories::{category_id, product_id};
        let ids = self.found.iter().map(|(id, _)| *id);
        diesel::delete(product_categories::table)
            .filter(product_id.eq(product))
            .filter(category_id.ne_all(ids))
            .execute(connection)?;
        self.link(connection, product)
    }
}

fn slug_taken(error: diesel::result::Error, slug: &Slug) -> Failure<ProductError> {
    if violates(&error, "products_slug_idx") {
        refused(ProductError::SlugTaken(slug.clone()))
    } else {
        error.into()
    }
}

fn refused(error: ProductError) -> Failure<ProductError> {
    Failure::Refused(error)
}
