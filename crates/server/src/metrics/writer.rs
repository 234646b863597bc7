use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use eggypro_domain::metrics::{
    AlikeRequests, MetricsRepository, RequestBatch, RequestCounts, RequestDetail, RequestKind,
    RequestTiming,
};
use foldhash::quality::RandomState;
use tokio::sync::watch;

use super::disk::DiskBudget;
use super::figures::Figures;
use super::recorder::{Recorder, without_client};

/// How often the writer looks for notes.
const LOOK: Duration = Duration::from_millis(20);

/// How often it writes them down: each time costs the database as much as some thousand notes.
const WRITE: Duration = Duration::from_millis(500);

/// How many notes one transaction takes at most. Where no two are alike it takes a tenth of a second for as many.
const AT_ONCE: usize = 25_000;

/// How many notes are kept in a second at most, so that they never cost the database more than that. Of other requests the
/// notes are lost, but they are counted.
const A_SECOND: usize = 50_000;

/// How many kinds of requests are told apart between two writes. Each takes a row of up to half a kilobyte; of kinds
/// beyond that, the client is forgotten.
const MAX_KINDS: usize = 256;

/// How often old notes are looked for, and how long to wait between two parts of them.
const FORGET: Duration = Duration::from_secs(60 * 60);
const NEXT_PART: Duration = Duration::from_millis(100);

/// How often a failure to write is told.
const TELL: Duration = Duration::from_secs(10);

/// Takes notes from the recorder, counts them, and writes them down in batches.
pub(crate) struct Writer {
    pub(crate) recorder: Arc<Recorder>,
    pub(crate) figures: Arc<Figures>,
    /// Whether anybody may read how long requests took.
    pub(crate) is_watched: bool,
    /// Where they are kept, if they are, and for how many days.
    pub(crate) store: Option<(Arc<dyn MetricsRepository>, u16)>,
    /// How many bytes a day notes may take there.
    pub(crate) bytes_a_day: u64,
}

/// What is not in the database yet, and what there may still be.
struct Held {
    /// Requests that a note is kept of.
    noted: HashMap<RequestKind<'static>, Vec<RequestTiming>, RandomState>,
    /// How many those are.
    count: usize,
    /// Which rows they make, as hashes: an address makes none of its own.
    rows: HashSet<u64, RandomState>,
    /// How many more notes may be kept, and how much of the disk they may take.
    room: usize,
    disk: DiskBudget,
    counts: RequestCounts,
}

impl Held {
    fn note(&mut self, kind: &RequestKind<'static>, timings: &[RequestTiming]) {
        self.count += timings.len();
        if let Some(noted) = self.noted.get_mut(kind) {
            noted.extend_from_slice(timings);
            return;
        }
        let kind = if self.noted.len() < MAX_KINDS {
            kind.clone()
        } else {
            without_client(kind.clone())
        };
        self.noted
            .entry(kind)
            .or_default()
            .extend_from_slice(timings);
    }

    /// How many of so many notes of a kind may be kept, which takes what they need.
    fn admit(&mut self, kind: &RequestKind<'static>, notes: usize) -> usize {
        // No kind takes all the room that is left, so that there are notes of rare ones too, such as failures.
        let share = self.room.div_ceil(2).min(A_SECOND - self.count);
        let row = (&kind.endpoint, kind.method, kind.status, &kind.user_agent);
        let row = self.rows.hasher().hash_one(row);
        let is_new = !self.rows.contains(&row);
        let kept = self.disk.spend(kind, is_new, notes.min(share));
        if kept > 0 {
            self.room -= kept;
            self.rows.insert(row);
        }
        kept
    }

    /// Takes what one transaction may write, if there is anything.
    fn take(&mut self) -> Option<RequestBatch> {
        let mut room = AT_ONCE;
        let mut requests = vec![];
        self.noted.retain(|kind, timings| {
            let taken: Vec<_> = timings.drain(..timings.len().min(room)).collect();
            room -= taken.len();
            if !taken.is_empty() {
                requests.push(AlikeRequests {
                    kind: kind.clone(),
                    timings: taken,
                });
            }
            !timings.is_empty()
        });
        self.noted.shrink_to(2 * self.noted.len());
        self.rows.clear();
        self.count -= AT_ONCE - room;
        let batch = RequestBatch {
            id: rand::random(),
            requests,
            counts: std::mem::take(&mut self.counts),
        };
        let is_empty = batch.requests.is_empty() && batch.counts.is_empty();
        (!is_empty).then_some(batch)
    }
}

