//! Tracks which changes a listener has received, so that it can resume after a break.

mod missed;

use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Double, Text};

pub(super) use self::missed::missed;

/// A snapshot of the database, together with the log that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bookmark {
    /// The identity of the log. It differs in a copy and after a backup was restored.
    identity: String,
    /// The committed transactions, as `pg_current_snapshot()` returns them.
    snapshot: String,
}

/// The last two bookmarks.
#[derive(Debug, Default)]
pub(super) struct Bookmarks {
    /// Every change committed in this snapshot has been received.
    received: Option<Bookmark>,
    /// Notifications of changes in this snapshot may still be on their way.
    pending: Option<Bookmark>,
}

impl Bookmarks {
    /// Sets the current bookmark. The changes of the previous one have arrived by now.
    pub(super) fn advance(&mut self, bookmark: Bookmark) {
        if let Some(pending) = self.pending.replace(bookmark) {
            self.received = Some(pending);
        }
    }

    /// Returns the bookmark to resume from after a break. It stays in use until the next two bookmarks are set.
    pub(super) fn resume(&mut self) -> Option<Bookmark> {
        self.pending = None;
        self.received.clone()
    }
}

/// Identifies the history that snapshots belong to. It includes the start time of PostgreSQL, since a restarted server
/// may have lost commits.
const IDENTITY: &str =
    "change_log_identity() || ' ' || extract(epoch FROM pg_postmaster_start_time())";

/// The current bookmark and delay of the log.
pub(super) struct LogState {
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

impl LogState {
    pub(super) fn read(connection: &mut PgConnection) -> QueryResult<Self> {
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
