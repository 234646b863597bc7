//! Reads the changes that a listener has missed.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Text};
use eggypro_domain::changes::Change;

use super::{Bookmark, IDENTITY};
use crate::error::corrupt;

/// Maximum number of missed transactions that are reported one by one.
const MAX_MISSED: i64 = 200;

/// The changes that were committed since a bookmark. `None` if they are unknown or too many. If the database is a copy
/// of another one, this adopts its log.
pub(in crate::database) fn missed(
    connection: &mut PgConnection,
    received: Option<Bookmark>,
) -> QueryResult<Option<Vec<Change>>> {
    sql_query("SELECT adopt_change_log()").execute(connection)?;
    let now: Identity =
        sql_query(format!("SELECT {IDENTITY} AS identity")).get_result(connection)?;
    match received {
        Some(received) if received.identity == now.identity => received.missed(connection),
        _ => Ok(None),
    }
}

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
        // The names are the same as in the notifications, so that a change received twice is recognised.
        let missed: Vec<Missed> = sql_query(
            "SELECT transaction_id || '-' || extract(epoch FROM min(at)) AS name, \
             array_agg(DISTINCT tag) FILTER (WHERE tag IS NOT NULL) AS tags \
             FROM changes LEFT JOIN unnest(tags) tag ON true \
             WHERE transaction_id > '0' AND transaction_id >= pg_snapshot_xmin($1::pg_snapshot) \
             AND NOT pg_visible_in_snapshot(transaction_id, $1::pg_snapshot) \
             GROUP BY transaction_id HAVING count(tag) > 0 LIMIT $2",
        )
        .bind::<Text, _>(&self.snapshot)
        .bind::<BigInt, _>(MAX_MISSED + 1)
        .load(connection)?;
        if missed.len() as i64 > MAX_MISSED {
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