impl Writer {
    /// Writes until it is told to stop, and then what is left. However slow the database is, requests are counted.
    pub(crate) async fn run(self, stop: watch::Receiver<bool>) {
        let held = Mutex::new(self.held());
        tokio::select! {
            () = self.count_all(&held) => {}
            () = self.forget_all() => {}
            () = self.write_all(&held, stop) => {}
        }
    }

    fn held(&self) -> Held {
        Held {
            noted: HashMap::default(),
            count: 0,
            rows: HashSet::default(),
            room: A_SECOND,
            disk: DiskBudget::new(self.bytes_a_day, Instant::now()),
            counts: RequestCounts::default(),
        }
    }

    async fn count_all(&self, held: &Mutex<Held>) {
        // A burst may use up what a second has; then as many notes are kept as time goes on.
        let mut looked = Instant::now();
        loop {
            tokio::time::sleep(LOOK).await;
            let new = (looked.elapsed().as_secs_f64() * A_SECOND as f64) as usize;
            looked = Instant::now();
            let mut held = locked(held);
            held.room = held.room.saturating_add(new).min(A_SECOND);
            held.disk.refill(looked);
            self.take_all(&mut held);
        }
    }

    /// Takes what waits, to keep notes of so many and count the others.
    fn take_all(&self, held: &mut Held) {
        self.recorder.take_all(|detail, kind, timings| {
            if self.is_watched {
                self.figures.count(kind, timings);
            }
            if self.store.is_none() {
                return;
            }
            held.counts.add(kind, timings);
            if detail == RequestDetail::Counted {
                return;
            }
            let kept = held.admit(kind, timings.len());
            let (kept, lost) = timings.split_at(kept);
            self.recorder.lose(lost.len());
            if !kept.is_empty() {
                held.note(kind, kept);
            }
        });
        self.figures
            .notes_held
            .set(held.count.try_into().unwrap_or(i64::MAX));
    }

    async fn write_all(&self, held: &Mutex<Held>, mut stop: watch::Receiver<bool>) {
        let mut told: Option<Instant> = None;
        loop {
            let is_stopping = tokio::time::timeout(WRITE, stop.wait_for(|stop| *stop))
                .await
                .is_ok();
            if is_stopping {
                // Nothing comes after these.
                let mut held = locked(held);
                held.room = usize::MAX;
                self.take_all(&mut held);
            }
            let next = || locked(held).take();
            while let Some(batch) = next() {
                let is_all = batch.noted() < AT_ONCE;
                self.write(Arc::new(batch), &mut told).await;
                if is_all {
                    break;
                }
            }
            if is_stopping {
                return;
            }
        }
    }

    /// Writes a batch, however often that has to be tried.
    async fn write(&self, batch: Arc<RequestBatch>, told: &mut Option<Instant>) {
        let Some((store, _)) = &self.store else {
            return;
        };
        while let Err(error) = store.keep(Arc::clone(&batch)).await {
            self.figures.note_failures.inc();
            if told.is_none_or(|at| at.elapsed() >= TELL) {
                tracing::warn!(count = batch.noted(), "notes of requests can't be written");
                tracing::debug!(%error, "a batch of notes was not written");
                *told = Some(Instant::now());
            }
            tokio::time::sleep(WRITE).await;
        }
        self.figures.notes_written.inc_by(batch.noted() as u64);
    }

    /// Forgets what is old, in parts.
    async fn forget_all(&self) {
        loop {
            let pause = match &self.store {
                Some((store, days)) => match store.forget(*days).await {
                    Ok(0) => FORGET,
                    Ok(_) => NEXT_PART,
                    Err(error) => {
                        tracing::warn!("old notes of requests stay for now");
                        tracing::debug!(%error, "old notes were not forgotten");
                        FORGET
                    }
                },
                None => FORGET,
            };
            tokio::time::sleep(pause).await;
        }
    }
}

fn locked(held: &Mutex<Held>) -> MutexGuard<'_, Held> {
    // Nothing panics while it is held.
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
