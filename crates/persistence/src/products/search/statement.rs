use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Integer, Text};
use eggypro_domain::products::{COUNT_LIMIT, ProductSearch};

use super::Wanted;
use super::highlight::{self, START, STOP};
use crate::products::list::Filter;
use crate::products::row::{CATEGORIES, COLUMNS, Columns, ProductRow};

pub(super) type HitRow = (ProductRow, String, String);

/// How many hits there are, as far as they are counted.
pub(super) struct CountStatement<'a> {
    filter: Filter<'a>,
    wanted: &'a Wanted,
}

impl<'a> CountStatement<'a> {
    pub(super) fn new(search: &'a ProductSearch, wanted: &'a Wanted) -> Self {
        Self {
            filter: Filter::new(&search.filter),
            wanted,
        }
    }
}

/// How the best rated hits are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// By looking at all hits, of which there are few.
    Few,
    /// Down the index of ratings: where there are many, it soon meets enough of them.
    Many,
}

/// A page of hits, best first, each with its marked name and fragment of the description.
///
/// Hits come in tiers: first what is called exactly as was typed, then what has all words in its name, then what has
/// them anywhere; and where few products have the words as they were typed, the same for what may have been meant. Of
/// each tier the best rated come first in blocks, within which PostgreSQL's rank decides, so that a word that every
/// product has costs little more than a rare one.
pub(super) struct SearchStatement<'a> {
    filter: Filter<'a>,
    text: &'a str,
    wanted: &'a Wanted,
    reach: Reach,
    translation: (String, String),
    name_options: String,
    description_options: String,
    limit: i64,
    /// How many hits of the first block stand before the page.
    offset: i64,
    /// Where the first block begins that the page has a part of.
    first_ranked: i64,
    /// How many hits are in the blocks that it has a part of.
    ranked: i64,
    /// How many hits of each tier are taken.
    taken: i64,
}

const COUNTED: i64 = COUNT_LIMIT as i64 + 1;

/// How many hits are ranked at once: more than anybody looks through.
const BLOCK: i64 = 250;

impl<'a> SearchStatement<'a> {
    pub(super) fn new(search: &'a ProductSearch, wanted: &'a Wanted, reach: Reach) -> Self {
        let (limit, offset) = (i64::from(search.limit.get()), i64::from(search.offset));
        let first_ranked = offset / BLOCK * BLOCK;
        let last_ranked = (offset + limit - 1) / BLOCK * BLOCK + BLOCK;
        Self {
            filter: Filter::new(&search.filter),
            text: search.text.as_str(),
            wanted,
            reach,
            translation: highlight::translation(),
            name_options: format!("HighlightAll=true, StartSel={START}, StopSel={STOP}"),
            description_options: format!(
                "MaxWords=35, MinWords=15, StartSel={START}, StopSel={STOP}"
            ),
            limit,
            offset: offset - first_ranked,
            first_ranked,
            ranked: last_ranked - first_ranked,
            taken: last_ranked,
        }
    }

