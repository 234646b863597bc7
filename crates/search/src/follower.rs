use std::collections::{BTreeSet, VecDeque};
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use eggypro_domain::changes::{Audience, Change, Tag};
use eggypro_domain::products::{Product, ProductId, ProductIndex, ProductSource, Stamp};
use eggypro_domain::{Slug, StoreError};
use tokio::task::{JoinError, spawn_blocking};
use tokio::time;

use crate::{CatalogueIndex, Changes, IndexError};

/// How long to wait after a failure.
const PAUSE: Duration = Duration::from_millis(200);

/// How long to wait before the source is asked again that was too busy.
const TRIES: [Duration; 2] = [Duration::from_millis(20), Duration::from_millis(100)];

/// How often all products are compared while the changes of others aren't heard.
const UNHEARD: Duration = Duration::from_secs(2);

/// How many changes are remembered: more than can be on their way at once.
const REMEMBERED: usize = 256;

/// How many products are read at once.
const PORTION: usize = 500;

/// After how many products the log says how far the filling is.
const PROGRESS: usize = 100_000;

/// How many portions wait to be entered while the index is filled.
const AHEAD: usize = 2;

/// Keeps an index as its source is. Clones share it.
#[derive(Clone)]
pub struct Follower(Arc<Inner>);

struct Inner {
    index: Arc<CatalogueIndex>,
    source: Arc<dyn ProductSource>,
    waiting: Mutex<Waiting>,
    /// The names of changes that were entered last: a writer tells of its own, and hears of it again by the source.
    recent: Mutex<VecDeque<String>>,
    /// Held by who reads the source, so that what is read later is entered later.
    turn: tokio::sync::Mutex<()>,
    is_hearing: AtomicBool,
}

/// What has changed and is not entered yet.
#[derive(Debug, Default)]
struct Waiting {
    slugs: BTreeSet<Slug>,
    /// Whether anything may have.
    anything: bool,
    /// What the changes are called.
    names: Vec<String>,
}

impl Waiting {
    fn is_empty(&self) -> bool {
        self.slugs.is_empty() && !self.anything
    }

    /// Notes what a change tells of products; whether it does.
    fn note(&mut self, change: &Change) -> bool {
        let mut is_concerned = false;
        for tag in &change.tags {
            match tag {
                Tag::Product(slug) => {
                    self.slugs.insert(slug.clone());
                }
                Tag::EveryProduct | Tag::Everything => self.anything = true,
                _ => continue,
            }
            is_concerned = true;
        }
        if is_concerned {
            self.names.push(change.name.clone());
        }
        is_concerned
    }
}

/// Why an index is not as its source.
#[derive(Debug)]
enum Failure {
    Source(StoreError),
    Index(IndexError),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source(error) => error.fmt(f),
            Self::Index(error) => error.fmt(f),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Source(error)
    }
}

impl Follower {
    /// Who keeps this index as this source is.
    pub fn new(index: Arc<CatalogueIndex>, source: Arc<dyn ProductSource>) -> Self {
        Self(Arc::new(Inner {
            index,
            source,
            waiting: Mutex::default(),
            recent: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
            is_hearing: AtomicBool::new(false),
        }))
    }

    /// Fills the index as soon as its source answers, and afterwards mends what could not be entered at once. While the
    /// changes of others aren't heard, it looks for them now and then.
    pub async fn attend(self) {
        let mut compared = time::Instant::now();
        loop {
            let is_due = compared.elapsed() >= UNHEARD;
            if !self.0.is_hearing.load(Ordering::SeqCst) && is_due {
                let inner = Arc::clone(&self.0);
                self.0
                    .ended(tokio::spawn(async move { inner.look().await }).await);
                compared = time::Instant::now();
            }
            self.0.catch_up_anyway().await;
            time::sleep(PAUSE).await;
        }
    }
}

impl Inner {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn recent(&self) -> MutexGuard<'_, VecDeque<String>> {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Enters all that waits, even if nobody waits for it any more.
    async fn catch_up_anyway(self: &Arc<Self>) {
        let inner = Arc::clone(self);
        self.ended(tokio::spawn(async move { inner.catch_up().await }).await);
    }

    /// A task that panicked may have entered a part of something.
    fn ended(&self, task: Result<(), JoinError>) {
        if let Err(error) = task {
            self.put_back(Waiting::default(), &panicked(error));
        }
    }

