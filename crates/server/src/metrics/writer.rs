use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use eggypro_domain::metrics::{AddressDetail, MetricsRepository, RequestRecord};
use tokio::sync::watch;

use super::figures::Figures;
use super::recorder::Recorder;

/// How often the writer looks for notes.
const LOOK: Duration = Duration::from_millis(50);

/// How long a note waits at most before it is written.
const PATIENCE: Duration = Duration::from_secs(1);

/// How many notes are written at once without waiting for more.
const ENOUGH: usize = 1_000;

/// How many notes one transaction takes at most.
const AT_ONCE: usize = 10_000;

/// How many notes are kept in a second at most, so that they never cost the database more than that, and how many are held
/// while it is away. Others are lost to it, and counted all the same.
const A_SECOND: usize = 50_000;

/// How long the last notes may take to be written when the server stops.
const LAST: Duration = Duration::from_secs(5);

/// How often old notes are looked for, and how long to wait between two parts of them.
const FORGET: Duration = Duration::from_secs(60 * 60);
const NEXT_PART: Duration = Duration::from_millis(200);

/// Takes notes from the recorder, counts them, and writes them down in batches.
pub(crate) struct Writer {
    pub(crate) recorder: Arc<Recorder>,
    pub(crate) figures: Arc<Figures>,
    pub(crate) addresses: AddressDetail,
    /// Where they are kept, if they are, and for how many days.
    pub(crate) store: Option<(Arc<dyn MetricsRepository>, u16)>,
}

impl Writer {
    /// Writes until it is told to stop, and then what is left.
    pub(crate) async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut held = VecDeque::new();
        let mut looked = Instant::now();
        let mut written = Instant::now();
        let mut forgotten = Instant::now();
        loop {
            let is_stopping = tokio::time::timeout(LOOK, stop.wait_for(|stop| *stop))
                .await
                .is_ok();
            self.take_all(&mut held, looked.elapsed());
            looked = Instant::now();
            if is_stopping {
                self.write_the_rest(held).await;
                return;
            }
            if held.len() >= ENOUGH || !held.is_empty() && written.elapsed() >= PATIENCE {
                self.write(&mut held).await;
                written = Instant::now();
            }
            if Instant::now() >= forgotten {
                forgotten = Instant::now() + self.forget().await;
            }
        }
    }

    /// Takes what waits, which came within this time.
    fn take_all(&self, held: &mut VecDeque<RequestRecord>, time: Duration) {
        let new = held.len() + (time.as_secs_f64().min(1.0) * A_SECOND as f64) as usize;
        // Notes that come meanwhile are left for the next time.
        for _ in 0..self.recorder.waiting() {
            let Some(mut note) = self.recorder.take() else {
                break;
            };
            self.figures.count(&note);
            if self.store.is_none() {
                continue;
            }
            if held.len() >= new.clamp(ENOUGH, A_SECOND) {
                self.recorder.lose(1);
                continue;
            }
            note.address = note.address.and_then(|address| self.addresses.of(address));
            held.push_back(note);
        }
    }

    /// Writes what is held as far as one transaction takes it; what can't be written is held on.
    async fn write(&self, held: &mut VecDeque<RequestRecord>) -> bool {
        let Some((store, _)) = &self.store else {
            return true;
        };
        let batch: Vec<_> = held.drain(..held.len().min(AT_ONCE)).collect();
        let count = batch.len();
        let batch = Arc::new(batch);
        match store.keep(Arc::clone(&batch)).await {
            Ok(()) => {
                self.figures.notes_written.inc_by(count as u64);
                true
            }
            Err(error) => {
                // The pool says that the database is away.
                tracing::debug!(%error, count, "notes of requests are held");
                let batch = Arc::try_unwrap(batch).unwrap_or_else(|batch| (*batch).clone());
                batch
                    .into_iter()
                    .rev()
                    .for_each(|note| held.push_front(note));
                false
            }
        }
    }

    async fn write_the_rest(&self, mut held: VecDeque<RequestRecord>) {
        let started = Instant::now();
        while !held.is_empty() && started.elapsed() < LAST {
            if !self.write(&mut held).await {
                tokio::time::sleep(LOOK).await;
            }
        }
        if !held.is_empty() {
            tracing::warn!(count = held.len(), "notes of requests are lost");
        }
    }

    /// Forgets some of what is old, and tells when to go on.
    async fn forget(&self) -> Duration {
        let Some((store, days)) = &self.store else {
            return FORGET;
        };
        match store.forget(*days).await {
            Ok(0) => FORGET,
            Ok(_) => NEXT_PART,
            Err(error) => {
                tracing::debug!(%error, "old notes of requests stay for now");
                FORGET
            }
        }
    }
}
