//! Reads changes in an order that never misses a commit.
//!
//! Ids are assigned while transactions run, so a row may appear after rows with greater ids. Rows are therefore read by
//! transaction, and only from transactions older than every running one
//! (<https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SNAPSHOT>). No more rows of those can
//! appear.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};
use eggypro_domain::categories::Category;
use eggypro_domain::changes::{
    ChangeEntry, EntriesAfter, FollowError, Position, Resource, ResourceState,
};
use eggypro_domain::products::Product;
use eggypro_domain::reviews::{Review, ReviewedProduct};

use super::{COLUMNS, Row, is_reported};
use crate::error::Failure;
use crate::{categories, products, reviews};

/// A position in the log of this identity: after the change `id` of a transaction.
struct LogPosition {
    identity: String,
    transaction: u64,
    id: i64,
    /// Set if the position was taken from a snapshot. Changes that are visible in the snapshot come before the
    /// position, even if they sort after it.
    snapshot: Option<String>,
}

impl LogPosition {
    /// `None` if no log can have returned this position.
    fn read(position: &Position) -> Option<Self> {
        let mut parts = position.0.splitn(4, '.');
        let parsed = Self {
            identity: parts.next()?.to_owned(),
            transaction: parts.next()?.parse().ok()?,
            id: parts.next()?.parse().ok()?,
            snapshot: parts.next().map(str::to_owned),
        };
        parsed
            .snapshot
            .iter()
            .all(|snapshot| is_snapshot(snapshot))
            .then_some(parsed)
    }

    /// Whether the database has reached this position. After a crash that lost transactions, a position may be ahead.
    fn is_reached(&self, next: u64) -> bool {
        let xmax = self.snapshot.as_deref().and_then(snapshot_xmax);
        self.transaction <= next && xmax.is_none_or(|xmax| xmax <= next)
    }

    fn position(&self) -> Position {
        let Self {
            identity,
            transaction,
            id,
            snapshot,
        } = self;
        let snapshot = snapshot.iter().map(|snapshot| format!(".{snapshot}"));
        let snapshot = snapshot.collect::<String>();
        Position(format!("{identity}.{transaction}.{id}{snapshot}"))
    }
}

/// Whether a text is a snapshot as PostgreSQL writes it: `xmin:xmax:running`. `running` is an ascending list.
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

/// The `xmax` of a snapshot `xmin:xmax:running`: the first transaction that had not begun.
fn snapshot_xmax(snapshot: &str) -> Option<u64> {
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
    /// The current snapshot, as PostgreSQL writes it.
    #[diesel(sql_type = Text)]
    snapshot: String,
    /// The oldest running transaction.
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
            // The duration grows with the log.
            sql_query("SET LOCAL statement_timeout = 0").execute(connection)?;
            sql_query("SELECT adopt_change_log()").execute(connection)
        })?;
        adopted().get_result(connection)
    }

    /// The position before the oldest stored change.
    fn beginning(&self) -> LogPosition {
        LogPosition {
            identity: self.identity.clone(),
            transaction: self.forgotten_transaction.parse().unwrap_or_default(),
            id: self.forgotten_id,
            snapshot: None,
        }
    }
}

pub(crate) fn latest(connection: &mut PgConnection) -> QueryResult<Position> {
    let log = Log::read(connection)?;
    let position = LogPosition {
        transaction: log.running.parse().unwrap_or_default(),
        id: 0,
        snapshot: Some(log.snapshot),
        identity: log.identity,
    };
    Ok(position.position())
}

/// How a follower goes on whose position has expired.
pub(crate) struct Resumed {
    pub(crate) position: Position,
    /// Whether the old position belongs to transactions that this database has not had.
    pub(crate) is_other_history: bool,
}

/// Where a follower goes on that stores its position in this database and finds it expired. In a copy of the database,
/// such as a replica that has taken over, the position stands for the same place as before. If entries after it were
/// deleted, the oldest stored one is next. If the database has not reached it, as after a restored dump, the next change
/// is.
pub(crate) fn resumed(connection: &mut PgConnection, position: &Position) -> QueryResult<Resumed> {
    let log = Log::read(connection)?;
    let next = log.next.parse().unwrap_or(u64::MAX);
    let stored = LogPosition::read(position).filter(|stored| stored.is_reached(next));
    let Some(stored) = stored else {
        return Ok(Resumed {
            position: latest(connection)?,
            is_other_history: true,
        });
    };
    let beginning = log.beginning();
    let is_kept = (stored.transaction, stored.id) >= (beginning.transaction, beginning.id);
    let resumed = match is_kept {
        true => LogPosition {
            identity: log.identity,
            ..stored
        },
        false => beginning,
    };
    Ok(Resumed {
        position: resumed.position(),
        is_other_history: false,
    })
}

