mod bookmark;
mod change;
mod job;
pub(crate) mod language;
mod listen;
pub(crate) mod pool;
mod queue;
mod replicas;
mod settings;
mod thread;

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_query;
use eggypro_domain::StoreError;
use eggypro_domain::changes::{Audience, Change, Nobody, Origin};
use eggypro_domain::health::Probe;
use tokio::sync::oneshot;

use self::change::committed;
use self::job::{Job, Task};
use self::language::ServerLanguage;
use self::queue::{Queue, Refused};
use self::replicas::{Replica, Replicas};
use crate::error::Failure;

pub(crate) use self::change::sign;
pub use self::listen::{Heard, Listener};
pub use self::settings::DatabaseSettings;

/// The one door to PostgreSQL: a few threads that each keep a connection while there is work.
///
/// Work waits in a bounded queue with a deadline, so that a slow or dead database costs waiting callers, never the
/// event loop and never more threads than connections. A clone is another handle of the same threads; they end when
/// the last handle is gone.
#[derive(Clone)]
pub struct Database {
    threads: Arc<Threads>,
    deadline: Duration,
    audience: Arc<dyn Audience>,
    replicas: Option<Arc<Replicas>>,
}

impl Database {
    /// How long a job may take whose work grows with the shop.
    const LARGE_JOB: Duration = Duration::from_secs(25);

    /// Starts the threads. Nothing is asked of PostgreSQL yet, so this works while it is down.
    ///
    /// # Errors
    /// When the system grants no thread.
    pub fn start(settings: &DatabaseSettings) -> std::io::Result<Self> {
        let language = Arc::new(ServerLanguage::of(settings));
        let pool = pool::build(settings, Arc::clone(&language));
        let jobs = Arc::new(Queue::of(settings.queue_length));
        let (alive, ended) = mpsc::channel();
        let threads = Threads {
            pool: Mutex::new(Some(pool.clone())),
            jobs: Arc::clone(&jobs),
            ended: Mutex::new(ended),
            is_migrated: AtomicBool::new(true),
        };
        let context = Arc::new(thread::Context {
            pool,
            language,
            jobs,
            wait_for_connection: settings.wait_for_connection,
        });
        for number in 0..settings.pool_size {
            let (context, alive) = (Arc::clone(&context), alive.clone());
            std::thread::Builder::new()
                .name(format!("database-{number}"))
                .spawn(move || {
                    thread::serve(&context);
                    drop(alive);
                })?;
        }
        Ok(Self {
            threads: Arc::new(threads),
            deadline: settings.deadline,
            audience: Arc::new(Nobody),
            replicas: None,
        })
    }

    /// The same database, to which no work comes through any handle until it is said to be [migrated](Self::migrated):
    /// what it might lack would look like faults.
    #[must_use]
    pub fn awaiting_migrations(self) -> Self {
        self.threads.is_migrated.store(false, Ordering::Relaxed);
        self
    }

    /// Says that the database has every migration.
    pub fn migrated(&self) {
        self.threads.is_migrated.store(true, Ordering::Relaxed);
    }

    /// Sends reads through this handle and its clones to replicas of the database, as long as these know every change
    /// that was made or [heard of](Self::heard) here and lag at most so far behind; else to the database itself.
    /// Replicas are watched by tasks of the runtime that calls this.
    ///
    /// # Errors
    /// When the system grants no thread.
    pub fn reading_from(
        self,
        replicas: &[DatabaseSettings],
        max_lag: Duration,
    ) -> std::io::Result<Self> {
        let replicas = Replicas::watch(&self, replicas, max_lag)?;
        Ok(Self {
            replicas: Some(replicas),
            ..self
        })
    }

    /// Takes note of what a listener tells, before anybody else is told of it.
    pub fn heard(&self, heard: &Heard) {
        let Some(replicas) = &self.replicas else {
            return;
        };
        match heard {
            Heard::Change(_) => replicas.changed(),
            Heard::Listening | Heard::Resumed(_) => {
                replicas.changed();
                replicas.hears(true);
            }
            Heard::Deaf => replicas.hears(false),
            Heard::Alive { .. } => {}
        }
    }

