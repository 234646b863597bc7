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
    Facets, Highlight, Product, ProductSearch, SearchHit, SearchPage, Total,
};

use self::statement::{CountStatement, HitRow, Reach, SearchStatement};
use self::terms::Terms;
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
struct Wanted {
    /// The words as they were typed.
    typed: String,
    /// Where few products have them, what may have been meant.
    meant: Option<String>,
    /// Any of the words, to be marked.
    marked: String,
}

/// Searches for the words as they were typed; if few products have them, for those that may have been meant as well; and
/// if still nothing is found, for any of them.
pub(super) fn page(
    connection: &mut PgConnection,
    search: &ProductSearch,
) -> QueryResult<SearchPage> {
    // All statements see the same shop.
    let mut transaction = connection.build_transaction().read_only();
    transaction = transaction.repeatable_read();
    transaction.run(|connection| {
        connection.batch_execute(BY_INDEX)?;
        let Some((wanted, mut found)) = find(connection, search)? else {
            return Ok(SearchPage {
                hits: vec![],
                total: Total::Exactly(0),
                facets: Facets::of_nothing(search.facets),
            });
        };
        if !search.facets.is_empty() {
            connection.batch_execute("SET LOCAL enable_seqscan = on")?;
            let hits = Hits {
                filter: Filter::new(&search.filter),
                wanted: &wanted,
            };
            found.facets = facets::count(connection, &hits, search.facets)?;
        }
        Ok(found)
    })
}

/// What was found in the end, and by what; `None` where the text has no word.
fn find(
    connection: &mut PgConnection,
    search: &ProductSearch,
) -> QueryResult<Option<(Wanted, SearchPage)>> {
    let words = terms::words(connection, search.text.as_str())?;
    let terms = Terms::typed(&words);
    let Some(typed) = terms.all() else {
        return Ok(None);
    };
    let mut wanted = Wanted {
        typed,
        meant: None,
        marked: terms.any(),
    };
    let mut found = page_of(connection, search, &wanted)?;
    if found.total.bounded_count() >= FEW {
        return Ok(Some((wanted, found)));
    }
    let meant = Terms::meant(connection, &words)?;
    if let Some(meant) = &meant {
        wanted.meant = meant.all();
        wanted.marked = meant.any();
        found = page_of(connection, search, &wanted)?;
    }
    if found.total == Total::Exactly(0) && terms.len() > 1 {
        wanted.meant = Some(wanted.marked.clone());
        found = page_of(connection, search, &wanted)?;
    }
    Ok(Some((wanted, found)))
}

/// How PostgreSQL looks for a text as it was typed.
#[cfg(test)]
pub(super) fn explain(
    connection: &mut PgConnection,
    search: &ProductSearch,
) -> QueryResult<String> {
    let terms = Terms::typed(&terms::words(connection, search.text.as_str())?);
    let wanted = Wanted {
        typed: terms.all().unwrap_or_default(),
        meant: None,
        marked: terms.any(),
    };
    connection.transaction(|connection| {
        connection.batch_execute(BY_INDEX)?;
        let count = CountStatement::new(search, &wanted);
        let mut plans = super::explain::explain(connection, count)?;
        for reach in [Reach::Few, Reach::Many] {
            let statement = SearchStatement::new(search, &wanted, reach);
            plans += &super::explain::explain(connection, statement)?;
        }
        Ok(plans)
    })
}

fn page_of(
    connection: &mut PgConnection,
    search: &ProductSearch,
    wanted: &Wanted,
) -> QueryResult<SearchPage> {
    let count: i32 = CountStatement::new(search, wanted).get_result(connection)?;
    let total = Total::of_bounded_count(count.unsigned_abs());
    let mut hits = vec![];
    if search.offset < total.bounded_count() {
        let reach = match total {
            Total::Exactly(_) => Reach::Few,
            Total::AtLeast(_) => Reach::Many,
        };
        let rows: Vec<HitRow> = SearchStatement::new(search, wanted, reach).load(connection)?;
        hits = rows.into_iter().map(hit).collect::<QueryResult<_>>()?;
    }
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

/// All that a search finds.
struct Hits<'a> {
    filter: Filter<'a>,
    wanted: &'a Wanted,
}

impl Counted for Hits<'_> {
    fn table(&self) -> &'static str {
        "product_words"
    }

    fn push<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("p.words @@ ");
        self.wanted.push_any(&mut out)?;
        out.push_sql(" AND ");
        self.filter.walk_ast(out)
    }
}
