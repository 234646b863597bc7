//! Checks what a database offers.

mod pooler;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Bool, Text};

use self::pooler::shares_sessions;
use crate::ConnectionString;
use crate::migrations::{self, MigrationError, MigrationStatus, Unfit};

pub use self::pooler::passes_notifications;

/// The result of an inspection.
#[derive(Debug)]
pub struct Inspection {
    /// PostgreSQL's version, as it reports it.
    pub version: String,
    /// Whether the role may create tables.
    pub may_create: bool,
    /// Whether all extensions are there, or the role may create the missing ones.
    pub has_extensions: bool,
    /// The reasons why the database is unfit.
    pub unfit: Vec<Unfit>,
    /// The status of every migration.
    pub migrations: Vec<MigrationStatus>,
    /// Whether two connections shared a session, so that there must be a pooler.
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

/// Inspects a database without changing it.
///
/// # Errors
/// When the database can't be reached or does not answer, or its PostgreSQL is too old.
pub fn inspect(url: &ConnectionString) -> Result<Inspection, MigrationError> {
    let mut connection = url.connect()?;
    let unfit = migrations::fitness(&mut connection, url.schema(), false);
    let unfit = unfit.map_err(|error| MigrationError::Failed(error.into()))?;
    // An older PostgreSQL may not support the next query.
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
