mod codes;
mod statement;

use diesel::prelude::*;
use diesel::result::Error::DeserializationError;
use eggypro_domain::Slug;
use eggypro_domain::categories::CategoryId;
use eggypro_domain::products::{CategoryRef, Product, ProductId};

pub(crate) use self::codes::{by_codes, ids_by_codes};
use self::statement::FindStatement;
use super::row::ProductRow;
use crate::error::corrupt;
use crate::schema::{categories, product_categories, products};

pub(crate) fn by_slug(connection: &mut PgConnection, slug: &str) -> QueryResult<Option<Product>> {
    let row = FindStatement::Slug(slug)
        .get_result::<ProductRow>(connection)
        .optional()?;
    row.map(Product::try_from).transpose().map_err(corrupt)
}

/// The product that once had this slug, if no product has it now.
pub(super) fn by_former_slug(
    connection: &mut PgConnection,
    slug: &str,
) -> QueryResult<Option<Product>> {
    let row = FindStatement::Former(slug)
        .get_result::<ProductRow>(connection)
        .optional()?;
    row.map(Product::try_from).transpose().map_err(corrupt)
}

/// Locks the product of this slug until the transaction ends.
pub(super) fn locked(connection: &mut PgConnection, slug: &str) -> QueryResult<Option<Product>> {
    let id = products::table
        .filter(products::slug.eq(slug))
        .select(products::id)
        .for_update()
        .first(connection)
        .optional()?;
    // In a second statement, which sees categories that were committed while this one waited for the lock.
    id.map(|id| by_id(connection, id)).transpose()
}

/// The products with these slugs, without the missing ones and in no order.
pub(super) fn by_slugs(connection: &mut PgConnection, slugs: &[&str]) -> QueryResult<Vec<Product>> {
    let rows = FindStatement::Slugs(slugs).load::<ProductRow>(connection)?;
    let products = rows.into_iter().map(Product::try_from);
    products.collect::<Result<_, _>>().map_err(corrupt)
}

/// The products with these ids, without the missing ones and in no order.
pub(crate) fn by_ids(connection: &mut PgConnection, ids: &[i32]) -> QueryResult<Vec<Product>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let rows = FindStatement::Ids(ids).load::<ProductRow>(connection)?;
    let products = rows.into_iter().map(Product::try_from);
    products.collect::<Result<_, _>>().map_err(corrupt)
}

/// The next `limit` products after an id, by id, without their images and categories.
pub(super) fn after(
    connection: &mut PgConnection,
    id: i32,
    limit: i64,
) -> QueryResult<Vec<Product>> {
    let rows = FindStatement::After(id, limit).load::<ProductRow>(connection)?;
    let products = rows.into_iter().map(Product::try_from);
    products.collect::<Result<_, _>>().map_err(corrupt)
}

pub(super) fn by_id(connection: &mut PgConnection, id: i32) -> QueryResult<Product> {
    FindStatement::Id(id)
        .get_result::<ProductRow>(connection)?
        .try_into()
        .map_err(corrupt)
}

/// The categories of products, also inactive ones, by product and name.
pub(super) fn all_categories(
    connection: &mut PgConnection,
    ids: &[i32],
) -> QueryResult<Vec<(ProductId, CategoryRef)>> {
    let rows: Vec<(i32, i32, String, String)> = product_categories::table
        .inner_join(categories::table)
        .filter(product_categories::product_id.eq_any(ids))
        .order((
            product_categories::product_id,
            categories::name,
            categories::slug,
        ))
        .select((
            product_categories::product_id,
            categories::id,
            categories::name,
            categories::slug,
        ))
        .load(connection)?;
    let read = rows.into_iter().map(|(product, id, name, slug)| {
        let slug = Slug::try_from(slug).map_err(|error| DeserializationError(Box::new(error)))?;
        let id = CategoryId(id);
        Ok((ProductId(product), CategoryRef { name, slug, id }))
    });
    read.collect()
}
