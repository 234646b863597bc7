//! What a database offers, found out by trying.

use std::thread;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Bool, Integer, Text};

use crate::migrations::{self, MigrationError, MigrationStatus, Unfit};
use crate::{ConnectFailure, ConnectionString};

/// How long a notification may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// What was found.
#[derive(Debug)]
pub struct Inspection {
    /// PostgreSQL's version, as it says it.
    pub version: String,
    /// Whether the role may make tables.
    pub may_create: bool,
    /// Whether it may make the extensions that are missing, or none is.
    pub has_extensions: bool,
    /// What makes the database unfit.
    pub unfit: Vec<Unfit>,
    /// Every migration.
    pub migrations: Vec<MigrationStatus>,
    /// Whether two connections were one session: a pooler stands before it.
    pub is_pooled: bool,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    version: String,
    #[diesel(sql_type = Bool)]
    may_create: bool,
    #[diesel(sql_type = Bool)]
    has_extensions: bool,
}

/// Looks at a database and changes nothing.
///
/// # Errors
/// When it can't be reached or does not answer.
pub fn inspect(url: &ConnectionString) -> Result<Inspection, MigrationError> {
    let mut connection = url.connect()?;
    let unfit = migrations::fitness(&mut connection, url.schema(), false);
    let unfit = unfit.map_err(|error| MigrationError::Failed(error.into()))?;
    // An older one may not even know what is asked next.
    if unfit
        .iter()
        .any(|reason| matches!(reason, Unfit::Version(_)))
    {
        return Err(MigrationError::Unfit(unfit));
    }
    let failed = |error: diesel::result::Error| MigrationError::Failed(error.into());
    let found: Found = sql_query(
        "SELECT current_setting('server_version') AS version, \
         coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS may_create, \
         NOT EXISTS (SELECT FROM (VALUES ('pg_trgm'), ('unaccent')) w (name) \
             WHERE w.name NOT IN (SELECT extname FROM pg_extension) \
             AND NOT current_setting('is_superuser')::bool \
             AND NOT (has_database_privilege(current_database(), 'CREATE') \
                 AND EXISTS (SELECT FROM pg_available_extension_versions v WHERE v.name = w.name AND v.trusted))) \
         AS has_extensions",
    )
    .get_result(&mut connection)
    .map_err(failed)?;
    let migrations = migrations::applied(&mut connection).map_err(failed)?;
    let is_migrated = migrations.iter().all(|migration| migration.is_applied);
    let unfit = migrations::fitness(&mut connection, url.schema(), is_migrated).map_err(failed)?;
    let is_pooled = shares_sessions(url, &mut connection).map_err(failed)?;
    Ok(Inspection {
        version: found.version,
        may_create: found.may_create,
        has_extensions: found.has_extensions,
        unfit,
        migrations,
        is_pooled,
    })
}

/// Whether another connection has the session of this one, which only a pooler can make so.
fn shares_sessions(url: &ConnectionString, connection: &mut PgConnection) -> QueryResult<bool> {
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

/// Whether a notification that is sent on one connection arrives on another, as it does not through most poolers.
///
/// # Errors
/// When either can't be made.
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
