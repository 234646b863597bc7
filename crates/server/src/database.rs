use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use eggypro_embedded_postgres::{Postgres, Settings};
use eggypro_persistence::{ConnectionString, Database, InvalidConnectionString, migrations};

use crate::environment::{Address, Environment};
use crate::signals;

/// The address of the shop's database, and the private PostgreSQL that holds it, if there is one.
#[derive(Debug)]
pub(crate) struct DatabaseLocation {
    pub(crate) url: ConnectionString,
    pub(crate) migration_url: Address,
    /// Stops when the value is dropped.
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
    /// The database of the environment, or a private PostgreSQL if none is set.
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

    /// Makes sure that every migration is applied.
    pub(crate) fn prepare(&self, may_migrate: bool) -> Result<(), DatabaseError> {
        prepare(&self.migration_url, may_migrate)
    }

    /// Like [`Self::prepare`], but returns `false` if the database is unavailable. The caller then uses
    /// [`Self::prepare_later`].
    pub(crate) fn prepare_if_there(&self, may_migrate: bool) -> Result<bool, DatabaseError> {
        match self.prepare(may_migrate) {
            Ok(()) => Ok(true),
            Err(DatabaseError::Migration { error, .. }) if error.is_transient() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Prepares the database on a thread of its own as soon as it is available, and then lets the databases accept
    /// work.
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
            tracing::info!("the database is available");
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

/// A thread that waits for a database. Dropping the value ends the thread and waits up to [`PREPARATION_END`] for that,
/// since a process that ends while libpq connects may be aborted inside libpq.
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

/// Applies pending migrations and returns their names.
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

/// Time between two checks of an unavailable database or of a private PostgreSQL.
const PAUSE: Duration = Duration::from_secs(1);

/// Maximum time between two attempts to start a private PostgreSQL, since each attempt adds to its log. Also the time
/// between two lines of the server's log about a database that is not ready.
const MAX_PAUSE: Duration = Duration::from_secs(60);

/// Maximum time to wait for an attempt to connect when the process ends.
const PREPARATION_END: Duration = Duration::from_secs(3);

/// A private PostgreSQL that is restarted if it dies.
#[derive(Debug)]
struct SupervisedPostgres {
    /// Held until the watcher has ended, so that PostgreSQL is stopped here and not later by the watcher's thread.
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

/// Restarts PostgreSQL if it has died, and returns the time until the next check.
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
