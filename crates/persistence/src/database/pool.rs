use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use diesel::PgConnection;
use diesel::connection::{CacheSize, Connection, SimpleConnection};
use diesel::r2d2::{self, ConnectionManager, CustomizeConnection, HandleError};

use super::language::ServerLanguage;
use super::settings::DatabaseSettings;
use crate::ConnectFailure;

pub(crate) type Pool = r2d2::Pool<ConnectionManager<PgConnection>>;

/// A pool that opens its connections when they are wanted, so that a server can start while its database is down.
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

/// Sets a session up for many short statements: what each may take, and plans that read by index rather than in
/// parallel, since the pages that are asked for lie in memory and the other cores have callers of their own.
#[derive(Debug)]
struct Session {
    /// `None` where a connection is no session.
    setup: Option<String>,
    language: Arc<ServerLanguage>,
}

/// How PostgreSQL is to plan for such statements.
pub(crate) const PLANNING: &str =
    "SET random_page_cost = 1.1; SET max_parallel_workers_per_gather = 0; SET jit = off";

/// What is packed for long is packed quickly, where this PostgreSQL can. A table must not ask for it: its dump could not be
/// restored where PostgreSQL can't.
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
            .and_then(|()| self.language.settle(connection, self.setup.is_some()))
            .map_err(r2d2::Error::QueryError)
    }
}

/// Says at most every ten seconds that connections fail: a dead database would fill the log otherwise.
#[derive(Debug, Default)]
struct RareWarning {
    last: Mutex<Option<(Instant, u32)>>,
}

impl RareWarning {
    const PAUSE: Duration = Duration::from_secs(10);
}

impl HandleError<r2d2::Error> for RareWarning {
    fn handle_error(&self, error: r2d2::Error) {
        let Ok(mut last) = self.last.lock() else {
            return;
        };
        match &mut *last {
            Some((at, untold)) if at.elapsed() < Self::PAUSE => *untold += 1,
            last => {
                let untold = last.map_or(0, |(_, untold)| untold);
                let reason = reason(&error);
                tracing::warn!(
                    failures = untold + 1,
                    reason,
                    "connections to the database fail"
                );
                *last = Some((Instant::now(), 0));
            }
        }
    }
}

/// What is wrong, without what libpq says: that names the host, the user and more of an address.
fn reason(error: &r2d2::Error) -> String {
    match error {
        r2d2::Error::ConnectionError(error) => ConnectFailure::of(error).to_string(),
        r2d2::Error::QueryError(_) => "a session can't be set up".to_owned(),
    }
}
