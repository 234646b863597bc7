//! Changes in the order in which they were committed.
//!
//! Numbers are given out while transactions run, so a row may appear behind others with greater ones. Rows are therefore
//! read by transaction, and only of transactions before every one that still runs
//! (<https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SNAPSHOT>): of those no row can appear any
//! more.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};
use eggypro_domain::categories::Category;
use eggypro_domain::changes::{ChangeEntry, FollowError, Followed, Position, Resource, Subject};
use eggypro_domain::products::Product;
use eggypro_domain::reviews::{Review, ReviewedProduct};

use super::{COLUMNS, Row, is_one};
use crate::error::Failure;
use crate::{categories, products, reviews};

/// Behind this change of that transaction, in the log of this identity.
struct Place {
    identity: String,
    transaction: u64,
    id: i64,
    /// Where it is the moment of a snapshot: what that shows was committed before, though it stands behind this.
    moment: Option<String>,
}

impl Place {
    /// `None` of what no log has given.
    fn read(position: &Position) -> Option<Self> {
        let mut parts = position.0.splitn(4, '.');
        let place = Self {
            identity: parts.next()?.to_owned(),
            transaction: parts.next()?.parse().ok()?,
            id: parts.next()?.parse().ok()?,
            moment: parts.next().map(str::to_owned),
        };
        place
            .moment
            .iter()
            .all(|moment| is_snapshot(moment))
            .then_some(place)
    }

    /// Whether it is of what has been here: after a crash that lost what was not on its disk yet, a place may be ahead.
    fn is_before(&self, next: u64) -> bool {
        let moment = self.moment.as_deref().and_then(last_of);
        self.transaction <= next && moment.is_none_or(|moment| moment <= next)
    }

    fn position(&self) -> Position {
        let Self {
            identity,
            transaction,
            id,
            moment,
        } = self;
        let moment = moment.iter().map(|moment| format!(".{moment}"));
        let moment = moment.collect::<String>();
        Position(format!("{identity}.{transaction}.{id}{moment}"))
    }
}

/// Whether a text is a snapshot as PostgreSQL writes it: `xmin:xmax:running`, the last a list in ascending order.
fn is_snapshot(text: &str) -> bool {
    let mut parts = text.split(':');
    let mut bound = || parts.next()?.parse::<u64>().ok();
    let (Some(xmin), Some(xmax)) = (bound(), bound()) else {
        return false;
    };
    let (Some(running), None) = (parts.next(), parts.next()) else {
        return false;
    };
    let running = running.split(',').filter(|_| !running.is_empty());
    let running: Option<Vec<u64>> = running.map(|number| number.parse().ok()).collect();
    let is_listed = running.is_some_and(|running| {
        running.is_sorted_by(|one, next| one < next)
            && running.iter().all(|number| (xmin..xmax).contains(number))
    });
    is_listed && (1..=xmax).contains(&xmin) && i64::try_from(xmax).is_ok()
}

/// The first transaction that had not begun at the moment of a snapshot, `xmin:xmax:running`.
fn last_of(snapshot: &str) -> Option<u64> {
    snapshot.split(':').nth(1)?.parse().ok()
}

#[derive(QueryableByName)]
struct Log {
    #[diesel(sql_type = Text)]
    identity: String,
    #[diesel(sql_type = Text)]
    forgotten_transaction: String,
    #[diesel(sql_type = BigInt)]
    forgotten_id: i64,
    /// The transactions that are committed by now, as PostgreSQL says it, and the oldest that runs.
    #[diesel(sql_type = Text)]
    snapshot: String,
    #[diesel(sql_type = Text)]
    running: String,
    /// The first transaction that has not begun.
    #[diesel(sql_type = Text)]
    next: String,
}

impl Log {
    fn read(connection: &mut PgConnection) -> QueryResult<Self> {
        let adopted = || {
            sql_query(
                "SELECT identity, forgotten_transaction::text, forgotten_id, pg_current_snapshot()::text AS snapshot, \
                 pg_snapshot_xmin(pg_current_snapshot())::text AS running, \
                 pg_snapshot_xmax(pg_current_snapshot())::text AS next FROM change_log \
                 WHERE identity = change_log_identity() \
                 AND NOT EXISTS (SELECT FROM change_log WHERE identity <> change_log_identity())",
            )
        };
        if let Some(log) = adopted().get_result(connection).optional()? {
            return Ok(log);
        }
        tracing::warn!("the database is a copy of another one: the log of changes begins anew");
        connection.transaction(|connection| {
            // As long as the log is long.
            sql_query("SET LOCAL statement_timeout = 0").execute(connection)?;
            sql_query("SELECT adopt_change_log()").execute(connection)
        })?;
        adopted().get_result(connection)
    }

    /// Before all that is kept.
    fn beginning(&self) -> Place {
        Place {
            identity: self.identity.clone(),
            transaction: self.forgotten_transaction.parse().unwrap_or_default(),
            id: self.forgotten_id,
            moment: None,
        }
    }
}

