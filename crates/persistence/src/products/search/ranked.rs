//! Hits by how well they match.

use std::cmp::{Ordering, Reverse};

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Float, Integer, Text};
use eggypro_domain::products::{ProductSearch, Total};

use super::cursor::{Behind, Block, HitKey, Place};
use super::statement::push_terms;
use super::{Query as WantedQuery, Wanted};
use crate::products::list::Filter;

/// How many hits are ranked at once: more than anybody looks through.
const BLOCK: u32 = 250;

/// How many hits a block is read with at most that has grown since its first page was read.
const LARGEST_BLOCK: usize = 2 * BLOCK as usize;

/// The ids of a page, best first, and where the next one begins.
///
/// Hits come in tiers: first what is called exactly as was typed, then what has all words in its name, then what has
/// them anywhere; and where few products have the words as they were typed, the same for what may have been meant. Of
/// each tier the best rated come first in blocks, within which PostgreSQL's rank decides, so that a word that every
/// product has costs little more than a rare one.
pub(super) fn page(
    connection: &mut PgConnection,
    search: &ProductSearch,
    wanted: &Wanted,
    total: Total,
    place: Option<Place>,
) -> QueryResult<(Vec<i32>, Option<Behind>)> {
    let offset = search.start.offset();
    let mut before = offset / BLOCK * BLOCK;
    let mut skipped = (offset % BLOCK) as usize;
    let mut block = match place.map(|place| place.behind) {
        Some(Behind::Hits(block)) => block,
        _ => Block::default(),
    };
    let (mut page, limit) = (vec![], search.limit.get() as usize);
    loop {
        let mut hits = read(connection, search, wanted, total, before, &mut block)?;
        before = 0;
        if block.until.is_none() {
            return Ok((page, None));
        }
        let found: Vec<i32> = hits.iter().map(|hit| hit.id).collect();
        hits.retain(|hit| !block.shown.contains(&hit.id));
        hits.sort_by(|a, b| a.tier.cmp(&b.tier).then(b.rank.total_cmp(&a.rank)));
        let ids: Vec<i32> = hits.iter().map(|hit| hit.id).collect();
        let begin = skipped.min(ids.len());
        let end = ids.len().min(begin + limit - page.len());
        page.extend(&ids[begin..end]);
        if end < ids.len() {
            block.shown.extend(&ids[..end]);
            return Ok((page, Some(Behind::Hits(block))));
        }
        skipped -= begin;
        // Of a block that was cut, some may have been shown that stand in the next one now.
        block.shown.retain(|id| !found.contains(id));
        block = Block {
            after: block.until,
            until: None,
            shown: if found.len() < LARGEST_BLOCK {
                vec![]
            } else {
                block.shown
            },
        };
    }
}

/// The hits of a block in the order in which they are found, of which it learns where it begins and ends.
fn read(
    connection: &mut PgConnection,
    search: &ProductSearch,
    wanted: &Wanted,
    total: Total,
    before: u32,
    block: &mut Block,
) -> QueryResult<Vec<Hit>> {
    let statement = RankedStatement::new(search, wanted, total, before, block);
    let mut hits: Vec<Hit> = statement.load(connection)?;
    hits.sort_by_key(Hit::place_found);
    // The last hit before the block was read as well.
    if before > 0 && !hits.is_empty() {
        block.after = Some(hits.remove(0).key());
    }
    let last = hits.last().map(Hit::key);
    block.until = match block.until {
        // It has grown beyond what is ranked at once.
        Some(_) if hits.len() >= LARGEST_BLOCK => last,
        Some(until) => Some(until),
        None => last,
    };
    Ok(hits)
}

/// How PostgreSQL looks for the first block of hits.
#[cfg(test)]
pub(super) fn explain(
    connection: &mut PgConnection,
    search: &ProductSearch,
    wanted: &Wanted,
    total: Total,
) -> QueryResult<String> {
    let statement = RankedStatement::new(search, wanted, total, 0, &Block::default());
    crate::products::explain::explain(connection, statement)
}

