use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Integer, Nullable, Numeric, Text, Timestamptz};
use eggypro_domain::products::{
    COUNT_LIMIT, Cursor, PageSize, ProductQuery, ProductSort, SortKey, Start,
};
use rust_decimal::Decimal;

use super::filter::Filter;
use crate::products::row::{CATEGORIES, COLUMNS, Columns};

/// A page in one statement: the bounded count beside each row, and one row more than the page has. A page without
/// rows still gives one row, with the count alone.
pub(super) struct PageStatement<'a> {
    filter: Filter<'a>,
    /// What else a row must meet.
    condition: Option<&'a dyn QueryFragment<Pg>>,
    sort: ProductSort,
    /// Behind which row reading begins.
    behind: Option<(Key<'a>, i32)>,
    /// Rows from there that are not wanted.
    offset: Option<i64>,
    /// Rows wanted, and one more.
    limit: i64,
    /// The bounded count, if it is known.
    count: Option<i32>,
}

/// The rows of the largest page, and one more.
const MOST_ROWS: u32 = PageSize::MAX.get() + 1;

enum Key<'a> {
    Name(&'a str),
    Price(Decimal),
    CreatedAt(&'a time::OffsetDateTime),
    Rating(i32),
}

impl<'a> PageStatement<'a> {
    pub(super) fn new(query: &'a ProductQuery) -> Self {
        let (behind, offset) = match (&query.start, &query.known_place) {
            (Start::After(cursor), _) => (Some(cursor), None),
            (Start::Offset(offset), Some(place)) if place.offset <= *offset => {
                (Some(&place.cursor), Some(offset - place.offset))
            }
            (Start::Offset(offset), _) => (None, Some(*offset)),
        };
        Self {
            filter: Filter::new(&query.filter),
            condition: None,
            sort: query.sort,
            behind: behind.map(|Cursor { key, id }| (Key::of(key), id.0)),
            offset: offset.map(i64::from),
            limit: i64::from(query.limit.get()) + 1,
            count: query
                .known_total
                .and_then(|total| total.bounded_count().try_into().ok()),
        }
    }

    /// A page of those rows alone that meet this condition as well.
    pub(super) fn among(self, condition: &'a dyn QueryFragment<Pg>) -> Self {
        Self {
            condition: Some(condition),
            ..self
        }
    }

    fn is_planned_by_value(&self) -> bool {
        self.condition.is_some() || self.filter.is_planned_by_value()
    }
}

impl<'a> Key<'a> {
    fn of(key: &'a SortKey) -> Self {
        match key {
            SortKey::Name(name) => Self::Name(name),
            SortKey::Price(price) => Self::Price(price.amount()),
            SortKey::CreatedAt(time) => Self::CreatedAt(time),
            SortKey::Rating(score) => Self::Rating(*score),
        }
    }
}

/// The column that a sort compares before the id; each has an index together with the id.
fn column(sort: ProductSort) -> &'static str {
    match sort {
        ProductSort::NameAsc | ProductSort::NameDesc => "p.name",
        ProductSort::PriceAsc | ProductSort::PriceDesc => "p.price",
        ProductSort::Newest => "p.created_at",
        ProductSort::RatingDesc => "p.rating_score",
    }
}

impl QueryFragment<Pg> for PageStatement<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT t.total, ");
        out.push_sql(COLUMNS);
        out.push_sql(" FROM (SELECT ");
        match &self.count {
            Some(count) => {
                out.push_bind_param::<Integer, _>(count)?;
                out.push_sql(" AS total");
            }
            None => self.push_count(out.reborrow())?,
        }
        out.push_sql(") t LEFT JOIN (SELECT id FROM (SELECT p.id FROM products p WHERE ");
        self.filter.walk_ast(out.reborrow())?;
        if let Some(condition) = self.condition {
            out.push_sql(" AND ");
            condition.walk_ast(out.reborrow())?;
        }
        if let Some((key, id)) = &self.behind {
            self.push_behind(key, id, &mut out)?;
        }
        self.push_order(&mut out);
        out.push_sql(" LIMIT ");
        self.push_bound(&self.limit, &mut out)?;
        if let Some(offset) = &self.offset {
            out.push_sql(" OFFSET ");
            self.push_bound(offset, &mut out)?;
        }
        out.push_sql(") rows");
        if !self.is_planned_by_value() {
            // Without the values, this is what says that few rows come.
            out.push_sql(" LIMIT ");
            out.push_sql(&MOST_ROWS.to_string());
        }
        out.push_sql(") page ON TRUE LEFT JOIN products p ON p.id = page.id");
        out.push_sql(CATEGORIES);
        // A join promises no order, so the few rows of the page are put in order again.
        self.push_order(&mut out);
        Ok(())
    }
}

impl PageStatement<'_> {
    fn push_count<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("count(*)::integer AS total FROM (SELECT FROM products p WHERE ");
        self.filter.walk_ast(out.reborrow())?;
        out.push_sql(" LIMIT ");
        out.push_sql(&(COUNT_LIMIT + 1).to_string());
        out.push_sql(") counted");
        Ok(())
    }

    /// A bound of the page. Where PostgreSQL knows its value, it plans each page anew, since near pages look cheaper than
    /// an average one, and takes longer to plan a near page than to read it. A bound that is selected is unknown until
    /// the statement runs, so one plan serves all pages: to read in order. Where few of very many products are active,
    /// that is not the best one, but walks some six million rows of an index a second.
    fn push_bound<'b>(&self, bound: &'b i64, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let (before, behind) = if self.is_planned_by_value() {
            ("", "")
        } else {
            ("(SELECT ", ")")
        };
        out.push_sql(before);
        out.push_bind_param::<BigInt, _>(bound)?;
        out.push_sql(behind);
        Ok(())
    }

    fn push_order(&self, out: &mut AstPass<'_, '_, Pg>) {
        let direction = if self.sort.is_descending() {
            " DESC"
        } else {
            ""
        };
        for part in [
            " ORDER BY ",
            column(self.sort),
            direction,
            ", p.id",
            direction,
        ] {
            out.push_sql(part);
        }
    }

    /// Compares whole rows, which PostgreSQL turns into one step into the index.
    fn push_behind<'b>(
        &self,
        key: &'b Key<'_>,
        id: &'b i32,
        out: &mut AstPass<'_, 'b, Pg>,
    ) -> QueryResult<()> {
        let comparison = if self.sort.is_descending() {
            ", p.id) < ("
        } else {
            ", p.id) > ("
        };
        for part in [" AND (", column(self.sort), comparison] {
            out.push_sql(part);
        }
        match key {
            Key::Name(name) => out.push_bind_param::<Text, _>(name)?,
            Key::Price(price) => out.push_bind_param::<Numeric, _>(price)?,
            Key::CreatedAt(time) => out.push_bind_param::<Timestamptz, _>(*time)?,
            Key::Rating(score) => out.push_bind_param::<Integer, _>(score)?,
        }
        out.push_sql(", ");
        out.push_bind_param::<Integer, _>(id)?;
        out.push_sql(")");
        Ok(())
    }
}

impl QueryId for PageStatement<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for PageStatement<'_> {
    type SqlType = (Integer, Nullable<Columns>);
}

impl RunQueryDsl<PgConnection> for PageStatement<'_> {}
