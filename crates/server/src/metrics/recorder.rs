use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use eggypro_domain::metrics::{
    AddressDetail, RequestDetail, RequestKind, RequestRecord, RequestRecorder, RequestTiming,
};
use foldhash::quality::RandomState;
use thread_local::ThreadLocal;

/// How many notes of a thread wait at most: as many as are taken in a second at the fastest.
const ROOM: usize = 65_536;

/// How many kinds of requests a thread tells apart between two looks of the writer. Clients choose their user agents
/// freely: of kinds beyond that, the client is forgotten.
const MAX_KINDS: usize = 1_024;

/// Notes of requests that wait for the writer. Whoever takes one wakes nobody, since that would cost more than the note:
/// the writer looks now and then.
#[derive(Debug)]
pub(crate) struct Recorder {
    places: ThreadLocal<Place>,
    lost: AtomicU64,
    addresses: AddressDetail,
}

/// Where a thread puts its notes, which no other thread touches but the writer; apart from the others in memory, so that
/// no processor waits for another.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Place {
    notes: Mutex<Notes>,
    /// Takes the notes when the others are taken, so that its thread need not make room for them.
    spare: Mutex<Notes>,
}

/// Notes, those of a kind together: each takes little room, which its thread soon uses again, so that it stays where the
/// processor has it at hand.
#[derive(Debug, Default)]
struct Notes {
    /// In cells, since a kind that borrows its client's name finds one that doesn't only where the map is not borrowed to
    /// be changed.
    kinds: Kinds,
    /// Those that are only counted, by kinds without a client.
    counted: Kinds,
    count: usize,
}

type Kinds = HashMap<RequestKind<'static>, RefCell<Vec<RequestTiming>>, RandomState>;

impl Notes {
    fn add(
        &mut self,
        RequestRecord {
            kind,
            timing,
            detail,
        }: RequestRecord<'_>,
    ) {
        self.count += 1;
        match detail {
            RequestDetail::Recorded if add(&mut self.kinds, &kind, timing) => {}
            RequestDetail::Recorded if self.kinds.len() < MAX_KINDS => {
                let timings = RefCell::new(vec![timing]);
                self.kinds.insert(kind.into_owned(), timings);
            }
            RequestDetail::Recorded => add_new(&mut self.kinds, without_client(kind), timing),
            RequestDetail::Counted => add_new(&mut self.counted, without_client(kind), timing),
        }
    }