    /// Enters what nobody has told of. Where the source is away, what is known goes on being told: nothing says that it is
    /// wrong.
    async fn look(&self) {
        let _turn = self.turn.lock().await;
        if !self.index.is_ready() {
            return;
        }
        match self.compare().await {
            Ok(()) => {}
            Err(Failure::Source(error)) => {
                tracing::debug!(%error, "changes are not heard, and can't be looked for");
            }
            Err(failure) => self.put_back(Waiting::default(), &failure),
        }
    }

    /// Enters all that waits. Where that fails, the index answers nothing until it is entered after all: it would answer
    /// what is known to be wrong.
    async fn catch_up(&self) {
        let _turn = self.turn.lock().await;
        let is_filled = self.index.is_filled();
        let waiting = std::mem::take(&mut *self.waiting());
        if is_filled && waiting.is_empty() {
            return;
        }
        let entered = match is_filled {
            false => self.fill().await,
            true => self.enter_patiently(&waiting).await,
        };
        match entered {
            // What was committed after the filling began has been noted meanwhile.
            Ok(()) if is_filled || self.waiting().is_empty() => {
                let mut recent = self.recent();
                recent.extend(waiting.names);
                let forgotten = recent.len().saturating_sub(REMEMBERED);
                recent.drain(..forgotten);
                self.index.set_ready(true);
            }
            Ok(()) => match self.compare().await {
                Ok(()) => self.index.set_ready(true),
                Err(failure) => self.put_back(Waiting::default(), &failure),
            },
            Err(failure) => self.put_back(waiting, &failure),
        }
    }

    /// Enters what waits, with some patience for a source that is busy.
    async fn enter_patiently(&self, waiting: &Waiting) -> Result<(), Failure> {
        for pause in TRIES {
            match self.enter_waiting(waiting).await {
                Err(Failure::Source(StoreError::Unavailable(_))) => time::sleep(pause).await,
                entered => return entered,
            }
        }
        self.enter_waiting(waiting).await
    }

    async fn enter_waiting(&self, waiting: &Waiting) -> Result<(), Failure> {
        if waiting.anything {
            self.compare().await
        } else {
            self.enter(waiting.slugs.clone()).await
        }
    }

    fn put_back(&self, waiting: Waiting, failure: &Failure) {
        if self.index.is_ready() {
            tracing::warn!(%failure, "the catalogue index is behind, and answers when it has caught up");
        } else {
            tracing::debug!(%failure, "the catalogue index is not filled");
        }
        self.index.set_ready(false);
        // A part of it may have been entered: it begins anew.
        if matches!(failure, Failure::Index(_)) {
            self.index.set_filled(false);
        }
        let mut now = self.waiting();
        now.slugs.extend(waiting.slugs);
        now.anything |= waiting.anything;
        now.names.extend(waiting.names);
    }

    /// Fills the empty index.
    async fn fill(&self) -> Result<(), Failure> {
        let started = Instant::now();
        let (tell, told) = sync_channel::<Vec<Product>>(AHEAD);
        let index = Arc::clone(&self.index);
        let entering = spawn_blocking(move || index.fill(told.into_iter()));
        let mut read = 0;
        let take = Box::new(move |products: Vec<Product>| {
            let before = read / PROGRESS;
            read += products.len();
            if read / PROGRESS > before {
                tracing::info!(products = read, "the catalogue index is being filled");
            }
            tell.send(products).is_ok()
        });
        let all = self.source.all(take).await;
        // Before a failure is told, so that nothing is entered any more when the next try begins.
        let entered = entering.await;
        all?;
        entered.map_err(panicked)?.map_err(Failure::Index)?;
        self.index.set_filled(true);
        let (products, milliseconds) = (self.index.len(), started.elapsed().as_millis());
        tracing::info!(products, milliseconds, "the catalogue index is filled");
        Ok(())
    }

    /// Reads products again by slug; one that is not found is gone.
    async fn enter(&self, slugs: BTreeSet<Slug>) -> Result<(), Failure> {
        let slugs: Vec<Slug> = slugs.into_iter().collect();
        for slugs in slugs.chunks(PORTION) {
            let products = self.source.by_slugs(slugs.to_vec()).await?;
            let is_found = |id: &ProductId| products.iter().any(|product| product.id == *id);
            let mut gone: Vec<ProductId> = slugs
                .iter()
                .filter_map(|slug| self.index.id_of(slug))
                .collect();
            gone.retain(|id| !is_found(id));
            // What had a slug may have another one by now.
            let moved = self.source.by_ids(gone.clone()).await?;
            gone.retain(|id| !moved.iter().any(|product| product.id == *id));
            let products = products.into_iter().chain(moved).collect();
            self.enter_changes(Changes { products, gone }).await?;
        }
        Ok(())
    }

