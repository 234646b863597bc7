use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use eggypro_domain::products::{COUNT_LIMIT, ProductSearch};

use super::highlight::{self, START, STOP};
use crate::products::list::Filter;
use crate::products::row::{CATEGORIES, COLUMNS, Columns, ProductRow};

pub(super) type HitRow = (ProductRow, String, String);

/// A page of hits, best first, each with its marked name and fragment of the description. A page without hits still
/// gives one row, with the count alone.
///
/// At most as many hits as are counted are ranked, so that a word that every product has costs no more than a rare one.
pub(super) struct SearchStatement<'a> {
    filter: Filter<'a>,
    terms: &'a str,
    translation: (String, String),
    name_options: String,
    description_options: String,
    limit: i64,
    offset: i64,
}

impl<'a> SearchStatement<'a> {
    pub(super) fn new(search: &'a ProductSearch, terms: &'a str) -> Self {
        Self {
            filter: Filter::new(&search.filter),
            terms,
            translation: highlight::translation(),
            name_options: format!("HighlightAll=true, StartSel={START}, StopSel={STOP}"),
            description_options: format!(
                "MaxWords=35, MinWords=15, StartSel={START}, StopSel={STOP}"
            ),
            limit: search.limit.get().into(),
            offset: search.offset.into(),
        }
    }

    fn push_headline<'b>(
        &'b self,
        column: &str,
        options: &'b String,
        out: &mut AstPass<'_, 'b, Pg>,
    ) -> QueryResult<()> {
        for part in [
            ", ts_headline('pg_catalog.english', translate(",
            column,
            ", ",
        ] {
            out.push_sql(part);
        }
        out.push_bind_param::<Text, _>(&self.translation.0)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(&self.translation.1)?;
        out.push_sql("), t.query, ");
        out.push_bind_param::<Text, _>(options)?;
        out.push_sql(")");
        Ok(())
    }
}

impl QueryFragment<Pg> for SearchStatement<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        // The best plan depends on how common the words are, so it is made anew each time.
        out.unsafe_to_cache_prepared();
        out.push_sql("WITH q AS (SELECT to_tsquery('pg_catalog.english', ");
        out.push_bind_param::<Text, _>(&self.terms)?;
        out.push_sql(
            ") AS query), hits AS MATERIALIZED (SELECT p.id, ts_rank(p.search_vector, q.query) AS rank \
             FROM products p, q WHERE p.search_vector @@ q.query AND ",
        );
        self.filter.walk_ast(out.reborrow())?;
        out.push_sql(" LIMIT ");
        out.push_bind_param::<BigInt, _>(const { &(COUNT_LIMIT as i64 + 1) })?;
        out.push_sql("), best AS (SELECT id, rank FROM hits ORDER BY rank DESC, id LIMIT ");
        out.push_bind_param::<BigInt, _>(&self.limit)?;
        out.push_sql(" OFFSET ");
        out.push_bind_param::<BigInt, _>(&self.offset)?;
        out.push_sql(") SELECT t.total, ");
        out.push_sql(COLUMNS);
        self.push_headline("p.name", &self.name_options, &mut out)?;
        self.push_headline("p.description", &self.description_options, &mut out)?;
        out.push_sql(
            " FROM (SELECT count(*)::integer AS total, (SELECT query FROM q) AS query FROM hits) t \
             LEFT JOIN best ON TRUE LEFT JOIN products p ON p.id = best.id",
        );
        out.push_sql(CATEGORIES);
        out.push_sql(" ORDER BY best.rank DESC, best.id");
        Ok(())
    }
}

impl QueryId for SearchStatement<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for SearchStatement<'_> {
    type SqlType = (Integer, Nullable<(Columns, Text, Text)>);
}

impl RunQueryDsl<PgConnection> for SearchStatement<'_> {}
