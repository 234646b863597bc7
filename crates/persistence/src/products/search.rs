mod highlight;
mod statement;
mod suggest;
mod terms;

pub(super) use self::suggest::suggestions;

use diesel::connection::SimpleConnection;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
use eggypro_domain::products::{
    FacetSet, Facets, Highlight, Product, ProductSearch, SearchHit, SearchPage, Total,
};

use self::statement::{HitRow, SearchStatement};
use super::facets::{self, Counted};
use super::list::Filter;
use super::row::ProductRow;
use crate::error::corrupt;

/// With fewer hits than these, the words that may have been meant are looked for as well.
const FEW: u32 = 3;

/// PostgreSQL thinks little of what it costs to look for words in each row of a table.
const BY_INDEX: &str = "SET LOCAL enable_seqscan = off";

/// What is looked for, in PostgreSQL's query language.
#[derive(Debug)]
struct Terms {
    /// The words as they were typed.
    typed: String,
    /// Where few products have them, what may have been meant.
    meant: Option<String>,
}

/// Searches for the words as they were typed; if few products have them, for those that may have been meant as well; and
/// if still nothing is found, for any of them.
pub(super) fn page(
    connection: &mut PgConnection,
    search: &ProductSearch,
) -> QueryResult<SearchPage> {
    let words = terms::words(connection, search.text.as_str())?;
    let Some(typed) = terms::all_of(&words) else {
        return Ok(nothing(search.facets));
    };
    let mut terms = Terms { typed, meant: None };
    let mut found = page_of(connection, search, &terms)?;
    if found.total.bounded_count() < FEW {
        terms.meant = terms::meant_by(connection, &words)?;
        if terms.meant.is_some() {
            found = page_of(connection, search, &terms)?;
        }
    }
    if found.total == Total::Exactly(0) {
        terms.meant = terms::any_word_of(&words);
        if terms.meant.is_some() {
            found = page_of(connection, search, &terms)?;
        }
    }
    let hits = Hits {
        filter: Filter::new(&search.filter),
        terms: &terms,
    };
    found.facets = facets::count(connection, &hits, search.facets)?;
    Ok(found)
}

/// How PostgreSQL looks for a text as it was typed.
#[cfg(test)]
pub(super) fn explain(
    connection: &mut PgConnection,
    search: &ProductSearch,
) -> QueryResult<String> {
    let words = terms::words(connection, search.text.as_str())?;
    let typed = terms::all_of(&words).unwrap_or_default();
    let terms = Terms { typed, meant: None };
    connection.transaction(|connection| {
        connection.batch_execute(BY_INDEX)?;
        super::explain::explain(connection, SearchStatement::new(search, &terms))
    })
}

fn page_of(
    connection: &mut PgConnection,
    search: &ProductSearch,
    terms: &Terms,
) -> QueryResult<SearchPage> {
    let rows: Vec<(i32, Option<HitRow>)> = connection.transaction(|connection| {
        connection.batch_execute(BY_INDEX)?;
        SearchStatement::new(search, terms).load(connection)
    })?;
    let total = Total::of_bounded_count(rows.first().map_or(0, |(total, _)| total.unsigned_abs()));
    let hits = rows
        .into_iter()
        .filter_map(|(_, row)| row)
        .map(hit)
        .collect::<QueryResult<_>>()?;
    Ok(SearchPage {
        hits,
        total,
        facets: None,
    })
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

fn nothing(wanted: FacetSet) -> SearchPage {
    SearchPage {
        hits: vec![],
        total: Total::Exactly(0),
        facets: Facets::of_nothing(wanted),
    }
}

/// All that a search finds.
struct Hits<'a> {
    filter: Filter<'a>,
    terms: &'a Terms,
}

impl Counted for Hits<'_> {
    fn table(&self) -> &'static str {
        "product_words"
    }

    fn push<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("p.words @@ ");
        self.terms.push_any(&mut out)?;
        out.push_sql(" AND ");
        self.filter.walk_ast(out)
    }
}