#[derive(Debug, Queryable)]
struct Hit {
    id: i32,
    tier: i32,
    score: i32,
    rank: f32,
}

impl Hit {
    fn key(&self) -> HitKey {
        HitKey {
            tier: self.tier,
            score: self.score,
            id: self.id,
        }
    }

    fn place_found(&self) -> (i32, Reverse<i32>, i32) {
        (self.tier, Reverse(self.score), self.id)
    }
}

impl HitKey {
    /// The condition on a row of the same tier that its score compares so with this one, or its id does where they have
    /// the same; of numbers alone, so nothing is to be escaped.
    fn compared(self, by_score: &str, by_id: &str) -> String {
        let Self { score, id, .. } = self;
        format!(
            " AND p.rating_score {by_score}= {score} AND (p.rating_score {by_score} {score} OR p.id {by_id} {id})"
        )
    }
}

/// How the best rated hits are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// By looking at all hits, of which there are few.
    Few,
    /// Down the index of ratings: where there are many, it soon meets enough of them.
    Many,
}

/// A block of hits with their ranks, in no order.
struct RankedStatement<'a> {
    filter: Filter<'a>,
    text: &'a str,
    wanted: &'a Wanted,
    reach: Reach,
    after: Option<HitKey>,
    until: Option<HitKey>,
    offset: i64,
    limit: i64,
    /// How many hits of each tier are taken.
    taken: i64,
}

impl<'a> RankedStatement<'a> {
    /// Reads a block behind so many hits, together with the last of these; of one whose end is not known, as many as a
    /// block has.
    fn new(
        search: &'a ProductSearch,
        wanted: &'a Wanted,
        total: Total,
        before: u32,
        block: &Block,
    ) -> Self {
        let offset = i64::from(before.saturating_sub(1));
        let limit = match block.until {
            Some(_) => LARGEST_BLOCK as i64,
            None => i64::from(BLOCK) + i64::from(before.min(1)),
        };
        Self {
            filter: Filter::new(&search.filter),
            text: search.text.as_str(),
            wanted,
            reach: match total {
                Total::Exactly(_) => Reach::Few,
                Total::AtLeast(_) => Reach::Many,
            },
            after: block.after,
            until: block.until,
            offset,
            limit,
            taken: offset + limit,
        }
    }

