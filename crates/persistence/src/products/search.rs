mod highlight;
mod statement;
mod terms;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Integer, Text};
use eggypro_domain::Slug;
use eggypro_domain::products::{
    Highlight, Product, ProductSearch, SearchHit, SearchPage, SearchText, Suggestion, Total,
};

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

/// How many products are compared to make suggestions; a shop where more names match knows no better ones.
const CANDIDATES: i32 = 1_000;

pub(super) fn suggestions(
    connection: &mut PgConnection,
    text: &SearchText,
    limit: u8,
) -> QueryResult<Vec<Suggestion>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        name: String,
        #[diesel(sql_type = Text)]
        slug: String,
    }

    let words = terms::words(text.as_str());
    let Some(terms) = terms::in_name(&words) else {
        return Ok(vec![]);
    };
    let rows: Vec<Row> = sql_query(
        "SELECT name, slug FROM (SELECT id, name, slug FROM products \
         WHERE is_active AND search_vector @@ to_tsquery('pg_catalog.english', $1) LIMIT $2) candidates \
         ORDER BY starts_with(search_fold(name), search_fold($3)) DESC, name, id LIMIT $4",
    )
    .bind::<Text, _>(terms)
    .bind::<Integer, _>(CANDIDATES)
    .bind::<Text, _>(text.as_str())
    .bind::<Integer, _>(i32::from(limit))
    .load(connection)?;
    rows.into_iter()
        .map(|Row { name, slug }| {
            Ok(Suggestion {
                name,
                slug: Slug::try_from(slug).map_err(corrupt)?,
            })
        })
        .collect()
}