    /// Two tiers of hits as the table `name`, the first of which is `tier`: those in the name, and all others; without
    /// those of the table `better`.
    fn push_tiers<'b>(
        &'b self,
        name: &str,
        tier: u8,
        terms: &'b str,
        better: &str,
        out: &mut AstPass<'_, 'b, Pg>,
    ) -> QueryResult<()> {
        out.push_sql(&format!(", {name}_names AS MATERIALIZED ("));
        self.push_tier("product_names", tier, terms, &[better], out)?;
        out.push_sql(&format!(
            "), {name} AS MATERIALIZED (SELECT * FROM {better} UNION ALL SELECT * FROM {name}_names UNION ALL ("
        ));
        let names = format!("{name}_names");
        self.push_tier("product_words", tier + 1, terms, &[better, &names], out)?;
        out.push_sql(") LIMIT ");
        out.push_bind_param::<BigInt, _>(&self.taken)?;
        out.push_sql(")");
        Ok(())
    }

    fn push_tier<'b>(
        &'b self,
        table: &str,
        tier: u8,
        terms: &'b str,
        others: &[&str],
        out: &mut AstPass<'_, 'b, Pg>,
    ) -> QueryResult<()> {
        out.push_sql(&format!(
            "SELECT p.id, p.rating_score, {tier} AS tier FROM {table} p WHERE p.words @@ "
        ));
        push_terms(terms, out)?;
        out.push_sql(" AND ");
        self.filter.walk_ast(out.reborrow())?;
        for other in others {
            out.push_sql(&format!(" AND p.id NOT IN (SELECT id FROM {other})"));
        }
        out.push_sql(match self.reach {
            // No index knows a sum, so all hits are sorted.
            Reach::Few => " ORDER BY p.rating_score + 0 DESC, p.id",
            Reach::Many => " ORDER BY p.rating_score DESC, p.id",
        });
        out.push_sql(" LIMIT ");
        out.push_bind_param::<BigInt, _>(&self.taken)
    }

    /// The hits that are taken as the table `hits`.
    fn push_hits<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "WITH namesakes AS MATERIALIZED (SELECT p.id, p.rating_score, 0 AS tier FROM products p \
             WHERE lower(p.name) = ",
        );
        out.push_bind_param::<Text, _>(&self.text)?;
        out.push_sql(" AND ");
        self.filter.walk_ast(out.reborrow())?;
        out.push_sql(" LIMIT ");
        out.push_bind_param::<BigInt, _>(&self.taken)?;
        out.push_sql(")");
        self.push_tiers("typed", 1, &self.wanted.typed, "namesakes", out)?;
        let mut all = "typed";
        if let Some(meant) = &self.wanted.meant {
            self.push_tiers("meant", 3, meant, "typed", out)?;
            all = "meant";
        }
        out.push_sql(&format!(", hits AS (SELECT * FROM {all})"));
        Ok(())
    }

    /// Those hits that the page shows as the table `best`, each with its place.
    fn push_best<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            ", ranked AS (SELECT id, tier, rating_score, \
             (row_number() OVER (ORDER BY tier, rating_score DESC, id) - 1) / ",
        );
        out.push_bind_param::<BigInt, _>(&BLOCK)?;
        out.push_sql(" AS block FROM (SELECT id, tier, rating_score FROM hits");
        out.push_sql(" ORDER BY tier, rating_score DESC, id OFFSET ");
        out.push_bind_param::<BigInt, _>(&self.first_ranked)?;
        out.push_sql(" LIMIT ");
        out.push_bind_param::<BigInt, _>(&self.ranked)?;
        out.push_sql(
            ") part), best AS (SELECT id, row_number() OVER (ORDER BY block, tier, ts_rank(p.words, ",
        );
        self.wanted.push_any(out)?;
        out.push_sql(
            ") DESC, ranked.rating_score DESC, id) AS place FROM ranked JOIN product_words p USING (id) \
             ORDER BY place OFFSET ",
        );
        out.push_bind_param::<BigInt, _>(&self.offset)?;
        out.push_sql(" LIMIT ");
        out.push_bind_param::<BigInt, _>(&self.limit)?;
        out.push_sql(")");
        Ok(())
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
        push_terms(&self.wanted.marked, out)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(options)?;
        out.push_sql(")");
        Ok(())
    }
}

impl Wanted {
    /// What finds every hit.
    pub(super) fn push_any<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let Some(meant) = &self.meant else {
            return push_terms(&self.typed, out);
        };
        out.push_sql("(");
        push_terms(&self.typed, out)?;
        out.push_sql(" || ");
        push_terms(meant, out)?;
        out.push_sql(")");
        Ok(())
    }
}

fn push_terms<'b>(terms: &'b str, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
    out.push_bind_param::<Text, _>(terms)?;
    out.push_sql("::tsquery");
    Ok(())
}

impl QueryFragment<Pg> for SearchStatement<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        // The best plan depends on how common the words are, so it is made anew each time.
        out.unsafe_to_cache_prepared();
        self.push_hits(&mut out)?;
        self.push_best(&mut out)?;
        out.push_sql(" SELECT ");
        out.push_sql(COLUMNS);
        self.push_headline("p.name", &self.name_options, &mut out)?;
        self.push_headline("p.description", &self.description_options, &mut out)?;
        out.push_sql(" FROM best JOIN products p ON p.id = best.id");
        out.push_sql(CATEGORIES);
        out.push_sql(" ORDER BY best.place");
        Ok(())
    }
}

impl QueryId for SearchStatement<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for SearchStatement<'_> {
    type SqlType = (Columns, Text, Text);
}

impl RunQueryDsl<PgConnection> for SearchStatement<'_> {}

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
