use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Integer, Text};
use eggypro_domain::Slug;
use eggypro_domain::products::Product;

use super::row::{CATEGORIES, COLUMNS, Columns, ProductRow};
use crate::error::corrupt;

pub(crate) fn by_slug(connection: &mut PgConnection, slug: &Slug) -> QueryResult<Option<Product>> {
    let row = FindStatement::BySlug(slug.as_str())
        .get_result::<ProductRow>(connection)
        .optional()?;
    row.map(Product::try_from).transpose().map_err(corrupt)
}

pub(super) fn by_id(connection: &mut PgConnection, id: i32) -> QueryResult<Product> {
    FindStatement::ById(id)
        .get_result::<ProductRow>(connection)?
        .try_into()
        .map_err(corrupt)
}

/// One product with its categories.
enum FindStatement<'a> {
    BySlug(&'a str),
    ById(i32),
}

impl QueryFragment<Pg> for FindStatement<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT ");
        out.push_sql(COLUMNS);
        out.push_sql(" FROM products p");
        out.push_sql(CATEGORIES);
        match self {
            Self::BySlug(slug) => {
                out.push_sql(" WHERE p.slug = ");
                out.push_bind_param::<Text, _>(slug)
            }
            Self::ById(id) => {
                out.push_sql(" WHERE p.id = ");
                out.push_bind_param::<Integer, _>(id)
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
