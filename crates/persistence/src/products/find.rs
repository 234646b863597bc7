use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Integer, Text};
use eggypro_domain::products::Product;

use super::row::{BARE_COLUMNS, CATEGORIES, COLUMNS, Columns, ProductRow};
use crate::error::corrupt;
use crate::schema::products;

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

/// A statement that finds products. All but `After` include images and categories.
enum FindStatement<'a> {
    Slug(&'a str),
    Former(&'a str),
    Slugs(&'a [&'a str]),
    Ids(&'a [i32]),
    Id(i32),
    After(i32, i64),
}

impl QueryFragment<Pg> for FindStatement<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let (columns, categories) = match self {
            Self::After(..) => (BARE_COLUMNS, ""),
            _ => (COLUMNS, CATEGORIES),
        };
        out.push_sql("SELECT ");
        out.push_sql(columns);
        out.push_sql(" FROM products p");
        out.push_sql(categories);
        match self {
            Self::Slug(slug) => {
                out.push_sql(" WHERE p.slug = ");
                out.push_bind_param::<Text, _>(slug)
            }
            Self::Former(slug) => {
                out.push_sql(
                    " WHERE p.id = (SELECT f.product_id FROM former_slugs f WHERE f.slug = ",
                );
                out.push_bind_param::<Text, _>(slug)?;
                out.push_sql(")");
                Ok(())
            }
            Self::Slugs(slugs) => {
                out.push_sql(" WHERE p.slug = ANY(");
                out.push_bind_param::<Array<Text>, _>(slugs)?;
                out.push_sql(")");
                Ok(())
            }
            Self::Ids(ids) => {
                out.push_sql(" WHERE p.id = ANY(");
                out.push_bind_param::<Array<Integer>, _>(ids)?;
                out.push_sql(")");
                Ok(())
            }
            Self::Id(id) => {
                out.push_sql(" WHERE p.id = ");
                out.push_bind_param::<Integer, _>(id)
            }
            Self::After(id, limit) => {
                out.push_sql(" WHERE p.id > ");
                out.push_bind_param::<Integer, _>(id)?;
                out.push_sql(" ORDER BY p.id LIMIT ");
                out.push_bind_param::<BigInt, _>(limit)
            }
        }
    }
}

impl QueryId for FindStatement<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for FindStatement<'_> {
    type SqlType = Columns;
}

impl RunQueryDsl<PgConnection> for FindStatement<'_> {}
