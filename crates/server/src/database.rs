use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use eggypro_embedded_postgres::{Postgres, Settings};
use eggypro_persistence::{ConnectionString, Database, InvalidConnectionString, migrations};

use crate::environment::{Address, Environment};
use crate::signals;

/// Where the shop's data are, and the private PostgreSQL that holds them, if it is one.
#[derive(Debug)]
pub(crate) struct DatabaseLocation {
    pub(crate) url: ConnectionString,
    pub(crate) migration_url: Address,
    /// Stops with the value.
    _private: Option<SupervisedPostgres>,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum DatabaseError {
    #[error(transparent)]
    Private(#[from] eggypro_embedded_postgres::Error),
    #[error("signals or threads are refused by the system: {0}")]
    System(#[from] io::Error),
    #[error("{variable}: {error}")]
    Migration {
        variable: &'static str,
        error: migrations::MigrationError,
    },
    #[error("the private PostgreSQL has an address that can't be used: {0}")]
    PrivateAddress(#[from] InvalidConnectionString),
    #[error("the database lacks migrations ({}): run `eggypro migrate`", .0.join(", "))]
    Pending(Vec<String>),
}

impl DatabaseLocation {
    /// The database that the environment names, or else a private one.
    pub(crate) fn open(environment: &Environment) -> Result<Self, DatabaseError> {
        if let Some(url) = &environment.database.url {
            let migration_url = environment.database.migration_url.as_ref().unwrap_or(url);
            return Ok(Self {
                url: url.connection.clone(),
                migration_url: migration_url.clone(),
                _private: None,
            });
        }
        signals::hold_back()?;
        let directory = environment.data_directory.join("postgres");
        let postgres = Postgres::start(&Settings::new(directory).with_database("eggypro"))?;
        let url: ConnectionString = postgres.url().parse()?;
        Ok(Self {
            migration_url: Address {
                variable: "the private PostgreSQL",
                connection: url.clone(),
            },
            url,
            _private: Some(SupervisedPostgres::watch(postgres)?),
        })
    }

    /// Makes sure that the database has every migration.
    pub(crate) fn prepare(&self, may_migrate: bool) -> Result<(), DatabaseError> {
        prepare(&self.migration_url, may_migrate)
    }

    /// The same where the database may be away: then it is [prepared later](Self::prepare_later), and `false` returned.
    pub(crate) fn prepare_if_there(&self, may_migrate: bool) -> Result<bool, DatabaseError> {
        match self.prepare(may_migrate) {
            Ok(()) => Ok(true),
            Err(DatabaseError::Migration { error, .. }) if error.is_transient() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Makes sure of it as soon as that can be done, on a thread of its own, and then lets work come to the databases.
    pub(crate) fn prepare_later(
        &self,
        may_migrate: bool,
        databases: Vec<Database>,
    ) -> io::Result<Preparation> {
        let url = self.migration_url.clone();
        let (end, ended) = channel();
        let (alive, gone) = channel();
        let prepare = move || {
            let _alive: Sender<()> = alive;
            let mut logged_at: Option<Instant> = None;
            while let Err(error) = prepare(&url, may_migrate) {
                if logged_at.is_none_or(|at| at.elapsed() >= MAX_PAUSE) {
                    tracing::error!(%error, "the server is not ready");
                    logged_at = Some(Instant::now());
                }
                if ended.recv_timeout(PAUSE) != Err(RecvTimeoutError::Timeout) {
                    return;
                }
            }
            tracing::info!("the database is there");
            databases.iter().for_each(Database::migrated);
        };
        thread::Builder::new()
            .name("prepare-database".into())
            .spawn(prepare)?;
        Ok(Preparation {
            end: Some(end),
            gone,
        })
    }
}

/// A thread that waits for a database. It ends with the value, which waits for that a little: a process that ends while
/// libpq is connecting may be aborted inside of it.
#[derive(Debug)]
pub(crate) struct Preparation {
    end: Option<Sender<()>>,
    gone: Receiver<()>,
}

impl Drop for Preparation {
    fn drop(&mut self) {
        self.end.take();
        // Nothing is ever sent: the channel closes when the thread has ended.
        let _ = self.gone.recv_timeout(PREPARATION_END);
    }
}

fn prepare(url: &Address, may_migrate: bool) -> Result<(), DatabaseError> {
    if may_migrate {
        migrate(url)?;
        return Ok(());
    }
    let pending = migrations::pending(&url.connection).map_err(|error| url.failed(error))?;
    if pending.is_empty() {
        Ok(())
    } else {
        Err(DatabaseError::Pending(pending))
    }
}

/// Applies what is pending and returns its names.
pub(crate) fn migrate(url: &Address) -> Result<Vec<String>, DatabaseError> {
    let applied = migrations::run(&url.connection).map_err(|error| url.failed(error))?;
    for migration in &applied {
        tracing::info!(%migration, "applied a migration");
    }
    Ok(applied)
}

impl Address {
    pub(crate) fn failed(&self, error: migrations::MigrationError) -> DatabaseError {
        DatabaseError::Migration {
            variable: self.variable,
            error,
        }
    }
}

/// How long to wait before the next look for a database that is away, or at a private PostgreSQL.
const PAUSE: Duration = Duration::from_secs(1);

/// How long to wait at most before a private PostgreSQL that does not start is tried again, since each try adds to its log;
/// and before the next line of our own log about a database that is not ready.
const MAX_PAUSE: Duration = Duration::from_secs(60);

/// How long a try to connect may take at most when the process ends.
const PREPARATION_END: Duration = Duration::from_secs(3);

/// A private PostgreSQL that is started again where it dies.
#[derive(Debug)]
struct SupervisedPostgres {
    /// Held until the watcher has ended, so that it is stopped from here and not after the process has gone on to end.
    _postgres: Arc<Postgres>,
    watcher: Option<(Sender<()>, JoinHandle<()>)>,
}

impl SupervisedPostgres {
    fn watch(postgres: Postgres) -> io::Result<Self> {
        let postgres = Arc::new(postgres);
        let (end, ended) = channel();
        let watched = Arc::clone(&postgres);
        let watcher = thread::Builder::new()
            .name("private-postgres".into())
            .spawn(move || {
                let mut pause = PAUSE;
                while ended.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                    pause = revive(&watched, pause);
                }
            })?;
        Ok(Self {
            _postgres: postgres,
            watcher: Some((end, watcher)),
        })
    }
}

impl Drop for SupervisedPostgres {
    fn drop(&mut self) {
        if let Some((end, watcher)) = self.watcher.take() {
            drop(end);
            let _ = watcher.join();
        }
    }
}

/// Starts it again if it has died, and says how long to wait before the next look.
fn revive(postgres: &Postgres, pause: Duration) -> Duration {
    match postgres.revive() {
        Ok(true) => tracing::warn!("the private PostgreSQL had died and was started again"),
        Ok(false) => {}
        Err(error) => {
            // The first time, a process of the dead server may still be ending.
            if pause > PAUSE {
                tracing::warn!(%error, "the private PostgreSQL has died and does not start");
            }
            return (pause * 2).min(MAX_PAUSE);
        }
    }
    PAUSE
}
