use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Integer, Text};

use crate::products::row::{BARE_COLUMNS, CATEGORIES, COLUMNS, Columns};

/// A statement that finds products. All but `After` include images and categories.
pub(super) enum FindStatement<'a> {
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
