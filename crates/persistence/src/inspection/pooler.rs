//! Detects a pooler, and what it does not pass on.

use std::thread;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Integer;

use crate::{ConnectFailure, ConnectionString};

/// Maximum time that a notification may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whether another connection shares the session of this one, which happens only behind a pooler.
pub(super) fn shares_sessions(
    url: &ConnectionString,
    connection: &mut PgConnection,
) -> QueryResult<bool> {
    let Ok(mut other) = url.connect() else {
        return Ok(false);
    };
    for _ in 0..5 {
        if session(connection)? == session(&mut other)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn session(connection: &mut PgConnection) -> QueryResult<i32> {
    #[derive(QueryableByName)]
    struct Session {
        #[diesel(sql_type = Integer)]
        pid: i32,
    }
    let session: Session = sql_query("SELECT pg_backend_pid() AS pid").get_result(connection)?;
    Ok(session.pid)
}

/// Whether a notification sent on one connection arrives on another. Through most poolers it does not.
///
/// # Errors
/// When either connection fails.
pub fn passes_notifications(
    from: &ConnectionString,
    to: &ConnectionString,
) -> Result<bool, ConnectFailure> {
    const CHANNEL: &str = "eggypro_check";
    let (mut receiver, mut sender) = (to.connect()?, from.connect()?);
    let listen = sql_query(format!("LISTEN {CHANNEL}")).execute(&mut receiver);
    let notify = sql_query(format!("NOTIFY {CHANNEL}")).execute(&mut sender);
    if listen.is_err() || notify.is_err() {
        return Ok(false);
    }
    let asked = Instant::now();
    while asked.elapsed() < PATIENCE {
        match receiver.notifications_iter().next() {
            Some(Ok(_)) => return Ok(true),
            Some(Err(_)) => return Ok(false),
            None => thread::sleep(Duration::from_millis(20)),
        }
    }
    Ok(false)
}
