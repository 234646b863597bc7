mod highlight;
mod statement;
mod suggest;
mod terms;

pub(super) use self::suggest::suggestions;

use diesel::prelude::*;
use eggypro_domain::products::{Highlight, Product, ProductSearch, SearchHit, SearchPage, Total};

use self::statement::{HitRow, SearchStatement};
use super::row::ProductRow;
use crate::error::corrupt;

/// Searches for the words as they were typed, and if nothing has them, for the words that may have been meant.
pub(super) fn page(
    connection: &mut PgConnection,
    search: &ProductSearch,
) -> QueryResult<SearchPage> {
    let words = terms::words(search.text.as_str());
    let Some(typed) = terms::all_of(&words) else {
        return Ok(nothing());
    };
    let found = page_of(connection, search, &typed)?;
    if found.total != Total::Exactly(0) {
        return Ok(found);
    }
    match terms::meant_by(connection, &words)? {
        Some(meant) => page_of(connection, search, &meant),
        None => Ok(found),
    }
}

fn page_of(
    connection: &mut PgConnection,
    search: &ProductSearch,
    terms: &str,
) -> QueryResult<SearchPage> {
    let rows: Vec<(i32, Option<HitRow>)> = SearchStatement::new(search, terms).load(connection)?;
    let total = Total::of_bounded_count(rows.first().map_or(0, |(total, _)| total.unsigned_abs()));
    let hits = rows
        .into_iter()
        .filter_map(|(_, row)| row)
        .map(hit)
        .collect::<QueryResult<_>>()?;
    Ok(SearchPage { hits, total })
}

fn hit((row, name, description): (ProductRow, String, String)) -> QueryResult<SearchHit> {
    Ok(SearchHit {
        product: Product::try_from(row).map_err(corrupt)?,
        highlight: Highlight {
            name: highlight::to_html(&name),
            description: highlight::to_html(&description),
        },
    })
}

fn nothing() -> SearchPage {
    SearchPage {
        hits: vec![],
        total: Total::Exactly(0),
    }
}