    /// Tells somebody of every write through this handle and its clones before the writer is answered.
    #[must_use]
    pub fn telling(self, audience: Arc<dyn Audience>) -> Self {
        Self { audience, ..self }
    }

    /// Runs a job on a connection and waits for its result until the deadline. The caller's tracing span goes along.
    pub(crate) async fn run<T, E>(
        &self,
        work: impl FnOnce(&mut PgConnection) -> Result<T, Failure<E>> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.run_until(Instant::now() + self.deadline, work).await
    }

    /// Runs a job that only reads: on a replica, if one knows as much as this server, and else, or if that fails, on the
    /// database itself.
    pub(crate) async fn read<T, E>(
        &self,
        work: impl Fn(&mut PgConnection) -> Result<T, Failure<E>> + Send + Sync + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let Some(replica) = self.replica() else {
            return self.run(work).await;
        };
        let work = Arc::new(work);
        let again = Arc::clone(&work);
        // What the data say no to, they do on the database as well.
        let there = move |connection: &mut PgConnection| match again(connection) {
            Ok(value) => Ok(Ok(value)),
            Err(Failure::Refused(error)) => Ok(Err(error)),
            Err(Failure::Database(error)) => Err(Failure::Database(error)),
        };
        match replica.database.run::<_, StoreError>(there).await {
            Ok(result) => result,
            Err(error) => {
                if let StoreError::Unavailable(_) = &error {
                    replica.failed(&error);
                }
                self.run(move |connection| work(connection)).await
            }
        }
    }

    /// A replica that knows as much as this server.
    pub(crate) fn replica(&self) -> Option<&Replica> {
        if !self.threads.is_migrated.load(Ordering::Relaxed) {
            return None;
        }
        self.replicas.as_ref()?.pick()
    }

    pub(crate) fn replica_count(&self) -> usize {
        self.replicas.as_ref().map_or(0, |replicas| replicas.len())
    }

    /// Tells everybody of a change here, the replicas' watchers first.
    async fn tell(&self, change: &Change) {
        if let Some(replicas) = &self.replicas {
            replicas.changed();
        }
        self.audience.changed(change).await;
    }

    /// Runs a job that changes the shop in a transaction, which the log of changes notes as made by the current
    /// [`Origin`]. PostgreSQL notifies the other servers at the commit; the cache of this one is told before the caller is
    /// answered.
    pub(crate) async fn write<T, E>(
        &self,
        work: impl FnOnce(&mut PgConnection) -> Result<T, Failure<E>> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let deadline = Instant::now() + self.deadline;
        self.write_until(deadline, work).await
    }

    /// The same for work that grows with the shop: PostgreSQL and the caller give it more time.
    pub(crate) async fn write_large<T, E>(
        &self,
        work: impl FnOnce(&mut PgConnection) -> Result<T, Failure<E>> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let patient = move |connection: &mut PgConnection| {
            let limit = Self::LARGE_JOB.as_millis();
            connection.batch_execute(&format!("SET LOCAL statement_timeout = {limit}"))?;
            work(connection)
        };
        let deadline = Instant::now() + Self::LARGE_JOB;
        self.write_until(deadline, patient).await
    }

    async fn write_until<T, E>(
        &self,
        deadline: Instant,
        work: impl FnOnce(&mut PgConnection) -> Result<T, Failure<E>> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let origin = Origin::current();
        let job = move |connection: &mut PgConnection| {
            let (value, change) = committed(connection, &origin, work)?;
            // Here, since the caller may have gone.
            if let Some(change) = &change {
                tracing::info!(actor = %origin.actor, transaction = change.name, "changed");
            }
            Ok((value, change))
        };
        let (value, change) = self.run_until(deadline, job).await?;
        if let Some(change) = change {
            self.tell(&change).await;
        }
        Ok(value)
    }

