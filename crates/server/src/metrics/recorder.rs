use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use eggypro_domain::metrics::{RequestRecord, RequestRecorder};
use thread_local::ThreadLocal;

/// How many notes of a thread wait at most: as many as are taken in a second at the fastest.
const ROOM: usize = 65_536;

/// Notes of requests that wait for the writer. Whoever takes one wakes nobody, since that would cost more than the note:
/// the writer looks now and then.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    places: ThreadLocal<Place>,
    lost: AtomicU64,
}

/// Where a thread puts its notes, which no other thread touches but the writer; apart from the others in memory, so that
/// no processor waits for another.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Place {
    notes: Mutex<Vec<RequestRecord>>,
    /// Empty, and takes the notes when the others are taken, so that its thread need not make room for them.
    spare: Mutex<Vec<RequestRecord>>,
}

impl Place {
    fn notes(&self) -> MutexGuard<'_, Vec<RequestRecord>> {
        locked(&self.notes)
    }
}

fn locked(notes: &Mutex<Vec<RequestRecord>>) -> MutexGuard<'_, Vec<RequestRecord>> {
    // Nothing panics while it is held.
    notes.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Recorder {
    /// Takes what waits.
    pub(super) fn take_all(&self, mut take: impl FnMut(RequestRecord)) {
        for place in &self.places {
            let mut spare = locked(&place.spare);
            std::mem::swap(&mut *place.notes(), &mut *spare);
            // What a rare burst took is given back.
            let enough = 2 * spare.len();
            spare.drain(..).for_each(&mut take);
            spare.shrink_to(enough);
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
        let mut notes = self.places.get_or_default().notes();
        if notes.len() < ROOM {
            notes.push(request);
        } else {
            self.lose(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::time::SystemTime;

    #[test]
    fn a_thread_without_room_loses_its_notes_alone() {
        let recorder = Recorder::default();
        let note = |status| RequestRecord {
            at: SystemTime::UNIX_EPOCH,
            endpoint: "/api/products".into(),
            method: "GET",
            status,
            microseconds: 7,
            user_agent: None,
            address: None,
        };
        let take = || {
            let mut taken = vec![];
            recorder.take_all(|request| taken.push(request.status));
            taken
        };
        for _ in 0..ROOM + 3 {
            recorder.record(note(200));
        }
        std::thread::scope(|scope| {
            scope.spawn(|| recorder.record(note(404)));
        });
        assert_eq!((recorder.waiting(), recorder.lost()), (ROOM + 1, 3));
        let taken = take();
        assert_eq!(taken.len(), ROOM + 1);
        assert!(taken.contains(&404));
        recorder.record(note(500));
        assert_eq!((take(), recorder.lost()), (vec![500], 3));
    }
}
