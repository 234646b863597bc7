mod bookmark;
mod call;
mod change;
mod job;
pub(crate) mod language;
mod listen;
pub(crate) mod pool;
mod queue;
mod replicas;
mod settings;
mod thread;
mod unit;
mod write;

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_query;
use eggypro_domain::StoreError;
use eggypro_domain::changes::{Change, ChangeFollower, NoFollower};
use eggypro_domain::health::Probe;
use tokio::sync::oneshot;

use self::job::{Job, Task};
use self::language::ServerLanguage;
use self::queue::{Queue, Refused};
use self::replicas::{Replica, Replicas};
use crate::error::Failure;

pub(crate) use self::call::Call;
pub(crate) use self::change::sign;
pub use self::listen::{Listener, ListenerEvent};
pub use self::settings::DatabaseSettings;
pub(crate) use self::unit::Transaction;

/// Runs jobs on PostgreSQL, on a few threads that each hold a connection while there is work.
///
/// Jobs wait in a bounded queue with a deadline. A slow or dead database delays its callers, but never blocks the event
/// loop and never takes more threads than connections. A clone is another handle to the same threads. They end when the
/// last handle is dropped.
#[derive(Clone)]
pub struct Database {
    threads: Arc<Threads>,
    deadline: Duration,
    follower: Arc<dyn ChangeFollower>,
    replicas: Option<Arc<Replicas>>,
}

impl Database {
    /// Maximum duration of a job whose work grows with the shop.
    const LARGE_JOB: Duration = Duration::from_secs(25);

    /// Starts the threads. This does not connect to PostgreSQL, so it works while PostgreSQL is down.
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
            follower: Arc::new(NoFollower),
            replicas: None,
        })
    }

    /// Refuses work through every handle until the database is [migrated](Self::migrated): a missing table would look
    /// like a fault.
    #[must_use]
    pub fn awaiting_migrations(self) -> Self {
        self.threads.is_migrated.store(false, Ordering::Relaxed);
        self
    }

    /// Reports that the database has every migration. From now on work is accepted.
    pub fn migrated(&self) {
        self.threads.is_migrated.store(true, Ordering::Relaxed);
    }

    /// Sends reads through this handle and its clones to replicas of the database. A replica is used while it has every
    /// change that was made or [observed](Self::observe) here and lags at most `max_lag` behind. Otherwise the database
    /// itself is used. Tasks on the calling runtime watch the replicas.
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

    /// Applies a listener's event to the choice of replicas. Must run before anything else is notified of the event.
    pub fn observe(&self, event: &ListenerEvent) {
        let Some(replicas) = &self.replicas else {
            return;
        };
        match event {
            ListenerEvent::Change(_) => replicas.changed(),
            ListenerEvent::Connected | ListenerEvent::Resumed(_) => {
                replicas.changed();
                replicas.set_connected(true);
            }
            ListenerEvent::Disconnected => replicas.set_connected(false),
            ListenerEvent::Alive { .. } => {}
        }
    }

    /// Notifies a follower of every write through this handle and its clones, before the caller gets its result.
    #[must_use]
    pub fn with_follower(self, follower: Arc<dyn ChangeFollower>) -> Self {
        Self { follower, ..self }
    }

    /// Runs a job on a connection, in the caller's tracing span, and waits for its result until the deadline.
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

    /// Runs a job that only reads. Uses a replica that has every change known here, if there is one. Without one, or if
    /// it fails, uses the database itself.
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
        // A refusal would be the same on the primary, so it is not retried there.
        let on_replica = move |connection: &mut PgConnection| match again(connection) {
            Ok(value) => Ok(Ok(value)),
            Err(Failure::Refused(error)) => Ok(Err(error)),
            Err(Failure::Database(error)) => Err(Failure::Database(error)),
        };
        match replica.database.run::<_, StoreError>(on_replica).await {
            Ok(result) => result,
            Err(error) => {
                if let StoreError::Unavailable(_) = &error {
                    replica.failed(&error);
                }
                self.run(move |connection| work(connection)).await
            }
        }
    }

    /// A replica that has every change that this server knows.
    pub(crate) fn replica(&self) -> Option<&Replica> {
        if !self.threads.is_migrated.load(Ordering::Relaxed) {
            return None;
        }
        self.replicas.as_ref()?.pick()
    }

    pub(crate) fn replica_count(&self) -> usize {
        self.replicas.as_ref().map_or(0, |replicas| replicas.len())
    }

    /// Notifies the replicas' watchers of a change made here, then the follower.
    async fn notify(&self, change: &Change) {
        if let Some(replicas) = &self.replicas {
            replicas.changed();
        }
        self.follower.changed(change).await;
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
        let (task, answer) = Task::new(work, deadline);
        self.push(Box::new(task))?;
        result(answer, deadline).await
    }

    /// Adds a job to the queue.
    fn push(&self, job: Box<dyn Job>) -> Result<(), StoreError> {
        if !self.threads.is_migrated.load(Ordering::Relaxed) {
            return Err(unavailable("the database is away or lacks migrations"));
        }
        self.threads
            .jobs
            .push(job)
            .map_err(|refused| match refused {
                Refused::Full => unavailable("too many callers wait for the database"),
                Refused::Closed => unavailable("the database is closed"),
            })
    }

    /// Waits for a future as long as for a job.
    pub(crate) async fn in_time<T>(
        &self,
        work: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let result = tokio::time::timeout(self.deadline, work).await;
        result.unwrap_or_else(|_| Err(unavailable(NO_ANSWER)))
    }

    /// The current load.
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

    /// Refuses further work through every handle and waits at most `timeout` for the threads to release their
    /// connections. A process that exits while libpq is connecting may abort inside libpq.
    pub fn close(self, timeout: Duration) {
        self.threads.jobs.close();
        drop(self.threads.pool().take());
        let ended = self.threads.ended.lock();
        // Nothing is sent. The channel closes when the last thread ends.
        let _ = ended
            .unwrap_or_else(PoisonError::into_inner)
            .recv_timeout(timeout);
    }
}

