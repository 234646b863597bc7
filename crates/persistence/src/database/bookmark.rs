//! How far a listener has heard, so that it can go on from there after a break.

use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Double, Text};
use eggypro_domain::changes::Change;

use crate::error::corrupt;

/// How many transactions may have been missed to be told one by one.
const MOST_MISSED: i64 = 200;

/// A moment of a history of the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bookmark {
    /// Of the log: in a copy, or after a backup was put back, it is another one.
    identity: String,
    /// Which transactions were committed by then, as `pg_current_snapshot()` says it.
    snapshot: String,
}

/// The last moments that were looked at.
#[derive(Debug, Default)]
pub(super) struct Bookmarks {
    /// All that was committed by then has been heard.
    heard: Option<Bookmark>,
    /// What was committed by then may be on its way.
    seen: Option<Bookmark>,
}

impl Bookmarks {
    /// Now it is this moment, and what was committed at the last one has arrived.
    pub(super) fn put(&mut self, bookmark: Bookmark) {
        if let Some(seen) = self.seen.replace(bookmark) {
            self.heard = Some(seen);
        }
    }

    /// From where to go on after a break. Until another moment is known, the next break goes on from there as well.
    pub(super) fn begin_anew(&mut self) -> Option<Bookmark> {
        self.seen = None;
        self.heard.clone()
    }
}

/// What was committed since all was heard; `None` where that is not known, or too much. A log of another database that lies
/// here is made this one's.
pub(super) fn missed(
    connection: &mut PgConnection,
    heard: Option<Bookmark>,
) -> QueryResult<Option<Vec<Change>>> {
    sql_query("SELECT adopt_change_log()").execute(connection)?;
    let now: Identity =
        sql_query(format!("SELECT {IDENTITY} AS identity")).get_result(connection)?;
    match heard {
        Some(heard) if heard.identity == now.identity => heard.missed(connection),
        _ => Ok(None),
    }
}

/// The history that snapshots are of. One that was started again may have lost what it had committed.
const IDENTITY: &str =
    "change_log_identity() || ' ' || extract(epoch FROM pg_postmaster_start_time())";

#[derive(QueryableByName)]
struct Identity {
    #[diesel(sql_type = Text)]
    identity: String,
}

#[derive(QueryableByName)]
struct Missed {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Array<Text>)]
    tags: Vec<String>,
}

impl Bookmark {
    fn missed(&self, connection: &mut PgConnection) -> QueryResult<Option<Vec<Change>>> {
        // Named as they were announced, lest who has heard of one takes it for another.
        let missed: Vec<Missed> = sql_query(
            "SELECT transaction_id || '-' || extract(epoch FROM min(at)) AS name, \
             array_agg(DISTINCT tag) FILTER (WHERE tag IS NOT NULL) AS tags \
             FROM changes LEFT JOIN unnest(tags) tag ON true \
             WHERE transaction_id > '0' AND transaction_id >= pg_snapshot_xmin($1::pg_snapshot) \
             AND NOT pg_visible_in_snapshot(transaction_id, $1::pg_snapshot) \
             GROUP BY transaction_id HAVING count(tag) > 0 LIMIT $2",
        )
        .bind::<Text, _>(&self.snapshot)
        .bind::<BigInt, _>(MOST_MISSED + 1)
        .load(connection)?;
        if missed.len() as i64 > MOST_MISSED {
            return Ok(None);
        }
        let changes = missed.into_iter().map(|Missed { name, tags }| {
            let tags = tags.iter().map(|tag| tag.parse()).collect::<Result<_, _>>();
            Ok(Change {
                name,
                tags: tags.map_err(corrupt)?,
            })
        });
        changes.collect::<QueryResult<_>>().map(Some)
    }
}

/// What is true of the database at a moment.
pub(super) struct Seen {
    pub(super) bookmark: Bookmark,
    pub(super) held_back: Duration,
}

#[derive(QueryableByName)]
struct Now {
    #[diesel(sql_type = Text)]
    identity: String,
    #[diesel(sql_type = Text)]
    snapshot: String,
    #[diesel(sql_type = Double)]
    held_back: f64,
}

impl Seen {
    pub(super) fn by_now(connection: &mut PgConnection) -> QueryResult<Self> {
        let now: Now = sql_query(
            format!("SELECT {IDENTITY} AS identity, pg_current_snapshot()::text AS snapshot, \
             coalesce((SELECT extract(epoch FROM clock_timestamp() - min(at)) FROM changes WHERE transaction_id > '0' \
             AND transaction_id >= pg_snapshot_xmin(pg_current_snapshot())), 0)::double precision AS held_back"),
        )
        .get_result(connection)?;
        Ok(Self {
            bookmark: Bookmark {
                identity: now.identity,
                snapshot: now.snapshot,
            },
            held_back: Duration::from_secs_f64(now.held_back.max(0.0)),
        })
    }
}
