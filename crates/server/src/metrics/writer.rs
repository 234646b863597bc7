use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use eggypro_domain::metrics::{
    MetricsRepository, RequestBatch, RequestCounts, RequestDetail, RequestGroup, RequestKind,
    RequestTiming,
};
use foldhash::quality::RandomState;
use tokio::sync::watch;

use super::disk::DiskBudget;
use super::figures::Figures;
use super::recorder::{Recorder, without_client};

/// Interval of taking records from the recorder.
const LOOK: Duration = Duration::from_millis(20);

/// Interval of writing records. Each write costs the database as much as some thousand records.
const WRITE: Duration = Duration::from_millis(500);

/// Maximum number of records of a transaction. If no two are of the same kind, it takes a tenth of a second.
const AT_ONCE: usize = 25_000;

/// Maximum number of records a second, which bounds their cost for the database. Further requests are only counted.
const A_SECOND: usize = 50_000;

/// Maximum number of kinds of requests between two writes. Each takes a row of up to half a kilobyte. Further kinds are
/// recorded without their client.
const MAX_KINDS: usize = 256;

/// Interval of deleting old records, and the pause between two parts of a deletion.
const FORGET: Duration = Duration::from_secs(60 * 60);
const NEXT_PART: Duration = Duration::from_millis(100);

/// Minimum time between two warnings that records can't be written.
const WARN: Duration = Duration::from_secs(10);

/// Takes request records from the recorder, counts them, and writes them to the database in batches.
pub(crate) struct Writer {
    pub(crate) recorder: Arc<Recorder>,
    pub(crate) figures: Arc<Figures>,
    /// Whether Prometheus can read the durations of requests.
    pub(crate) is_watched: bool,
    /// Where records are stored and for how many days; `None` if they are not stored.
    pub(crate) store: Option<(Arc<dyn MetricsRepository>, u16)>,
    /// Maximum size of a day's records there, in bytes.
    pub(crate) bytes_a_day: u64,
}

/// Records and counts that are not in the database yet, and how many more records there may be.
struct Held {
    /// Records, grouped by kind.
    recorded: HashMap<RequestKind<'static>, Vec<RequestTiming>, RandomState>,
    /// Number of records.
    count: usize,
    /// Hashes of the rows that the records make. Kinds that differ only in the address share a row.
    rows: HashSet<u64, RandomState>,
    /// How many more records may be written at the moment, and how much of the disk they may take.
    quota: usize,
    disk: DiskBudget,
    counts: RequestCounts,
}

impl Held {
    fn record(&mut self, kind: &RequestKind<'static>, timings: &[RequestTiming]) {
        self.count += timings.len();
        if let Some(recorded) = self.recorded.get_mut(kind) {
            recorded.extend_from_slice(timings);
            return;
        }
        let kind = if self.recorded.len() < MAX_KINDS {
            kind.clone()
        } else {
            without_client(kind.clone())
        };
        self.recorded
            .entry(kind)
            .or_default()
            .extend_from_slice(timings);
    }

    /// Admits up to `count` records of a kind and spends their quota and disk. Returns how many may be stored.
    fn admit(&mut self, kind: &RequestKind<'static>, count: usize) -> usize {
        // A kind gets at most half of the remaining quota, so that rare kinds such as failures are recorded too.
        let share = self.quota.div_ceil(2).min(A_SECOND - self.count);
        let row = (&kind.endpoint, kind.method, kind.status, &kind.user_agent);
        let row = self.rows.hasher().hash_one(row);
        let is_new = !self.rows.contains(&row);
        let kept = self.disk.spend(kind, is_new, count.min(share));
        if kept > 0 {
            self.quota -= kept;
            self.rows.insert(row);
        }
        kept
    }

    /// Takes the batch of the next transaction, if there is anything to write.
    fn take(&mut self) -> Option<RequestBatch> {
        let mut left = AT_ONCE;
        let mut requests = vec![];
        self.recorded.retain(|kind, timings| {
            let taken: Vec<_> = timings.drain(..timings.len().min(left)).collect();
            left -= taken.len();
            if !taken.is_empty() {
                requests.push(RequestGroup {
                    kind: kind.clone(),
                    timings: taken,
                });
            }
            !timings.is_empty()
        });
        self.recorded.shrink_to(2 * self.recorded.len());
        self.rows.clear();
        self.count -= AT_ONCE - left;
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
    /// Writes records until `stop` is true, and then the remaining ones. Requests are counted even if the database is
    /// slow.
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
            recorded: HashMap::default(),
            count: 0,
            rows: HashSet::default(),
            quota: A_SECOND,
            disk: DiskBudget::new(self.bytes_a_day, Instant::now()),
            counts: RequestCounts::default(),
        }
    }

    async fn count_all(&self, held: &Mutex<Held>) {
        // A burst may use up the quota of a second, which then refills steadily.
        let mut looked = Instant::now();
        loop {
            tokio::time::sleep(LOOK).await;
            let new = (looked.elapsed().as_secs_f64() * A_SECOND as f64) as usize;
            looked = Instant::now();
            let mut held = locked(held);
            held.quota = held.quota.saturating_add(new).min(A_SECOND);
            held.disk.refill(looked);
            self.take_all(&mut held);
        }
    }

    /// Takes the waiting requests. Counts all and records as many as are admitted.
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
                held.record(kind, kept);
            }
        });
        self.figures
            .records_held
            .set(held.count.try_into().unwrap_or(i64::MAX));
    }

    async fn write_all(&self, held: &Mutex<Held>, mut stop: watch::Receiver<bool>) {
        let mut last_warning: Option<Instant> = None;
        loop {
            let is_stopping = tokio::time::timeout(WRITE, stop.wait_for(|stop| *stop))
                .await
                .is_ok();
            if is_stopping {
                // No request comes after these, so all are recorded.
                let mut held = locked(held);
                held.quota = usize::MAX;
                self.take_all(&mut held);
            }
            let next = || locked(held).take();
            while let Some(batch) = next() {
                let is_all = batch.request_count() < AT_ONCE;
                self.write(Arc::new(batch), &mut last_warning).await;
                if is_all {
                    break;
                }
            }
            if is_stopping {
                return;
            }
        }
    }

    /// Writes a batch, and retries until that succeeds.
    async fn write(&self, batch: Arc<RequestBatch>, last_warning: &mut Option<Instant>) {
        let Some((store, _)) = &self.store else {
            return;
        };
        while let Err(error) = store.store(Arc::clone(&batch)).await {
            self.figures.write_failures.inc();
            if last_warning.is_none_or(|at| at.elapsed() >= WARN) {
                tracing::warn!(
                    count = batch.request_count(),
                    "the request log can't be written"
                );
                tracing::debug!(%error, "a batch of the request log was not written");
                *last_warning = Some(Instant::now());
            }
            tokio::time::sleep(WRITE).await;
        }
        self.figures
            .records_written
            .inc_by(batch.request_count() as u64);
    }

    /// Deletes old records, in parts.
    async fn forget_all(&self) {
        loop {
            let pause = match &self.store {
                Some((store, days)) => match store.delete_old(*days).await {
                    Ok(0) => FORGET,
                    Ok(_) => NEXT_PART,
                    Err(error) => {
                        tracing::warn!("old entries of the request log can't be deleted now");
                        tracing::debug!(%error, "old entries of the request log were not deleted");
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
    // Nothing panics while the lock is held.
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
