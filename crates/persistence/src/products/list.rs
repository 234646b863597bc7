mod filter;
mod statement;

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::QueryFragment;
use eggypro_domain::products::{Cursor, Page, Product, ProductQuery, Total};

pub(super) use self::filter::{Filter, beginning_with};
use self::statement::PageStatement;
use super::facets;
use super::row::ProductRow;
use crate::error::corrupt;

pub(crate) fn page(
    connection: &mut PgConnection,
    query: &ProductQuery,
) -> QueryResult<Page<Product>> {
    page_of(connection, query, PageStatement::new(query))
}

/// A page of those products alone that meet another condition as well; the query has their total.
pub(super) fn page_among(
    connection: &mut PgConnection,
    query: &ProductQuery,
    condition: &dyn QueryFragment<Pg>,
) -> QueryResult<Page<Product>> {
    page_of(
        connection,
        query,
        PageStatement::new(query).among(condition),
    )
}

fn page_of(
    connection: &mut PgConnection,
    query: &ProductQuery,
    statement: PageStatement<'_>,
) -> QueryResult<Page<Product>> {
    let rows: Vec<(i32, Option<ProductRow>)> = statement.load(connection)?;
    let total = Total::of_bounded_count(rows.first().map_or(0, |(total, _)| total.unsigned_abs()));
    let mut items = rows
        .into_iter()
        .filter_map(|(_, row)| row)
        .map(Product::try_from)
        .collect::<Result<Vec<_>, _>>()
        .map_err(corrupt)?;
    // One more row than wanted was read, to know whether there is a next page.
    let limit = query.limit.get() as usize;
    let has_more = items.len() > limit;
    items.truncate(limit);
    let next = items
        .last()
        .filter(|_| has_more)
        .map(|product| Cursor::after(query.sort, product));
    let facets = facets::count(connection, &Filter::new(&query.filter), query.facets)?;
    Ok(Page {
        items,
        total,
        next,
        facets,
    })
}

/// How PostgreSQL would read a page, as `EXPLAIN` prints it.
#[cfg(test)]
pub(super) fn explain(connection: &mut PgConnection, query: &ProductQuery) -> QueryResult<String> {
    super::explain::explain(connection, PageStatement::new(query))
}
