//! Replicas that answer reads, as long as they know every change that this server knows.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Bool, Text};
use eggypro_domain::StoreError;
use tokio::sync::Notify;

use super::{Database, DatabaseSettings};

/// How often a replica is asked how far it is, where nothing changes.
const ASK: Duration = Duration::from_millis(250);

/// How often a replica is asked whether it has come as far as the primary.
const ASK_AGAIN: Duration = Duration::from_millis(5);

/// How long a replica may take for a read, so that the primary can still be asked in time.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// What a replica knows while it is away or too far behind.
const NOTHING: u64 = u64::MAX;

/// The replicas of a database.
pub(super) struct Replicas {
    all: Vec<Replica>,
    next: AtomicUsize,
    /// How many changes this server has made or heard of. A read is sent to a replica only if that has them all, so
    /// nobody who has seen a change is shown what was before it.
    changes: AtomicU64,
    changed: Notify,
    /// Whether changes of other servers are heard; else no replica is known to have them.
    is_hearing: AtomicBool,
}

/// One of them.
pub(crate) struct Replica {
    pub(crate) number: usize,
    pub(crate) database: Database,
    /// How many changes it has, or [`NOTHING`].
    knows: AtomicU64,
}

impl Replicas {
    /// Connects to replicas and begins to watch how far they are. None of them need be there yet.
    pub(super) fn watch(
        primary: &Database,
        settings: &[DatabaseSettings],
        max_lag: Duration,
    ) -> std::io::Result<Arc<Self>> {
        let replica = |(number, settings): (usize, &DatabaseSettings)| {
            let settings = DatabaseSettings {
                deadline: PATIENCE,
                wait_for_connection: PATIENCE / 5,
                ..settings.clone()
            };
            Ok(Replica {
                number,
                database: Database::start(&settings)?,
                knows: AtomicU64::new(NOTHING),
            })
        };
        let all = settings.iter().enumerate().map(replica);
        let replicas = Arc::new(Self {
            all: all.collect::<std::io::Result<_>>()?,
            next: AtomicUsize::new(0),
            changes: AtomicU64::new(0),
            changed: Notify::new(),
            is_hearing: AtomicBool::new(false),
        });
        for number in 0..replicas.all.len() {
            let watched = Arc::downgrade(&replicas);
            tokio::spawn(follow(watched, number, primary.clone(), max_lag));
        }
        Ok(replicas)
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn in_use(&self) -> usize {
        let changes = self.changes.load(Ordering::SeqCst);
        let knowing = self
            .all
            .iter()
            .filter(|replica| replica.knows.load(Ordering::SeqCst) == changes);
        knowing.count()
    }

    /// The next replica in turn that has every change.
    pub(super) fn pick(&self) -> Option<&Replica> {
        if !self.is_hearing.load(Ordering::SeqCst) {
            return None;
        }
        let changes = self.changes.load(Ordering::SeqCst);
        let first = self.next.fetch_add(1, Ordering::Relaxed);
        let (before, from) = self.all.split_at(first % self.all.len().max(1));
        let mut in_turn = from.iter().chain(before);
        in_turn.find(|replica| replica.knows.load(Ordering::SeqCst) == changes)
    }

    /// Notes a change: replicas are asked again once they have it.
    pub(super) fn changed(&self) {
        self.changes.fetch_add(1, Ordering::SeqCst);
        self.changed.notify_waiters();
    }

    /// Notes whether changes of other servers are heard from now on.
    pub(super) fn hears(&self, is_hearing: bool) {
        self.is_hearing.store(is_hearing, Ordering::SeqCst);
    }
}

impl Replica {
    /// Notes that it did not answer, so that nobody else waits for it until it is well again.
    pub(crate) fn failed(&self, error: &StoreError) {
        if self.knows.swap(NOTHING, Ordering::SeqCst) != NOTHING {
            tracing::warn!(replica = self.number, "a replica does not answer");
            tracing::debug!(replica = self.number, %error, "a read of a replica failed");
        }
    }
}

/// Watches how far a replica is, as long as there is somebody to ask for it.
async fn follow(replicas: Weak<Replicas>, number: usize, primary: Database, max_lag: Duration) {
    let mut caught_up = None;
    while let Some(replicas) = replicas.upgrade() {
        let Some(replica) = replicas.all.get(number) else {
            return;
        };
        // A change that comes from here on waits for the next turn.
        let changed = replicas.changed.notified();
        let changes = replicas.changes.load(Ordering::SeqCst);
        let asked = Instant::now();
        match has_caught_up(&primary, &replica.database, max_lag).await {
            Ok(true) => {
                if replica.knows.swap(changes, Ordering::SeqCst) == NOTHING {
                    tracing::info!(replica = number, "a replica answers reads");
                }
                caught_up = Some(asked);
            }
            Ok(false) => {
                let is_late = caught_up.is_none_or(|at: Instant| at.elapsed() > max_lag);
                if is_late && replica.knows.swap(NOTHING, Ordering::SeqCst) != NOTHING {
                    tracing::warn!(replica = number, "a replica lags behind");
                }
            }
            Err(error) => replica.failed(&error),
        }
        if replicas.changes.load(Ordering::SeqCst) == changes {
            drop(tokio::time::timeout(ASK, changed).await);
        } else {
            tokio::time::sleep(ASK_AGAIN).await;
        }
    }
}

#[derive(QueryableByName)]
struct Position {
    #[diesel(sql_type = Text)]
    position: String,
}

#[derive(QueryableByName)]
struct Reached {
    #[diesel(sql_type = Bool)]
    is_reached: bool,
}

/// Whether a replica comes in time to where the primary is now.
async fn has_caught_up(
    primary: &Database,
    replica: &Database,
    max_lag: Duration,
) -> Result<bool, StoreError> {
    let asked = Instant::now();
    let here = |connection: &mut PgConnection| {
        // Not the written position: a commit that does not wait for its writing lies behind that.
        let statement = "SELECT pg_current_wal_insert_lsn()::text AS position";
        Ok(sql_query(statement).get_result::<Position>(connection)?)
    };
    let position = match primary.run(here).await {
        Ok(Position { position }) => position,
        // Nobody knows how far it should be.
        Err(StoreError::Unavailable(_)) => return Ok(false),
        Err(error) => return Err(error),
    };
    loop {
        let position = position.clone();
        let there = move |connection: &mut PgConnection| {
            // Who was promoted follows this primary no more, however far it once came.
            let statement = "SELECT pg_is_in_recovery() AND coalesce(pg_last_wal_replay_lsn() >= $1::pg_lsn, FALSE) \
                             AS is_reached";
            let query = sql_query(statement).bind::<Text, _>(position);
            Ok(query.get_result::<Reached>(connection)?)
        };
        if replica.run::<_, StoreError>(there).await?.is_reached {
            return Ok(true);
        }
        if asked.elapsed() > max_lag {
            return Ok(false);
        }
        tokio::time::sleep(ASK_AGAIN).await;
    }
}

impl fmt::Debug for Replicas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.all).finish()
    }
}

impl fmt::Debug for Replica {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replica")
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}