    /// Two tiers of hits as the table `name`, the first of which is `tier`: those in the name, and all others; without
    /// those of the table `better`.
    fn push_tiers<'b>(
        &'b self,
        name: &str,
        tier: i32,
        query: &'b WantedQuery,
        better: &str,
        out: &mut AstPass<'_, 'b, Pg>,
    ) -> QueryResult<()> {
        let names = format!("{name}_names");
        out.push_sql(&format!(", {names} AS MATERIALIZED ("));
        self.push_tier("product_names", tier, query, &[better], out)?;
        out.push_sql(&format!(
            "), {name} AS MATERIALIZED (SELECT * FROM {better} UNION ALL SELECT * FROM {names} UNION ALL ("
        ));
        self.push_tier("product_words", tier + 1, query, &[better, &names], out)?;
        out.push_sql(") LIMIT ");
        out.push_bind_param::<BigInt, _>(&self.taken)?;
        out.push_sql(")");
        Ok(())
    }

    fn push_tier<'b>(
        &'b self,
        table: &str,
        tier: i32,
        query: &'b WantedQuery,
        better: &[&str],
        out: &mut AstPass<'_, 'b, Pg>,
    ) -> QueryResult<()> {
        out.push_sql(&format!(
            "SELECT p.id, p.rating_score, {tier} AS tier FROM {table} p WHERE p.words @@ "
        ));
        push_terms(&query.anywhere, out)?;
        out.push_sql(" AND ");
        self.filter.walk_ast(out.reborrow())?;
        self.push_range(tier, out);
        if self.after.is_none() {
            for other in better {
                out.push_sql(&format!(" AND p.id NOT IN (SELECT id FROM {other})"));
            }
        } else {
            self.push_none_of_better(tier, query, out)?;
        }
        out.push_sql(match self.reach {
            // No index knows a sum, so all hits are sorted.
            Reach::Few => " ORDER BY p.rating_score + 0 DESC, p.id",
            Reach::Many => " ORDER BY p.rating_score DESC, p.id",
        });
        out.push_sql(" LIMIT ");
        out.push_bind_param::<BigInt, _>(&self.taken)
    }

    /// Leaves out what a better tier has, be it before the block and so in no table.
    fn push_none_of_better<'b>(
        &'b self,
        tier: i32,
        query: &'b WantedQuery,
        out: &mut AstPass<'_, 'b, Pg>,
    ) -> QueryResult<()> {
        out.push_sql(" AND p.id NOT IN (SELECT n.id FROM products n WHERE lower(n.name) = ");
        out.push_bind_param::<Text, _>(&self.text)?;
        out.push_sql(")");
        if tier > TYPED_TIER + 1 {
            out.push_sql(" AND p.id NOT IN (SELECT w.id FROM product_words w WHERE w.words @@ ");
            push_terms(&self.wanted.typed.anywhere, out)?;
            out.push_sql(")");
        }
        if tier == TYPED_TIER + 1 || tier == MEANT_TIER + 1 {
            out.push_sql(" AND NOT p.words @@ ");
            push_terms(&query.in_name, out)?;
        }
        Ok(())
    }

    /// Leaves out what stands before or behind the block.
    fn push_range(&self, tier: i32, out: &mut AstPass<'_, '_, Pg>) {
        if let Some(after) = self.after {
            out.push_sql(&match tier.cmp(&after.tier) {
                Ordering::Less => " AND FALSE".to_owned(),
                Ordering::Equal => after.compared("<", ">"),
                Ordering::Greater => String::new(),
            });
        }
        if let Some(until) = self.until {
            out.push_sql(&match tier.cmp(&until.tier) {
                Ordering::Less => String::new(),
                Ordering::Equal => until.compared(">", "<="),
                Ordering::Greater => " AND FALSE".to_owned(),
            });
        }
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
        self.push_range(0, out);
        out.push_sql(" LIMIT ");
        out.push_bind_param::<BigInt, _>(&self.taken)?;
        out.push_sql(")");
        self.push_tiers("typed", TYPED_TIER, &self.wanted.typed, "namesakes", out)?;
        let mut all = "typed";
        if let Some(meant) = &self.wanted.meant {
            self.push_tiers("meant", MEANT_TIER, meant, "typed", out)?;
            all = "meant";
        }
        out.push_sql(&format!(", hits AS (SELECT * FROM {all})"));
        Ok(())
    }
}

/// The first of the two tiers of what was typed, and of what may have been meant.
const TYPED_TIER: i32 = 1;
const MEANT_TIER: i32 = 3;

impl QueryFragment<Pg> for RankedStatement<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        // The best plan depends on how common the words are, so it is made anew each time.
        out.unsafe_to_cache_prepared();
        self.push_hits(&mut out)?;
        out.push_sql(", block AS (SELECT * FROM hits ORDER BY tier, rating_score DESC, id OFFSET ");
        out.push_bind_param::<BigInt, _>(&self.offset)?;
        out.push_sql(" LIMIT ");
        out.push_bind_param::<BigInt, _>(&self.limit)?;
        out.push_sql(") SELECT block.id, block.tier, block.rating_score, ts_rank(p.words, ");
        self.wanted.push_any(&mut out)?;
        out.push_sql(") FROM block JOIN product_words p USING (id)");
        Ok(())
    }
}

impl QueryId for RankedStatement<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for RankedStatement<'_> {
    type SqlType = (Integer, Integer, Integer, Float);
}

impl RunQueryDsl<PgConnection> for RankedStatement<'_> {}
