mod cursor;
mod highlight;
mod ranked;
mod statement;
mod suggest;
mod terms;

pub(super) use self::suggest::suggestions;

use diesel::connection::SimpleConnection;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment};
#[cfg(test)]
use eggypro_domain::products::COUNT_LIMIT;
use eggypro_domain::products::{
    Facets, Highlight, Product, ProductQuery, ProductSearch, ProductSort, SearchError, SearchHit,
    SearchPage, Start, Total,
};

use self::cursor::{Behind, Freedom, Place};
use self::statement::{AmongHits, CountStatement, HitRow, HitsStatement};
use self::terms::Terms;
use super::facets::{self, Counted};
use super::list::{self, Filter};
use super::row::ProductRow;
use crate::error::{Failure, corrupt};

/// With fewer hits than these, the words that may have been meant are looked for as well.
const FEW: u32 = 3;

/// PostgreSQL thinks little of what it costs to look for words in each row of a table.
const BY_INDEX: &str = "SET LOCAL enable_seqscan = off";

/// What is looked for, in PostgreSQL's query language.
#[derive(Debug)]
struct Wanted {
    freedom: Freedom,
    /// The words as they were typed.
    typed: Query,
    /// Where few products have them, what may have been meant.
    meant: Option<Query>,
    /// Any of the words, to be marked.
    marked: String,
}

/// What finds all of some words.
#[derive(Debug)]
struct Query {
    anywhere: String,
    /// Where all words of a product are looked at, but those of its name are meant.
    in_name: String,
}

impl Query {
    /// `None` without a word.
    fn of(terms: &Terms) -> Option<Self> {
        Some(Self {
            anywhere: terms.all()?,
            in_name: terms.all_in_name()?,
        })
    }
}

/// Searches for the words as they were typed; if few products have them, for those that may have been meant as well; and
/// if still nothing is found, for any of them.
pub(super) fn page(
    connection: &mut PgConnection,
    search: &ProductSearch,
) -> Result<SearchPage, Failure<SearchError>> {
    let place = match &search.start {
        Start::Offset(_) => None,
        Start::After(cursor) => {
            let place = Place::read(cursor, search.sort);
            Some(place.ok_or(Failure::Refused(SearchError::UnknownCursor))?)
        }
    };
    // All statements see the same shop.
    let mut transaction = connection.build_transaction().read_only();
    transaction = transaction.repeatable_read();
    transaction.run(|connection| Ok(found(connection, search, place)?))
}

fn found(
    connection: &mut PgConnection,
    search: &ProductSearch,
    place: Option<Place>,
) -> QueryResult<SearchPage> {
    connection.batch_execute(BY_INDEX)?;
    let freedom = place.as_ref().map(|place| place.freedom);
    let Some((wanted, total)) = wanted(connection, search, freedom)? else {
        return Ok(SearchPage {
            hits: vec![],
            total: Total::Exactly(0),
            next: None,
            facets: Facets::of_nothing(search.facets),
        });
    };
    let (ids, behind) = match search.sort {
        _ if total == Total::Exactly(0) => (vec![], None),
        None => ranked::page(connection, search, &wanted, total, place)?,
        Some(sort) => sorted(connection, search, sort, &wanted, total, place)?,
    };
    let hits = hits(connection, &wanted, &ids)?;
    let mut facets = None;
    if !search.facets.is_empty() {
        connection.batch_execute("SET LOCAL enable_seqscan = on")?;
        let hits = Hits {
            filter: Filter::new(&search.filter),
            wanted: &wanted,
        };
        facets = facets::count(connection, &hits, search.facets)?;
    }
    let freedom = wanted.freedom;
    let next = behind.map(|behind| Place { freedom, behind }.write());
    Ok(SearchPage {
        hits,
        total,
        next,
        facets,
    })
}

/// What is looked for and how often it is there; `None` where the text has no word. A page that follows another one takes
/// the text as freely as that.
fn wanted(
    connection: &mut PgConnection,
    search: &ProductSearch,
    freedom: Option<Freedom>,
) -> QueryResult<Option<(Wanted, Total)>> {
    let words = terms::words(connection, search.text.as_str())?;
    let terms = Terms::typed(&words);
    let Some(typed) = Query::of(&terms) else {
        return Ok(None);
    };
    let mut wanted = Wanted {
        freedom: Freedom::Typed,
        typed,
        meant: None,
        marked: terms.any(),
    };
    let mut total = count(connection, search, &wanted)?;
    let is_enough = |total: Total| match freedom {
        Some(freedom) => freedom == Freedom::Typed,
        None => total.bounded_count() >= FEW,
    };
    if is_enough(total) {
        return Ok(Some((wanted, total)));
    }
    wanted.freedom = Freedom::Meant;
    let meant = Terms::meant(connection, &words)?;
    if let Some(meant) = &meant {
        wanted.meant = Query::of(meant);
        wanted.marked = meant.any();
        total = count(connection, search, &wanted)?;
    }
    let is_any = match freedom {
        Some(freedom) => freedom == Freedom::Any,
        None => total == Total::Exactly(0) && terms.len() > 1,
    };
    if is_any {
        wanted.freedom = Freedom::Any;
        wanted.meant = Query::of(&meant.unwrap_or(terms).one_of_all());
        total = count(connection, search, &wanted)?;
    }
    Ok(Some((wanted, total)))
}

fn count(
    connection: &mut PgConnection,
    search: &ProductSearch,
    wanted: &Wanted,
) -> QueryResult<Total> {
    let count: i32 = CountStatement::new(search, wanted).get_result(connection)?;
    Ok(Total::of_bounded_count(count.unsigned_abs()))
}

/// How PostgreSQL looks for a text as it was typed.
#[cfg(test)]
pub(super) fn explain(
    connection: &mut PgConnection,
    search: &ProductSearch,
) -> QueryResult<String> {
    connection.transaction(|connection| {
        connection.batch_execute(BY_INDEX)?;
        let freedom = Some(Freedom::Typed);
        let Some((wanted, total)) = wanted(connection, search, freedom)? else {
            return Ok(String::new());
        };
        let count = CountStatement::new(search, &wanted);
        let mut plans = super::explain::explain(connection, count)?;
        for total in [total, Total::AtLeast(COUNT_LIMIT)] {
            plans += &ranked::explain(connection, search, &wanted, total)?;
        }
        Ok(plans)
    })
}

/// The ids of a page that is sorted as a list is.
fn sorted(
    connection: &mut PgConnection,
    search: &ProductSearch,
    sort: ProductSort,
    wanted: &Wanted,
    total: Total,
    place: Option<Place>,
) -> QueryResult<(Vec<i32>, Option<Behind>)> {
    let start = match (place.map(|place| place.behind), &search.start) {
        (Some(Behind::Product(cursor)), _) => Start::After(cursor),
        (_, start) => Start::Offset(start.offset()),
    };
    let mut query = ProductQuery::default();
    query.filter = search.filter.clone();
    query.sort = sort;
    query.start = start;
    query.limit = search.limit;
    query.known_total = Some(total);
    let page = list::page_among(connection, &query, &AmongHits(wanted))?;
    let ids = page.items.iter().map(|product| product.id.0);
    Ok((ids.collect(), page.next.map(Behind::Product)))
}

/// The hits of these ids, in this order.
fn hits(
    connection: &mut PgConnection,
    wanted: &Wanted,
    ids: &[i32],
) -> QueryResult<Vec<SearchHit>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let rows: Vec<HitRow> = HitsStatement::new(ids, &wanted.marked).load(connection)?;
    rows.into_iter().map(hit).collect()
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