    pub(crate) async fn run_until<T, E>(
        &self,
        deadline: Instant,
        work: impl FnOnce(&mut PgConnection) -> Result<T, Failure<E>> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        if !self.threads.is_migrated.load(Ordering::Relaxed) {
            return Err(unavailable("the database is away or lacks migrations").into());
        }
        let (reply, answer) = oneshot::channel();
        let task = Task::new(work, reply, deadline);
        self.threads
            .jobs
            .push(Box::new(task))
            .map_err(|refused| match refused {
                Refused::Full => unavailable("too many callers wait for the database"),
                Refused::Closed => unavailable("the database is closed"),
            })?;
        match tokio::time::timeout_at(deadline.into(), answer).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(StoreError::Unexpected("a database job panicked".into()).into()),
            Err(_) => Err(unavailable(NO_ANSWER).into()),
        }
    }

    /// Waits for something of the database as long as for a job.
    pub(crate) async fn in_time<T>(
        &self,
        work: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let result = tokio::time::timeout(self.deadline, work).await;
        result.unwrap_or_else(|_| Err(unavailable(NO_ANSWER)))
    }

    /// How busy it is.
    pub fn figures(&self) -> DatabaseFigures {
        let pool = self.threads.pool().clone();
        let (all, idle) = pool.map_or((0, 0), |pool| {
            let state = pool.state();
            (state.connections, state.idle_connections)
        });
        DatabaseFigures {
            idle_connections: idle,
            used_connections: all.saturating_sub(idle),
            waiting_jobs: self.threads.jobs.len(),
            replicas_in_use: self
                .replicas
                .as_ref()
                .map_or(0, |replicas| replicas.in_use()),
        }
    }

    /// Takes no more work through any handle and waits at most this long for the threads to put their connections down.
    /// A process that ends while libpq is connecting may be aborted inside of it.
    pub fn close(self, patience: Duration) {
        self.threads.jobs.close();
        drop(self.threads.pool().take());
        let ended = self.threads.ended.lock();
        // Nothing is ever sent: the channel closes when the last thread has ended.
        let _ = ended
            .unwrap_or_else(PoisonError::into_inner)
            .recv_timeout(patience);
    }
}

/// How busy a database is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DatabaseFigures {
    /// Connections that nobody uses.
    pub idle_connections: u32,
    /// Connections that a thread holds.
    pub used_connections: u32,
    /// Jobs that no thread has taken.
    pub waiting_jobs: usize,
    /// Replicas that are asked for reads.
    pub replicas_in_use: usize,
}

/// The threads behind all handles of a database.
struct Threads {
    /// Until the database is closed: its connections end with it.
    pool: Mutex<Option<pool::Pool>>,
    jobs: Arc<Queue<Box<dyn Job>>>,
    ended: Mutex<Receiver<()>>,
    is_migrated: AtomicBool,
}

impl Threads {
    fn pool(&self) -> MutexGuard<'_, Option<pool::Pool>> {
        // Nothing panics while it is held.
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        self.jobs.close();
    }
}

#[async_trait]
impl Probe for Database {
    async fn check(&self) -> Result<(), StoreError> {
        let ask = |connection: &mut PgConnection| {
            sql_query(WHAT_READS_NEED).execute(connection)?;
            Ok(())
        };
        self.run(ask).await
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database")
            .field("waiting", &self.threads.jobs.len())
            .finish_non_exhaustive()
    }
}

/// The tables of lists and searches, a row of each at most.
const WHAT_READS_NEED: &str = "SELECT \
     (SELECT id FROM products LIMIT 1), (SELECT id FROM categories LIMIT 1), (SELECT id FROM reviews LIMIT 1)";

const NO_ANSWER: &str = "the database did not answer in time";

fn unavailable(reason: &str) -> StoreError {
    StoreError::Unavailable(reason.to_owned())
}

#[cfg(test)]
mod tests;