    /// Finds out what differs between the index and its source, and enters it.
    async fn compare(&self) -> Result<(), Failure> {
        let now = self.source.stamps().await?;
        let known = self.index.stamps();
        let Differences { changed, gone } = differences(&known, &now);
        if changed.is_empty() && gone.is_empty() {
            return Ok(());
        }
        let (count, of_gone) = (changed.len(), gone.len());
        self.enter_changes(Changes {
            products: vec![],
            gone,
        })
        .await?;
        for ids in changed.chunks(PORTION) {
            let products = self.source.by_ids(ids.to_vec()).await?;
            let gone = vec![];
            self.enter_changes(Changes { products, gone }).await?;
        }
        tracing::debug!(
            changed = count,
            gone = of_gone,
            "the catalogue index has caught up"
        );
        Ok(())
    }

    async fn enter_changes(&self, changes: Changes) -> Result<(), Failure> {
        // Without new words it takes microseconds.
        if !self.index.has_new_words(&changes) {
            return self.index.enter(&changes).map_err(Failure::Index);
        }
        let index = Arc::clone(&self.index);
        let entering = spawn_blocking(move || index.enter(&changes));
        entering.await.map_err(panicked)?.map_err(Failure::Index)
    }
}

fn panicked(error: JoinError) -> Failure {
    Failure::Index(IndexError::Panicked(error.to_string()))
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Differences {
    changed: Vec<ProductId>,
    gone: Vec<ProductId>,
}

/// What differs between two lists by id.
fn differences(known: &[(ProductId, Stamp)], now: &[(ProductId, Stamp)]) -> Differences {
    let mut differences = Differences::default();
    let (mut known, mut now) = (known.iter().peekable(), now.iter().peekable());
    loop {
        match (known.peek(), now.peek()) {
            (Some((id, _)), Some((other, _))) if id < other => {
                differences.gone.push(*id);
                known.next();
            }
            (Some((id, _)), None) => {
                differences.gone.push(*id);
                known.next();
            }
            (Some((id, before)), Some((other, after))) if id == other => {
                if before != after {
                    differences.changed.push(*id);
                }
                known.next();
                now.next();
            }
            (_, Some((id, _))) => {
                differences.changed.push(*id);
                now.next();
            }
            (None, None) => return differences,
        }
    }
}

#[async_trait]
impl Audience for Follower {
    async fn changed(&self, change: &Change) {
        if self.0.recent().contains(&change.name) {
            return;
        }
        let is_concerned = self.0.waiting().note(change);
        // The filling looks at what waits when it ends.
        if is_concerned && self.0.index.is_filled() {
            self.0.catch_up_anyway().await;
        }
    }

    fn hears_again(&self) {
        self.0.is_hearing.store(true, Ordering::SeqCst);
    }

    async fn missed_changes(&self) {
        // A source that was put back to an earlier state may give its names again.
        self.0.recent().clear();
        self.0.waiting().anything = true;
        self.0.catch_up_anyway().await;
        self.0.is_hearing.store(true, Ordering::SeqCst);
    }

    fn hears_nothing(&self) {
        self.0.is_hearing.store(false, Ordering::SeqCst);
    }
}

impl fmt::Debug for Follower {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Follower").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eggypro_domain::time::OffsetDateTime;

    #[test]
    fn what_differs_is_found() {
        let stamps = |of: &[(i32, i32)]| -> Vec<(ProductId, Stamp)> {
            let stamp = |version| Stamp::new(version, OffsetDateTime::UNIX_EPOCH);
            of.iter()
                .map(|(id, version)| (ProductId(*id), stamp(*version)))
                .collect()
        };
        let ids = |of: &[i32]| of.iter().copied().map(ProductId).collect::<Vec<_>>();
        for (known, now, changed, gone) in [
            (&[][..], &[(1, 1)][..], &[1][..], &[][..]),
            (&[(1, 1)], &[], &[], &[1]),
            (
                &[(1, 1), (2, 1), (4, 2)],
                &[(1, 1), (3, 1), (4, 1)],
                &[3, 4],
                &[2],
            ),
        ] {
            let expected = Differences {
                changed: ids(changed),
                gone: ids(gone),
            };
            assert_eq!(differences(&stamps(known), &stamps(now)), expected);
        }
    }
}