pub(super) fn latest(connection: &mut PgConnection) -> QueryResult<Position> {
    let log = Log::read(connection)?;
    let place = Place {
        transaction: log.running.parse().unwrap_or_default(),
        id: 0,
        moment: Some(log.snapshot),
        identity: log.identity,
    };
    Ok(place.position())
}

pub(super) fn behind(
    connection: &mut PgConnection,
    position: Option<&Position>,
    limit: u16,
) -> Result<Followed, Failure<FollowError>> {
    Log::read(connection)?;
    // At one moment, lest what is forgotten meanwhile is taken for what never was.
    connection
        .build_transaction()
        .repeatable_read()
        .read_only()
        .run(|connection| read_behind(connection, position, limit))
}

fn read_behind(
    connection: &mut PgConnection,
    position: Option<&Position>,
    limit: u16,
) -> Result<Followed, Failure<FollowError>> {
    let log = Log::read(connection)?;
    let beginning = log.beginning();
    let place = match position {
        None => beginning,
        Some(position) => match Place::read(position) {
            Some(place)
                if place.identity == log.identity
                    && (place.transaction, place.id) >= (beginning.transaction, beginning.id)
                    && place.is_before(log.next.parse().unwrap_or(u64::MAX)) =>
            {
                place
            }
            _ => return Err(Failure::Refused(FollowError::Gone)),
        },
    };
    let rows: Vec<Row> = sql_query(format!(
        "SELECT {COLUMNS} FROM changes c WHERE c.transaction_id > '0' AND c.transaction_id >= $1::xid8 \
         AND (c.transaction_id > $1::xid8 OR c.id > $2) AND c.transaction_id < pg_snapshot_xmin(pg_current_snapshot()) \
         AND ($4 = '' OR NOT pg_visible_in_snapshot(c.transaction_id, nullif($4, '')::pg_snapshot)) \
         AND {} ORDER BY c.transaction_id, c.id LIMIT $3",
        is_one()
    ))
    .bind::<Text, _>(place.transaction.to_string())
    .bind::<BigInt, _>(place.id)
    .bind::<BigInt, _>(i64::from(limit))
    .bind::<Text, _>(place.moment.as_deref().unwrap_or_default())
    .load(connection)?;
    let count = rows.len();
    let moment_ends = place.moment.as_deref().and_then(last_of);
    let mut entries = vec![];
    let mut last = place.position();
    for row in rows {
        let transaction = row.transaction.parse().unwrap_or_default();
        let is_past = moment_ends.is_none_or(|end| transaction >= end);
        last = Place {
            identity: log.identity.clone(),
            transaction,
            id: row.id,
            moment: place.moment.clone().filter(|_| !is_past),
        }
        .position();
        // What a newer version noted means nothing here.
        entries.extend(row.entry().map(|entry| (entry, last.clone())));
    }
    let is_full = count == usize::from(limit);
    let subjects = Subjects::find(connection, entries.iter().map(|(entry, _)| entry))?;
    let entries = entries.into_iter().map(|(entry, position)| {
        let subject = subjects.of(&entry);
        (entry, position, subject)
    });
    Ok(Followed {
        beginning: place.position(),
        entries: entries.collect(),
        position: last,
        is_full,
    })
}

/// What entries are of, as it stands now, by id.
struct Subjects {
    products: HashMap<i32, Product>,
    categories: HashMap<i32, Category>,
    reviews: HashMap<i32, (Review, ReviewedProduct)>,
}

impl Subjects {
    fn find<'a>(
        connection: &mut PgConnection,
        entries: impl Iterator<Item = &'a ChangeEntry> + Clone,
    ) -> QueryResult<Self> {
        let ids = |resource: Resource| -> Vec<i32> {
            let of = entries.clone().filter(|entry| entry.resource == resource);
            of.filter_map(|entry| entry.resource_id.parse().ok())
                .collect()
        };
        let products = products::by_ids(connection, &ids(Resource::Product))?;
        let categories = categories::by_ids(connection, &ids(Resource::Category))?;
        let reviews = reviews::by_ids(connection, &ids(Resource::Review))?;
        Ok(Self {
            products: products
                .into_iter()
                .map(|product| (product.id.0, product))
                .collect(),
            categories: categories
                .into_iter()
                .map(|category| (category.id.0, category))
                .collect(),
            reviews: reviews
                .into_iter()
                .map(|review| (review.0.id.0, review))
                .collect(),
        })
    }

    fn of(&self, entry: &ChangeEntry) -> Subject {
        let id = entry.resource_id.parse().unwrap_or_default();
        let subject = match entry.resource {
            Resource::Product => {
                let product = self.products.get(&id).cloned();
                product.map(|product| Subject::Product(Box::new(product)))
            }
            Resource::Category => {
                let category = self.categories.get(&id).cloned();
                category.map(|category| Subject::Category(Box::new(category)))
            }
            Resource::Review => {
                let review = self.reviews.get(&id).cloned();
                review.map(|(review, product)| Subject::Review(Box::new(review), product))
            }
            Resource::Image | Resource::Key | Resource::Session | Resource::Synonyms => None,
        };
        subject.unwrap_or(Subject::Gone)
    }
}