/// The load of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DatabaseFigures {
    /// Connections that no thread holds.
    pub idle_connections: u32,
    /// Connections that a thread holds.
    pub used_connections: u32,
    /// Jobs that wait for a thread.
    pub waiting_jobs: usize,
    /// Replicas that currently answer reads.
    pub replicas_in_use: usize,
}

/// The threads behind all handles of a database.
struct Threads {
    /// `None` once the database is closed, which closes the pool's connections.
    pool: Mutex<Option<pool::Pool>>,
    jobs: Arc<Queue<Box<dyn Job>>>,
    ended: Mutex<Receiver<()>>,
    is_migrated: AtomicBool,
}

impl Threads {
    fn pool(&self) -> MutexGuard<'_, Option<pool::Pool>> {
        // No code panics while it holds this lock.
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
        let check = |connection: &mut PgConnection| {
            sql_query(READINESS_QUERY).execute(connection)?;
            Ok(())
        };
        self.run(check).await
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database")
            .field("waiting", &self.threads.jobs.len())
            .finish_non_exhaustive()
    }
}

/// Reads at most one row of each table that lists and searches need.
const READINESS_QUERY: &str = "SELECT \
     (SELECT id FROM products LIMIT 1), (SELECT id FROM categories LIMIT 1), (SELECT id FROM reviews LIMIT 1)";

/// Waits for the result of a job until a deadline.
async fn result<T, E: From<StoreError>>(
    answer: oneshot::Receiver<Result<T, E>>,
    deadline: Instant,
) -> Result<T, E> {
    match tokio::time::timeout_at(deadline.into(), answer).await {
        Ok(Ok(result)) => result,
        Ok(Err(_)) => Err(StoreError::Unexpected("a database job panicked".into()).into()),
        Err(_) => Err(unavailable(NO_ANSWER).into()),
    }
}

const NO_ANSWER: &str = "the database did not answer in time";

fn unavailable(reason: &str) -> StoreError {
    StoreError::Unavailable(reason.to_owned())
}

#[cfg(test)]
mod tests;
