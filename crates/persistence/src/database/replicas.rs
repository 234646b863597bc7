//! Replicas that answer reads while they have every change that this server knows.

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

/// Interval between checks of a replica while nothing changes.
const CHECK_INTERVAL: Duration = Duration::from_millis(250);

/// Interval between checks of a replica that has not reached the primary's position.
const RETRY_INTERVAL: Duration = Duration::from_millis(5);

/// Maximum duration of a read on a replica. It leaves time to retry on the primary.
const READ_DEADLINE: Duration = Duration::from_millis(1_500);

/// The value of [`Replica::applied`] while a replica is unavailable or too far behind.
const UNUSABLE: u64 = u64::MAX;

/// The replicas of a database.
pub(super) struct Replicas {
    all: Vec<Replica>,
    next: AtomicUsize,
    /// Number of changes that this server has made or received. A read goes only to a replica that has all of them, so
    /// a client never sees an older state than before.
    changes: AtomicU64,
    changed: Notify,
    /// Whether changes of other servers are received. Without them no replica is known to be current.
    is_connected: AtomicBool,
}

/// A replica.
pub(crate) struct Replica {
    pub(crate) number: usize,
    pub(crate) database: Database,
    /// Number of changes that it has, or [`UNUSABLE`].
    applied: AtomicU64,
}

impl Replicas {
    /// Starts watching the positions of replicas. None of them needs to be available yet.
    pub(super) fn watch(
        primary: &Database,
        settings: &[DatabaseSettings],
        max_lag: Duration,
    ) -> std::io::Result<Arc<Self>> {
        let replica = |(number, settings): (usize, &DatabaseSettings)| {
            let settings = DatabaseSettings {
                deadline: READ_DEADLINE,
                wait_for_connection: READ_DEADLINE / 5,
                ..settings.clone()
            };
            Ok(Replica {
                number,
                database: Database::start(&settings)?,
                applied: AtomicU64::new(UNUSABLE),
            })
        };
        let all = settings.iter().enumerate().map(replica);
        let replicas = Arc::new(Self {
            all: all.collect::<std::io::Result<_>>()?,
            next: AtomicUsize::new(0),
            changes: AtomicU64::new(0),
            changed: Notify::new(),
            is_connected: AtomicBool::new(false),
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
        let current = self
            .all
            .iter()
            .filter(|replica| replica.applied.load(Ordering::SeqCst) == changes);
        current.count()
    }

    /// The next replica in turn that has every change.
    pub(super) fn pick(&self) -> Option<&Replica> {
        if !self.is_connected.load(Ordering::SeqCst) {
            return None;
        }
        let changes = self.changes.load(Ordering::SeqCst);
        let first = self.next.fetch_add(1, Ordering::Relaxed);
        let (before, from) = self.all.split_at(first % self.all.len().max(1));
        let mut in_turn = from.iter().chain(before);
        in_turn.find(|replica| replica.applied.load(Ordering::SeqCst) == changes)
    }

    /// Records a change. No replica is used until it has the change.
    pub(super) fn changed(&self) {
        self.changes.fetch_add(1, Ordering::SeqCst);
        self.changed.notify_waiters();
    }

    /// Sets whether changes of other servers are received.
    pub(super) fn set_connected(&self, is_connected: bool) {
        self.is_connected.store(is_connected, Ordering::SeqCst);
    }
}

impl Replica {
    /// Records that the replica did not answer. It is not used until a check succeeds.
    pub(crate) fn failed(&self, error: &StoreError) {
        if self.applied.swap(UNUSABLE, Ordering::SeqCst) != UNUSABLE {
            tracing::warn!(replica = self.number, "a replica does not answer");
            tracing::debug!(replica = self.number, %error, "a read of a replica failed");
        }
    }
}

/// Watches the position of a replica until all handles of the replicas are dropped.
async fn follow(replicas: Weak<Replicas>, number: usize, primary: Database, max_lag: Duration) {
    let mut caught_up = None;
    while let Some(replicas) = replicas.upgrade() {
        let Some(replica) = replicas.all.get(number) else {
            return;
        };
        // Registered first, so that a change during this check starts the next one.
        let changed = replicas.changed.notified();
        let changes = replicas.changes.load(Ordering::SeqCst);
        let asked = Instant::now();
        match has_caught_up(&primary, &replica.database, max_lag).await {
            Ok(true) => {
                if replica.applied.swap(changes, Ordering::SeqCst) == UNUSABLE {
                    tracing::info!(replica = number, "a replica answers reads");
                }
                caught_up = Some(asked);
            }
            Ok(false) => {
                let is_late = caught_up.is_none_or(|at: Instant| at.elapsed() > max_lag);
                if is_late && replica.applied.swap(UNUSABLE, Ordering::SeqCst) != UNUSABLE {
                    tracing::warn!(replica = number, "a replica lags behind");
                }
            }
            Err(error) => replica.failed(&error),
        }
        if replicas.changes.load(Ordering::SeqCst) == changes {
            drop(tokio::time::timeout(CHECK_INTERVAL, changed).await);
        } else {
            tokio::time::sleep(RETRY_INTERVAL).await;
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

/// Whether a replica reaches the primary's current position within `max_lag`.
async fn has_caught_up(
    primary: &Database,
    replica: &Database,
    max_lag: Duration,
) -> Result<bool, StoreError> {
    let asked = Instant::now();
    let on_primary = |connection: &mut PgConnection| {
        // The insert position, since an asynchronous commit may lie beyond the write position.
        let statement = "SELECT pg_current_wal_insert_lsn()::text AS position";
        Ok(sql_query(statement).get_result::<Position>(connection)?)
    };
    let position = match primary.run(on_primary).await {
        Ok(Position { position }) => position,
        // Without the primary the target position is unknown.
        Err(StoreError::Unavailable(_)) => return Ok(false),
        Err(error) => return Err(error),
    };
    loop {
        let position = position.clone();
        let on_replica = move |connection: &mut PgConnection| {
            // A promoted replica no longer follows this primary, whatever position it has reached.
            let statement = "SELECT pg_is_in_recovery() AND coalesce(pg_last_wal_replay_lsn() >= $1::pg_lsn, FALSE) \
                             AS is_reached";
            let query = sql_query(statement).bind::<Text, _>(position);
            Ok(query.get_result::<Reached>(connection)?)
        };
        if replica.run::<_, StoreError>(on_replica).await?.is_reached {
            return Ok(true);
        }
        if asked.elapsed() > max_lag {
            return Ok(false);
        }
        tokio::time::sleep(RETRY_INTERVAL).await;
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
