use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use eggypro_domain::metrics::{RequestRecord, RequestRecorder};

/// How many threads have a place of their own; further ones share.
const PLACES: usize = 32;

/// How many notes wait in a place at most: as many as are taken in a second at the fastest.
const ROOM: usize = 65_536;

/// Notes of requests that wait for the writer. Whoever takes one wakes nobody, since that would cost more than the note:
/// the writer looks now and then.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    places: [Place; PLACES],
    lost: AtomicU64,
}

/// Where a thread puts its notes, which no other thread touches but the writer; apart from the others in memory, so that
/// no processor waits for another.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Place(Mutex<Vec<RequestRecord>>);

impl Place {
    fn of_this_thread() -> usize {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        thread_local! {
            static PLACE: usize = NEXT.fetch_add(1, Ordering::Relaxed) % PLACES;
        }
        PLACE.with(|place| *place)
    }

    fn notes(&self) -> MutexGuard<'_, Vec<RequestRecord>> {
        // Nothing panics while it is held.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Recorder {
    /// Takes what waits.
    pub(super) fn take_all(&self, mut take: impl FnMut(RequestRecord)) {
        for place in &self.places {
            let mut notes = place.notes();
            // Room for as many again, so that nobody who takes a note has to make it.
            let new = Vec::with_capacity(notes.len());
            let taken = std::mem::replace(&mut *notes, new);
            drop(notes);
            taken.into_iter().for_each(&mut take);
        }
    }

    pub(super) fn waiting(&self) -> usize {
        self.places.iter().map(|place| place.notes().len()).sum()
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
        let mut notes = self.places[Place::of_this_thread()].notes();
        if notes.len() < ROOM {
            notes.push(request);
        } else {
            self.lose(1);
        }
    }
}
