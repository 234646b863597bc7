use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use eggypro_domain::metrics::{
    AddressDetail, RequestDetail, RequestKind, RequestRecord, RequestRecorder, RequestTiming,
};
use foldhash::quality::RandomState;
use thread_local::ThreadLocal;

/// Maximum number of records in a thread's buffer: as many requests as a thread answers in a second at most.
const CAPACITY: usize = 65_536;

/// Maximum number of kinds of requests in a thread's buffer. Clients choose their user agents freely, so further kinds
/// are recorded without their client.
const MAX_KINDS: usize = 1_024;

/// Request records that wait for the writer. The writer polls them, since waking it would cost more than recording a
/// request.
#[derive(Debug)]
pub(crate) struct Recorder {
    buffers: ThreadLocal<Buffer>,
    lost: AtomicU64,
    addresses: AddressDetail,
}

/// A thread's buffer of request records. Only its thread and the writer use it. It is aligned so that no two buffers
/// share a cache line.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Buffer {
    records: Mutex<Records>,
    /// Swapped with `records` when the writer takes those, so that the thread need not allocate again.
    spare: Mutex<Records>,
}

/// Request records, grouped by kind. A record takes little memory, which its thread soon reuses, so that it stays in
/// the processor's cache.
#[derive(Debug, Default)]
struct Records {
    /// Values are in cells, because a lookup with a kind that borrows its client's name compiles only with `get`, not
    /// with `get_mut`.
    kinds: Kinds,
    /// Requests that are only counted, by kinds without a client.
    counted: Kinds,
    count: usize,
}

type Kinds = HashMap<RequestKind<'static>, RefCell<Vec<RequestTiming>>, RandomState>;

impl Records {
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

    /// Takes all records.
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

/// Adds a request to those of its kind. Returns false if there are none yet.
fn add(kinds: &mut Kinds, kind: &RequestKind<'_>, timing: RequestTiming) -> bool {
    let existing = kinds.get(kind);
    if let Some(timings) = existing {
        timings.borrow_mut().push(timing);
    }
    existing.is_some()
}

/// Adds a request to those of its kind, which it may be the first of.
fn add_new(kinds: &mut Kinds, kind: RequestKind<'static>, timing: RequestTiming) {
    kinds.entry(kind).or_default().get_mut().push(timing);
}

/// The kind without its client. The number of such kinds is limited by routes, methods and statuses.
pub(super) fn without_client(kind: RequestKind<'_>) -> RequestKind<'static> {
    RequestKind {
        user_agent: None,
        address: None,
        ..kind.into_owned()
    }
}

/// Takes all requests of these kinds. Keeps their memory for the next ones, except that of unused kinds and of bursts.
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

impl Buffer {
    fn records(&self) -> MutexGuard<'_, Records> {
        locked(&self.records)
    }
}

fn locked(records: &Mutex<Records>) -> MutexGuard<'_, Records> {
    // Nothing panics while the lock is held.
    records.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Recorder {
    /// A recorder that records so much of clients' addresses.
    pub(crate) fn new(addresses: AddressDetail) -> Self {
        Self {
            buffers: ThreadLocal::new(),
            lost: AtomicU64::new(0),
            addresses,
        }
    }

    /// Takes all waiting records, grouped by kind.
    pub(super) fn take_all(
        &self,
        mut take: impl FnMut(RequestDetail, &RequestKind<'static>, &[RequestTiming]),
    ) {
        for buffer in &self.buffers {
            let mut spare = locked(&buffer.spare);
            std::mem::swap(&mut *buffer.records(), &mut *spare);
            spare.drain(&mut take);
        }
    }

    pub(super) fn waiting(&self) -> usize {
        self.buffers
            .iter()
            .map(|buffer| buffer.records().count)
            .sum()
    }

    /// Number of requests that were not recorded because a buffer was full or a limit was reached.
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
        let mut records = self.buffers.get_or_default().records();
        if records.count < CAPACITY {
            records.add(request);
        } else {
            self.lose(1);
        }
    }
}

#[cfg(test)]
mod tests;
