use std::cmp::Ordering;

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Integer, Nullable, Numeric, Text};
use eggypro_domain::products::{
    CategoryCount, Facet, FacetSet, Facets, PriceCount, PriceFacet, PriceRange, RatingCount,
    StockFacet,
};
use eggypro_domain::{Price, Slug};
use rust_decimal::Decimal;

use crate::error::corrupt;

/// Which products are counted.
pub(super) trait Counted {
    /// The table that has them.
    fn table(&self) -> &'static str;

    /// Writes the conditions on a row `p` of that table.
    fn push<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()>;
}

/// Counts in one statement; `None` where nothing is wanted.
pub(super) fn count(
    connection: &mut PgConnection,
    counted: &impl Counted,
    wanted: FacetSet,
) -> QueryResult<Option<Facets>> {
    if wanted.is_empty() {
        return Ok(None);
    }
    let starts = PriceRange::STARTS.map(Decimal::from).to_vec();
    let mut rows = FacetStatement {
        counted,
        wanted,
        starts,
    }
    .load::<Row>(connection)?;
    rows.sort_by(in_order);
    let has = |facet| wanted.contains(facet);
    let of = |facet: Facet| rows.iter().filter(move |row| row.facet == facet.as_str());
    let mut facets = Facets::default();
    facets.categories = has(Facet::Category)
        .then(|| of(Facet::Category).map(category).collect())
        .transpose()?;
    facets.price = has(Facet::Price)
        .then(|| price(of(Facet::Price)))
        .transpose()?;
    facets.ratings = has(Facet::Rating).then(|| of(Facet::Rating).map(rating).collect());
    facets.stock = has(Facet::Stock).then(|| stock(of(Facet::Stock)));
    Ok(Some(facets))
}

#[derive(Debug, Queryable)]
struct Row {
    facet: String,
    slug: Option<String>,
    name: Option<String>,
    /// The number of the range of prices, the stars, or 1 for what is in stock.
    bucket: Option<i32>,
    lowest: Option<Decimal>,
    highest: Option<Decimal>,
    count: i64,
}

/// Within its facet: the category with the most products first, the cheapest range, the most stars.
fn in_order(a: &Row, b: &Row) -> Ordering {
    let is_price = a.facet == Facet::Price.as_str();
    let buckets = a.bucket.cmp(&b.bucket);
    let buckets = if is_price { buckets } else { buckets.reverse() };
    let counts = if a.slug.is_some() {
        b.count.cmp(&a.count)
    } else {
        Ordering::Equal
    };
    a.facet
        .cmp(&b.facet)
        .then(buckets)
        .then(counts)
        .then_with(|| (&a.name, &a.slug).cmp(&(&b.name, &b.slug)))
}

fn category(row: &Row) -> QueryResult<CategoryCount> {
    Ok(CategoryCount {
        slug: Slug::try_from(row.slug.clone().unwrap_or_default()).map_err(corrupt)?,
        name: row.name.clone().unwrap_or_default(),
        count: row.count.unsigned_abs(),
    })
}

fn price<'a>(rows: impl Iterator<Item = &'a Row> + Clone) -> QueryResult<PriceFacet> {
    let lowest = rows.clone().filter_map(|row| row.lowest).min();
    let highest = rows.clone().filter_map(|row| row.highest).max();
    let price = |amount| Price::try_from(amount).map_err(corrupt);
    let extremes = match lowest.zip(highest) {
        Some((lowest, highest)) => Some((price(lowest)?, price(highest)?)),
        None => None,
    };
    let ranges = rows.filter_map(|row| {
        // PostgreSQL counts them from 1.
        let range = usize::try_from(row.bucket? - 1)
            .ok()
            .and_then(|index| PriceRange::try_from(index).ok())?;
        Some(PriceCount {
            range,
            count: row.count.unsigned_abs(),
        })
    });
    Ok(PriceFacet {
        extremes,
        ranges: ranges.collect(),
    })
}

fn rating(row: &Row) -> RatingCount {
    RatingCount {
        stars: row.bucket.and_then(|stars| stars.try_into().ok()),
        count: row.count.unsigned_abs(),
    }
}

fn stock<'a>(rows: impl Iterator<Item = &'a Row>) -> StockFacet {
    let mut facet = StockFacet::default();
    for row in rows {
        let count = if row.bucket == Some(1) {
            &mut facet.in_stock
        } else {
            &mut facet.out_of_stock
        };
        *count = row.count.unsigned_abs();
    }
    facet
}

struct FacetStatement<'a, C> {
    counted: &'a C,
    wanted: FacetSet,
    /// Where ranges of prices begin.
    starts: Vec<Decimal>,
}

impl<C: Counted> QueryFragment<Pg> for FacetStatement<'_, C> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        // The best plan depends on how much the conditions leave.
        out.unsafe_to_cache_prepared();
        out.push_sql("WITH hits AS MATERIALIZED (SELECT p.id, p.price, p.stock_quantity, p.rating_count, p.rating_score FROM ");
        out.push_sql(self.counted.table());
        out.push_sql(" p WHERE ");
        self.counted.push(out.reborrow())?;
        out.push_sql(") ");
        for (index, facet) in self.wanted.iter().enumerate() {
            if index > 0 {
                out.push_sql(" UNION ALL ");
            }
            self.push_counts(facet, &mut out)?;
        }
        Ok(())
    }
}

impl<C: Counted> FacetStatement<'_, C> {
    fn push_counts<'b>(&'b self, facet: Facet, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        const NOWHERE: &str = "NULL::text AS slug, NULL::text AS name, ";
        for part in ["SELECT '", facet.as_str(), "' AS facet, "] {
            out.push_sql(part);
        }
        match facet {
            Facet::Category => out.push_sql(
                "c.slug::text, c.name::text, NULL::integer, NULL::numeric, NULL::numeric, count(*) AS count FROM hits JOIN product_categories pc ON pc.product_id = hits.id \
                 JOIN categories c ON c.id = pc.category_id AND c.is_active GROUP BY c.id",
            ),
            Facet::Price => {
                out.push_sql(NOWHERE);
                out.push_sql("bucket, min(price), max(price), count(*) AS count FROM (SELECT price, width_bucket(price, ");
                out.push_bind_param::<Array<Numeric>, _>(&self.starts)?;
                out.push_sql(") AS bucket FROM hits) priced GROUP BY bucket");
            }
            Facet::Rating => {
                out.push_sql(NOWHERE);
                out.push_sql(
                    "stars, NULL::numeric, NULL::numeric, count(*) AS count FROM \
                     (SELECT CASE WHEN rating_count > 0 THEN (rating_score + 500000) / 1000000 END AS stars FROM hits) rated \
                     GROUP BY stars",
                );
            }
            Facet::Stock => {
                out.push_sql(NOWHERE);
                out.push_sql(
                    "(stock_quantity > 0)::integer, NULL::numeric, NULL::numeric, count(*) AS count \
                     FROM hits GROUP BY stock_quantity > 0",
                );
            }
        }
        Ok(())
    }
}

impl<C> QueryId for FacetStatement<'_, C> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C> Query for FacetStatement<'_, C> {
    type SqlType = (
        Text,
        Nullable<Text>,
        Nullable<Text>,
        Nullable<Integer>,
        Nullable<Numeric>,
        Nullable<Numeric>,
        BigInt,
    );
}

impl<C> RunQueryDsl<PgConnection> for FacetStatement<'_, C> {}
