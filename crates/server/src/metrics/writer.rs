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

/// How many notes are kept in a second at most, so that they never cost the database more than that. Of other requests the
/// notes are lost, but they are counted.
const A_SECOND: usize = 50_000;

/// How many requests are held at most while the database is away.
const HELD: usize = 100_000;

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

/// Requests that are not in the database yet, the oldest first.
#[derive(Default)]
struct Held {
    /// Those that a note is kept of.
    noted: VecDeque<RequestRecord>,
    /// Those that are counted alone.
    counted: VecDeque<RequestRecord>,
}

impl Held {
    fn len(&self) -> usize {
        self.noted.len() + self.counted.len()
    }

    /// Takes at most so many, and tells how many of them are to be noted, which come first.
    fn take(&mut self, at_most: usize) -> (Vec<RequestRecord>, usize) {
        let noted = self.noted.len().min(at_most);
        let counted = self.counted.len().min(at_most);
        let batch = self
            .noted
            .drain(..noted)
            .chain(self.counted.drain(..counted));
        (batch.collect(), noted)
    }

    fn put_back(&mut self, mut batch: Vec<RequestRecord>, noted: usize) {
        let counted = batch.split_off(noted);
        batch
            .into_iter()
            .rev()
            .for_each(|one| self.noted.push_front(one));
        counted
            .into_iter()
            .rev()
            .for_each(|one| self.counted.push_front(one));
    }
}

impl Writer {
    /// Writes until it is told to stop, and then what is left.
    pub(crate) async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut held = Held::default();
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
            if held.len() >= ENOUGH || held.len() > 0 && written.elapsed() >= PATIENCE {
                self.write(&mut held).await;
                written = Instant::now();
            }
            if Instant::now() >= forgotten {
                forgotten = Instant::now() + self.forget().await;
            }
        }
    }

    /// Takes what waits, which came within this time.
    fn take_all(&self, held: &mut Held, time: Duration) {
        let mut room = (time.as_secs_f64().min(1.0) * A_SECOND as f64) as usize + ENOUGH;
        // Notes that come meanwhile are left for the next time.
        for _ in 0..self.recorder.waiting() {
            let Some(mut request) = self.recorder.take() else {
                break;
            };
            self.figures.count(&request);
            if self.store.is_none() {
                continue;
            }
            if held.len() >= HELD {
                self.recorder.lose(1);
                continue;
            }
            let address = request.address;
            request.address = address.and_then(|address| self.addresses.of(address));
            if room > 0 && held.noted.len() < A_SECOND {
                room -= 1;
                held.noted.push_back(request);
            } else {
                self.recorder.lose(1);
                held.counted.push_back(request);
            }
        }
    }

    /// Writes what is held as far as one transaction takes it; what can't be written is held on.
    async fn write(&self, held: &mut Held) -> bool {
        let Some((store, _)) = &self.store else {
            return true;
        };
        let (batch, noted) = held.take(AT_ONCE);
        let batch = Arc::new(batch);
        match store.keep(Arc::clone(&batch), noted).await {
            Ok(()) => {
                self.figures.notes_written.inc_by(noted as u64);
                true
            }
            Err(error) => {
                // The pool says that the database is away.
                tracing::debug!(%error, noted, "notes of requests are held");
                let batch = Arc::try_unwrap(batch).unwrap_or_else(|batch| (*batch).clone());
                held.put_back(batch, noted);
                false
            }
        }
    }

    async fn write_the_rest(&self, mut held: Held) {
        let started = Instant::now();
        while held.len() > 0 && started.elapsed() < LAST {
            if !self.write(&mut held).await {
                tokio::time::sleep(LOOK).await;
            }
        }
        if held.len() > 0 {
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