    /// Takes all notes.
    fn drain(
        &mut self,
        mut take: impl FnMut(RequestDetail, &RequestKind<'static>, &[RequestTiming]),
    ) {
        self.count = 0;
        drain(&mut self.kinds, |kind, timings| {
            take(RequestDetail::Recorded, kind, timings);
        });
        drain(&mut self.counted, |kind, timings| {
            take(RequestDetail::Counted, kind, timings);
        });
    }
}

/// Adds a request to those of its kind, if there are any.
fn add(kinds: &mut Kinds, kind: &RequestKind<'_>, timing: RequestTiming) -> bool {
    let known = kinds.get(kind);
    if let Some(timings) = known {
        timings.borrow_mut().push(timing);
    }
    known.is_some()
}

/// Adds a request to those of its kind, be it the first.
fn add_new(kinds: &mut Kinds, kind: RequestKind<'static>, timing: RequestTiming) {
    kinds.entry(kind).or_default().get_mut().push(timing);
}

/// A kind that says nothing of its client, of which there are as many as routes, methods and statuses.
pub(super) fn without_client(kind: RequestKind<'_>) -> RequestKind<'static> {
    RequestKind {
        user_agent: None,
        address: None,
        ..kind.into_owned()
    }
}

/// Takes all requests of these kinds. Their room stays, but for that of kinds which there were none of, and of a rare
/// burst.
fn drain(kinds: &mut Kinds, mut take: impl FnMut(&RequestKind<'static>, &[RequestTiming])) {
    kinds.retain(|kind, timings| {
        let timings = timings.get_mut();
        if timings.is_empty() {
            return false;
        }
        take(kind, timings);
        let enough = 2 * timings.len();
        timings.clear();
        timings.shrink_to(enough);
        true
    });
    kinds.shrink_to(2 * kinds.len());
}

impl Place {
    fn notes(&self) -> MutexGuard<'_, Notes> {
        locked(&self.notes)
    }
}

fn locked(notes: &Mutex<Notes>) -> MutexGuard<'_, Notes> {
    // Nothing panics while it is held.
    notes.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Recorder {
    /// Takes notes, with so much of clients' addresses.
    pub(crate) fn new(addresses: AddressDetail) -> Self {
        Self {
            places: ThreadLocal::new(),
            lost: AtomicU64::new(0),
            addresses,
        }
    }

    /// Takes what waits, those of a kind together.
    pub(super) fn take_all(
        &self,
        mut take: impl FnMut(RequestDetail, &RequestKind<'static>, &[RequestTiming]),
    ) {
        for place in &self.places {
            let mut spare = locked(&place.spare);
            std::mem::swap(&mut *place.notes(), &mut *spare);
            spare.drain(&mut take);
        }
    }

    pub(super) fn waiting(&self) -> usize {
        self.places.iter().map(|place| place.notes().count).sum()
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
    fn record(&self, mut request: RequestRecord<'_>) {
        let address = request.kind.address;
        request.kind.address = address.and_then(|address| self.addresses.of(address));
        let mut notes = self.places.get_or_default().notes();
        if notes.count < ROOM {
            notes.add(request);
        } else {
            self.lose(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::time::SystemTime;

    fn note(status: u16, agent: &str) -> RequestRecord<'_> {
        RequestRecord {
            kind: RequestKind {
                endpoint: "/api/products".into(),
                method: "GET",
                status,
                user_agent: Some(agent.into()),
                address: Some([203, 0, 113, 7].into()),
            },
            timing: RequestTiming {
                at: SystemTime::UNIX_EPOCH,
                microseconds: 7,
            },
            detail: RequestDetail::Recorded,
        }
    }

    /// How many there are of each status and user agent.
    fn taken(recorder: &Recorder) -> Vec<(u16, String, usize)> {
        let mut taken = vec![];
        recorder.take_all(|_, kind, timings| {
            assert_eq!(kind.address, Some([203, 0, 113, 0].into()));
            let agent = kind.user_agent.as_deref().unwrap();
            taken.push((kind.status, agent.to_owned(), timings.len()));
        });
        taken.sort();
        taken
    }

    #[test]
    fn a_thread_without_room_loses_its_notes_alone() {
        let recorder = Recorder::new(AddressDetail::Truncated);
        for _ in 0..ROOM + 3 {
            recorder.record(note(200, "a"));
        }
        std::thread::scope(|scope| {
            scope.spawn(|| recorder.record(note(404, "a")));
        });
        assert_eq!((recorder.waiting(), recorder.lost()), (ROOM + 1, 3));
        let all = vec![(200, "a".to_owned(), ROOM), (404, "a".to_owned(), 1)];
        assert_eq!(taken(&recorder), all);
        recorder.record(note(500, "a"));
        assert_eq!(taken(&recorder), vec![(500, "a".to_owned(), 1)]);
        assert_eq!((recorder.waiting(), recorder.lost()), (0, 3));
    }

    #[test]
    fn those_of_a_kind_are_taken_together_and_once() {
        let recorder = Recorder::new(AddressDetail::Truncated);
        for round in 1..6 {
            for number in 0..round {
                recorder.record(note(200, "a"));
                recorder.record(note(200, &format!("{round} {}", number % 2)));
            }
            let taken = taken(&recorder);
            assert_eq!(taken.len(), 2 + usize::from(round > 1), "{taken:?}");
            assert!(taken.contains(&(200, "a".to_owned(), round)), "{taken:?}");
            let all: usize = taken.iter().map(|(_, _, count)| count).sum();
            assert_eq!(all, 2 * round);
        }
        assert_eq!(taken(&recorder), vec![]);
        // Kinds that there are no requests of are forgotten.
        taken(&recorder);
        let places = recorder.places.iter();
        assert!(
            places
                .flat_map(|place| [place.notes(), locked(&place.spare)])
                .all(|notes| notes.kinds.is_empty())
        );
    }

    #[test]
    fn user_agents_that_a_client_makes_up_take_bounded_room() {
        let recorder = Recorder::new(AddressDetail::Full);
        for number in 0..3 * MAX_KINDS {
            recorder.record(note(200, &number.to_string()));
        }
        let (mut kinds, mut forgotten) = (0, 0);
        recorder.take_all(|_, kind, timings| match kind.user_agent {
            Some(_) => kinds += 1,
            None => forgotten += timings.len(),
        });
        assert_eq!((kinds, forgotten), (MAX_KINDS, 2 * MAX_KINDS));
    }

    #[test]
    fn of_a_request_that_is_only_counted_the_client_is_forgotten() {
        let recorder = Recorder::new(AddressDetail::Full);
        for number in 0..3 {
            recorder.record(RequestRecord {
                detail: RequestDetail::Counted,
                ..note(429, &number.to_string())
            });
        }
        let mut taken = vec![];
        recorder.take_all(|detail, kind, timings| {
            assert_eq!((&kind.user_agent, kind.address), (&None, None));
            taken.push((detail, kind.status, timings.len()));
        });
        assert_eq!(taken, [(RequestDetail::Counted, 429, 3)]);
    }
}
