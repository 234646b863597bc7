use std::sync::atomic::{AtomicU64, Ordering};

use crossbeam_queue::ArrayQueue;
use eggypro_domain::metrics::{RequestRecord, RequestRecorder};

/// How many notes wait at most: as many as are taken in a second at the fastest.
const ROOM: usize = 65_536;

/// Notes of requests that wait for the writer. Whoever takes one wakes nobody, since that would cost more than the note:
/// the writer looks now and then.
#[derive(Debug)]
pub(crate) struct Recorder {
    waiting: ArrayQueue<RequestRecord>,
    lost: AtomicU64,
}

impl Default for Recorder {
    fn default() -> Self {
        Self {
            waiting: ArrayQueue::new(ROOM),
            lost: AtomicU64::new(0),
        }
    }
}

impl Recorder {
    pub(super) fn take(&self) -> Option<RequestRecord> {
        self.waiting.pop()
    }

    pub(super) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// How many notes there was no room for, or that could not be kept.
    pub(super) fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    pub(super) fn lose(&self, count: usize) {
        self.lost.fetch_add(count as u64, Ordering::Relaxed);
    }
}

impl RequestRecorder for Recorder {
    fn record(&self, request: RequestRecord) {
        if self.waiting.push(request).is_err() {
            self.lose(1);
        }
    }
}
