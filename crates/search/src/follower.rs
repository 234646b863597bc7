mod apply;
mod check;
mod differences;
mod failure;
mod fill;
mod pending;

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use eggypro_domain::StoreError;
use eggypro_domain::changes::{Change, ChangeFollower};
use eggypro_domain::products::{ProductIndex, ProductSource};
use tokio::task::JoinError;
use tokio::time;

use self::failure::{Failure, panicked};
use self::pending::Pending;
use crate::CatalogueIndex;

/// Interval of retries.
const PAUSE: Duration = Duration::from_millis(200);

/// Delays before requests to a busy source are repeated.
const RETRIES: [Duration; 2] = [Duration::from_millis(20), Duration::from_millis(100)];

/// Interval of polls for changes while the change listener is disconnected.
const POLLING: Duration = Duration::from_secs(2);

/// Number of applied changes whose names are stored. Exceeds the number of changes in flight.
const MAX_RECENT: usize = 256;

/// Maximum number of products that are read and applied at once.
const BATCH: usize = 500;

/// Number of batches that are read ahead while the index is filled.
const READ_AHEAD: usize = 8;

/// Keeps an index up to date with its source. Clones share their state.
#[derive(Clone)]
pub struct Follower(Arc<Inner>);

struct Inner {
    index: Arc<CatalogueIndex>,
    source: Arc<dyn ProductSource>,
    pending: Mutex<Pending>,
    /// The names of the changes that were applied last. A change by this server is reported twice: by the writer and by
    /// the listener.
    recent: Mutex<VecDeque<String>>,
    /// Locked while products are read and applied, so that an older state never overwrites a newer one.
    apply_lock: tokio::sync::Mutex<()>,
    /// Locked during a check, since each check reads all products.
    check_lock: Arc<tokio::sync::Mutex<()>>,
    is_connected: AtomicBool,
    /// The number of products that checks found to differ.
    mismatches: AtomicU64,
}

impl Follower {
    /// A follower for this index and source.
    pub fn new(index: Arc<CatalogueIndex>, source: Arc<dyn ProductSource>) -> Self {
        Self(Arc::new(Inner {
            index,
            source,
            pending: Mutex::default(),
            recent: Mutex::default(),
            apply_lock: tokio::sync::Mutex::default(),
            check_lock: Arc::default(),
            is_connected: AtomicBool::new(false),
            mismatches: AtomicU64::new(0),
        }))
    }

    /// The number of products that [checks](eggypro_domain::products::IndexCheck::check) found to differ so far.
    pub fn mismatches(&self) -> u64 {
        self.0.mismatches.load(Ordering::Relaxed)
    }

    /// Fills the index as soon as the source is available. Then retries changes that failed, and polls for changes
    /// while the change listener is disconnected. Does not return.
    pub async fn run(self) {
        let mut polled = time::Instant::now();
        loop {
            let is_due = polled.elapsed() >= POLLING;
            if !self.0.is_connected.load(Ordering::SeqCst) && is_due {
                let inner = Arc::clone(&self.0);
                self.0
                    .ended(tokio::spawn(async move { inner.poll().await }).await);
                polled = time::Instant::now();
            }
            self.0.catch_up_detached().await;
            time::sleep(PAUSE).await;
        }
    }
}

impl Inner {
    fn pending(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn recent(&self) -> MutexGuard<'_, VecDeque<String>> {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Applies all pending changes, even if the caller is cancelled.
    async fn catch_up_detached(self: &Arc<Self>) {
        let inner = Arc::clone(self);
        self.ended(tokio::spawn(async move { inner.catch_up().await }).await);
    }

    /// Requeues everything if a task panicked, since it may have applied only some of its changes.
    fn ended(&self, task: Result<(), JoinError>) {
        if let Err(error) = task {
            self.requeue(Pending::default(), &panicked(error));
        }
    }

    /// Looks for changes that were not reported. If the source is unavailable, the index stays ready, since it may
    /// still be up to date.
    async fn poll(&self) {
        let _guard = self.apply_lock.lock().await;
        if !self.index.is_ready() {
            return;
        }
        match self.compare().await {
            Ok(()) => {}
            Err(Failure::Source(error)) => {
                tracing::debug!(%error, "can't poll for changes");
            }
            Err(failure) => self.requeue(Pending::default(), &failure),
        }
    }

    /// Applies all pending changes. If that fails, the index is outdated and not ready until they are applied.
    async fn catch_up(&self) {
        let _guard = self.apply_lock.lock().await;
        let is_filled = self.index.is_filled();
        let pending = std::mem::take(&mut *self.pending());
        if is_filled && pending.is_empty() {
            return;
        }
        let applied = match is_filled {
            false => self.fill().await,
            true => self.apply_with_retries(&pending).await,
        };
        match applied {
            // Changes that arrived during the filling are still pending.
            Ok(()) if is_filled || self.pending().is_empty() => {
                let mut recent = self.recent();
                recent.extend(pending.names);
                let forgotten = recent.len().saturating_sub(MAX_RECENT);
                recent.drain(..forgotten);
                self.index.set_ready(true);
            }
            Ok(()) => match self.compare().await {
                Ok(()) => self.index.set_ready(true),
                Err(failure) => self.requeue(Pending::default(), &failure),
            },
            Err(failure) => self.requeue(pending, &failure),
        }
    }

    /// Applies pending changes, and retries while the source is busy.
    async fn apply_with_retries(&self, pending: &Pending) -> Result<(), Failure> {
        for pause in RETRIES {
            match self.apply_pending(pending).await {
                Err(Failure::Source(StoreError::Unavailable(_))) => time::sleep(pause).await,
                applied => return applied,
            }
        }
        self.apply_pending(pending).await
    }

    async fn apply_pending(&self, pending: &Pending) -> Result<(), Failure> {
        if pending.anything {
            return self.compare().await;
        }
        if pending.synonyms {
            self.follow_synonyms().await?;
        }
        self.apply_slugs(pending.slugs.clone()).await
    }

    fn requeue(&self, pending: Pending, failure: &Failure) {
        if self.index.is_ready() {
            tracing::warn!(%failure, "the catalogue index is outdated and refuses queries until it has caught up");
        } else {
            tracing::debug!(%failure, "the catalogue index can't be filled");
        }
        self.index.set_ready(false);
        // Only some of the changes may have been applied.
        if matches!(failure, Failure::Index(_)) {
            self.index.set_filled(false);
        }
        let mut now = self.pending();
        now.slugs.extend(pending.slugs);
        now.anything |= pending.anything;
        now.synonyms |= pending.synonyms;
        now.names.extend(pending.names);
    }
}

#[async_trait]
impl ChangeFollower for Follower {
    async fn changed(&self, change: &Change) {
        if self.0.recent().contains(&change.name) {
            return;
        }
        let affects_index = self.0.pending().add(change);
        // Otherwise it is applied after the filling.
        if affects_index && self.0.index.is_filled() {
            self.0.catch_up_detached().await;
        }
    }

    fn reconnected(&self) {
        self.0.is_connected.store(true, Ordering::SeqCst);
    }

    async fn missed_changes(&self) {
        // A restored database may assign the same names again.
        self.0.recent().clear();
        self.0.pending().anything = true;
        self.0.catch_up_detached().await;
        self.0.is_connected.store(true, Ordering::SeqCst);
    }

    fn disconnected(&self) {
        self.0.is_connected.store(false, Ordering::SeqCst);
    }
}

impl fmt::Debug for Follower {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Follower").finish_non_exhaustive()
    }
}
