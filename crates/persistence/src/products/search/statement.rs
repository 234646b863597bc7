use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Integer, Text};
use eggypro_domain::products::{COUNT_LIMIT, ProductSearch};

use super::Wanted;
use super::highlight::{self, START, STOP};
use crate::products::list::Filter;
use crate::products::row::{CATEGORIES, COLUMNS, Columns, ProductRow};

/// How many hits there are, as far as they are counted.
pub(super) struct CountStatement<'a> {
    filter: Filter<'a>,
    wanted: &'a Wanted,
}

const COUNTED: i64 = COUNT_LIMIT as i64 + 1;

impl<'a> CountStatement<'a> {
    pub(super) fn new(search: &'a ProductSearch, wanted: &'a Wanted) -> Self {
        Self {
            filter: Filter::new(&search.filter),
            wanted,
        }
    }
}

impl QueryFragment<Pg> for CountStatement<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        out.push_sql(
            "SELECT count(*)::integer FROM (SELECT FROM product_words p WHERE p.words @@ ",
        );
        self.wanted.push_any(&mut out)?;
        out.push_sql(" AND ");
        self.filter.walk_ast(out.reborrow())?;
        out.push_sql(" LIMIT ");
        out.push_bind_param::<BigInt, _>(&COUNTED)?;
        out.push_sql(") counted");
        Ok(())
    }
}

impl QueryId for CountStatement<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for CountStatement<'_> {
    type SqlType = Integer;
}

impl RunQueryDsl<PgConnection> for CountStatement<'_> {}

/// The condition of a list that only what a search finds stands in it.
pub(super) struct AmongHits<'a>(pub(super) &'a Wanted);

impl QueryFragment<Pg> for AmongHits<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        out.push_sql("p.id IN (SELECT w.id FROM product_words w WHERE w.words @@ ");
        self.0.push_any(&mut out)?;
        out.push_sql(")");
        Ok(())
    }
}

pub(super) type HitRow = (ProductRow, String, String);

/// The hits of these ids, in this order, each with its marked name and fragment of the description.
pub(super) struct HitsStatement<'a> {
    ids: &'a [i32],
    marked: &'a str,
    translation: (String, String),
    name_options: String,
    description_options: String,
}

impl<'a> HitsStatement<'a> {
    pub(super) fn new(ids: &'a [i32], marked: &'a str) -> Self {
        Self {
            ids,
            marked,
            translation: highlight::translation(),
            name_options: format!("HighlightAll=true, StartSel={START}, StopSel={STOP}"),
            description_options: format!(
                "MaxWords=35, MinWords=15, StartSel={START}, StopSel={STOP}"
            ),
        }
    }

    /// A text with its hits marked. Any word will do: PostgreSQL would look for a fragment with all of them, and take ever
    /// longer over it.
    fn push_headline<'b>(
        &'b self,
        column: &str,
        options: &'b String,
        out: &mut AstPass<'_, 'b, Pg>,
    ) -> QueryResult<()> {
        for part in [", ts_headline('search_marks', translate(", column, ", "] {
            out.push_sql(part);
        }
        out.push_bind_param::<Text, _>(&self.translation.0)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(&self.translation.1)?;
        out.push_sql("), ");
        push_terms(self.marked, out)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(options)?;
        out.push_sql(")");
        Ok(())
    }
}

impl QueryFragment<Pg> for HitsStatement<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT ");
        out.push_sql(COLUMNS);
        self.push_headline("p.name", &self.name_options, &mut out)?;
        self.push_headline("p.description", &self.description_options, &mut out)?;
        out.push_sql(" FROM unnest(");
        out.push_bind_param::<Array<Integer>, _>(self.ids)?;
        out.push_sql(") WITH ORDINALITY hits(id, place) JOIN products p ON p.id = hits.id");
        out.push_sql(CATEGORIES);
        out.push_sql(" ORDER BY hits.place");
        Ok(())
    }
}

impl QueryId for HitsStatement<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for HitsStatement<'_> {
    type SqlType = (Columns, Text, Text);
}

impl RunQueryDsl<PgConnection> for HitsStatement<'_> {}

impl Wanted {
    /// What finds every hit.
    pub(super) fn push_any<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let Some(meant) = &self.meant else {
            return push_terms(&self.typed.anywhere, out);
        };
        out.push_sql("(");
        push_terms(&self.typed.anywhere, out)?;
        out.push_sql(" || ");
        push_terms(&meant.anywhere, out)?;
        out.push_sql(")");
        Ok(())
    }
}

pub(super) fn push_terms<'b>(terms: &'b str, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
    out.push_bind_param::<Text, _>(terms)?;
    out.push_sql("::tsquery");
    Ok(())
}