pub(crate) fn after(
    connection: &mut PgConnection,
    position: Option<&Position>,
    limit: u16,
) -> Result<EntriesAfter, Failure<FollowError>> {
    Log::read(connection)?;
    // In one snapshot. Otherwise changes deleted meanwhile would be skipped without an error.
    connection
        .build_transaction()
        .repeatable_read()
        .read_only()
        .run(|connection| read_after(connection, position, limit))
}

fn read_after(
    connection: &mut PgConnection,
    position: Option<&Position>,
    limit: u16,
) -> Result<EntriesAfter, Failure<FollowError>> {
    let log = Log::read(connection)?;
    let beginning = log.beginning();
    let start = match position {
        None => beginning,
        Some(position) => match LogPosition::read(position) {
            Some(start)
                if start.identity == log.identity
                    && (start.transaction, start.id) >= (beginning.transaction, beginning.id)
                    && start.is_reached(log.next.parse().unwrap_or(u64::MAX)) =>
            {
                start
            }
            _ => return Err(Failure::Refused(FollowError::PositionExpired)),
        },
    };
    let rows: Vec<Row> = sql_query(format!(
        "SELECT {COLUMNS} FROM changes c WHERE c.transaction_id > '0' AND c.transaction_id >= $1::xid8 \
         AND (c.transaction_id > $1::xid8 OR c.id > $2) AND c.transaction_id < pg_snapshot_xmin(pg_current_snapshot()) \
         AND ($4 = '' OR NOT pg_visible_in_snapshot(c.transaction_id, nullif($4, '')::pg_snapshot)) \
         AND {} ORDER BY c.transaction_id, c.id LIMIT $3",
        is_reported()
    ))
    .bind::<Text, _>(start.transaction.to_string())
    .bind::<BigInt, _>(start.id)
    .bind::<BigInt, _>(i64::from(limit))
    .bind::<Text, _>(start.snapshot.as_deref().unwrap_or_default())
    .load(connection)?;
    let count = rows.len();
    let xmax = start.snapshot.as_deref().and_then(snapshot_xmax);
    let mut entries = vec![];
    let mut last = start.position();
    for row in rows {
        let transaction = row.transaction.parse().unwrap_or_default();
        let is_past = xmax.is_none_or(|xmax| transaction >= xmax);
        last = LogPosition {
            identity: log.identity.clone(),
            transaction,
            id: row.id,
            snapshot: start.snapshot.clone().filter(|_| !is_past),
        }
        .position();
        // Entries of a newer version may be unknown here.
        entries.extend(row.entry().map(|entry| (entry, last.clone())));
    }
    let is_full = count == usize::from(limit);
    let subjects = Subjects::find(connection, entries.iter().map(|(entry, _)| entry))?;
    let entries = entries.into_iter().map(|(entry, position)| {
        let subject = subjects.of(&entry);
        (entry, position, subject)
    });
    Ok(EntriesAfter {
        beginning: start.position(),
        entries: entries.collect(),
        position: last,
        is_full,
    })
}

/// The current products, categories and reviews that entries refer to, by id.
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

    fn of(&self, entry: &ChangeEntry) -> ResourceState {
        let id = entry.resource_id.parse().unwrap_or_default();
        let subject = match entry.resource {
            Resource::Product => {
                let product = self.products.get(&id).cloned();
                product.map(|product| ResourceState::Product(Box::new(product)))
            }
            Resource::Category => {
                let category = self.categories.get(&id).cloned();
                category.map(|category| ResourceState::Category(Box::new(category)))
            }
            Resource::Review => {
                let review = self.reviews.get(&id).cloned();
                review.map(|(review, product)| ResourceState::Review(Box::new(review), product))
            }
            Resource::Image
            | Resource::Key
            | Resource::Session
            | Resource::Synonyms
            | Resource::Webhook => None,
        };
        subject.unwrap_or(ResourceState::Gone)
    }
}
