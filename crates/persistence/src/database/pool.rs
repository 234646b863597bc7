mod warning;

use std::sync::Arc;

use diesel::PgConnection;
use diesel::connection::{CacheSize, Connection, SimpleConnection};
use diesel::r2d2::{self, ConnectionManager, CustomizeConnection};

use self::warning::RareWarning;
use super::language::ServerLanguage;
use super::settings::DatabaseSettings;

pub(crate) type Pool = r2d2::Pool<ConnectionManager<PgConnection>>;

/// A pool that opens connections on demand, so that a server can start while its database is down.
pub(crate) fn build(settings: &DatabaseSettings, language: Arc<ServerLanguage>) -> Pool {
    r2d2::Pool::builder()
        .max_size(settings.pool_size)
        .min_idle(Some(settings.min_idle.min(settings.pool_size)))
        .idle_timeout(Some(settings.idle_timeout))
        .max_lifetime(Some(settings.max_lifetime))
        .connection_timeout(settings.connection_timeout)
        .connection_customizer(Box::new(Session::of(settings, language)))
        .error_handler(Box::new(RareWarning::default()))
        .build_unchecked(ConnectionManager::new(settings.url.options()))
}

/// Sets up a session for many short statements: timeouts, and plans that use indexes and one core. The pages are in
/// memory, and the other cores serve other callers.
#[derive(Debug)]
struct Session {
    /// `None` if connections are not sessions, as behind a pooler.
    setup: Option<String>,
    language: Arc<ServerLanguage>,
}

/// Planner settings for short statements.
pub(crate) const PLANNING: &str =
    "SET random_page_cost = 1.1; SET max_parallel_workers_per_gather = 0; SET jit = off";

/// Compresses large values with the fast lz4 if this PostgreSQL supports it. It is a setting of the session and not of
/// the table, since a dump of such a table could not be restored on a PostgreSQL without lz4.
const PACKING: &str = "SELECT set_config('default_toast_compression', 'lz4', false) FROM pg_settings \
     WHERE name = 'default_toast_compression' AND 'lz4' = ANY(enumvals)";

impl Session {
    fn of(settings: &DatabaseSettings, language: Arc<ServerLanguage>) -> Self {
        let setup = format!(
            "SET statement_timeout = {}; SET lock_timeout = {}; SET idle_in_transaction_session_timeout = {}; \
             {PLANNING}; {PACKING}; {}",
            settings.statement_timeout.as_millis(),
            settings.lock_timeout.as_millis(),
            settings.idle_in_transaction_timeout.as_millis(),
            settings.url.setup().unwrap_or_default(),
        );
        Self {
            setup: settings.has_sessions.then_some(setup),
            language,
        }
    }
}

impl CustomizeConnection<PgConnection, r2d2::Error> for Session {
    fn on_acquire(&self, connection: &mut PgConnection) -> Result<(), r2d2::Error> {
        let set_up = match &self.setup {
            Some(setup) => connection.batch_execute(setup),
            None => {
                connection.set_prepared_statement_cache_size(CacheSize::Disabled);
                Ok(())
            }
        };
        set_up
            .and_then(|()| self.language.detect(connection, self.setup.is_some()))
            .map_err(r2d2::Error::QueryError)
    }
}
