//! Turns the log of changes into deliveries, step by step.

use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Binary, Bool, Double, Text, Timestamptz};
use eggypro_domain::StoreError;
use eggypro_domain::changes::{FollowError, Position};
use eggypro_domain::webhooks::{Followed, NewEvent, Step, TypePattern};

use crate::changes::follow;
use crate::database::Call;
use crate::error::Failure;

/// How long other servers leave the next step to the one that made the last step. If each read and rendered the same
/// entries, all but one would do it in vain.
const FOLLOWED: Duration = Duration::from_secs(1);

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    revision: i64,
    #[diesel(sql_type = Text)]
    position: String,
}

/// The next step of this server, if it is its turn and a webhook is active.
pub(super) fn next_entries(
    connection: &mut PgConnection,
    server: &str,
    limit: u16,
) -> Result<Option<Followed>, Failure<StoreError>> {
    let row: Option<Row> = sql_query(
        "SELECT revision, position FROM webhook_position \
         WHERE (follower = $1 OR coalesce(followed_until <= now(), true)) AND EXISTS (SELECT FROM webhooks WHERE is_active)",
    )
    .bind::<Text, _>(server)
    .get_result(connection)
    .optional()?;
    let Some(Row { revision, position }) = row else {
        return Ok(None);
    };
    let position = Position(position);
    let entries = match follow::after(connection, Some(&position), limit) {
        Ok(entries) => entries,
        Err(Failure::Refused(FollowError::PositionExpired)) => {
            restart(connection, revision, &position)?;
            return Ok(None);
        }
        Err(Failure::Refused(FollowError::Store(error))) => return Err(Failure::Refused(error)),
        Err(Failure::Database(error)) => return Err(error.into()),
    };
    // After the entries, so that a webhook that was created before one of their changes is among them.
    let patterns = patterns(connection)?;
    let step = Step {
        revision,
        position: entries.position.clone(),
    };
    Ok(Some(Followed {
        step,
        entries,
        patterns,
    }))
}

#[derive(QueryableByName)]
struct Pattern {
    #[diesel(sql_type = Text)]
    name: String,
}

/// The different patterns of active webhooks. Those of a newer version are ignored.
fn patterns(connection: &mut PgConnection) -> QueryResult<Vec<TypePattern>> {
    let rows: Vec<Pattern> =
        sql_query("SELECT DISTINCT unnest(types) AS name FROM webhooks WHERE is_active")
            .load(connection)?;
    let patterns = rows.iter().filter_map(|row| row.name.parse().ok());
    Ok(patterns.collect())
}

/// Finds a new position when the stored one has expired.
fn restart(connection: &mut PgConnection, revision: i64, position: &Position) -> QueryResult<()> {
    connection.transaction(|connection| {
        let is_next = sql_query(
            "UPDATE webhook_position SET revision = revision + 1 WHERE revision = $1",
        )
        .bind::<BigInt, _>(revision)
        .execute(connection)?;
        if is_next == 0 {
            return Ok(());
        }
        let resumed = follow::resumed(connection, position)?;
        if resumed.is_other_history {
            // Snapshots of another history say nothing about the transactions of this one.
            sql_query("UPDATE webhooks SET active_since = pg_current_snapshot() WHERE is_active")
                .execute(connection)?;
        }
        tracing::warn!(from = %position, to = %resumed.position, "webhooks go on at another position of the log");
        set_position(connection, &resumed.position)
    })
}

fn set_position(connection: &mut PgConnection, position: &Position) -> QueryResult<()> {
    sql_query("UPDATE webhook_position SET position = $1, revision = revision + 1")
        .bind::<Text, _>(&position.0)
        .execute(connection)?;
    Ok(())
}

#[derive(QueryableByName)]
struct Following {
    #[diesel(sql_type = Bool)]
    is_followed: bool,
}

/// Begins to follow the log here and now, unless a webhook is active already. The caller makes one active in the same
/// transaction.
pub(super) fn begin(connection: &mut PgConnection) -> QueryResult<()> {
    sql_query("SELECT FROM webhook_position FOR UPDATE").execute(connection)?;
    // A statement of its own, which sees what was committed before the lock.
    let following: Following =
        sql_query("SELECT EXISTS (SELECT FROM webhooks WHERE is_active) AS is_followed")
            .get_result(connection)?;
    if following.is_followed {
        return Ok(());
    }
    let position = follow::latest(connection)?;
    set_position(connection, &position)
}

#[derive(QueryableByName)]
struct Added {
    #[diesel(sql_type = Bool)]
    add_events: bool,
}

pub(super) fn enqueue(
    connection: &mut PgConnection,
    step: &Step,
    server: &str,
    events: &[NewEvent],
) -> QueryResult<bool> {
    let ids: Vec<String> = events.iter().map(|event| event.id.to_string()).collect();
    let entries: Vec<i64> = events.iter().map(|event| event.id.entry).collect();
    let types: Vec<&str> = events.iter().map(|event| event.kind.as_str()).collect();
    let resources: Vec<&str> = events.iter().map(|event| event.resource.as_str()).collect();
    let subjects: Vec<&str> = events.iter().map(|event| event.subject.as_str()).collect();
    let bodies: Vec<&[u8]> = events.iter().map(|event| event.body.as_ref()).collect();
    let times: Vec<_> = events.iter().map(|event| event.time).collect();
    let arguments = (
        step.revision.into_sql::<BigInt>(),
        step.position.0.as_str().into_sql::<Text>(),
        server.into_sql::<Text>(),
        FOLLOWED.as_secs_f64().into_sql::<Double>(),
        ids.into_sql::<Array<Text>>(),
        entries.into_sql::<Array<BigInt>>(),
        types.into_sql::<Array<Text>>(),
        resources.into_sql::<Array<Text>>(),
        subjects.into_sql::<Array<Text>>(),
        bodies.into_sql::<Array<Binary>>(),
        times.into_sql::<Array<Timestamptz>>(),
    );
    let added: Added = Call::new("add_events", arguments).get_result(connection)?;
    Ok(added.add_events)
}
