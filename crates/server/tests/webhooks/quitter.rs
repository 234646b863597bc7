//! A receiver that wants no more events after a while.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::receiver::{Answer, Decide, Request};

/// Accepts this number of events, and then answers 410.
pub(crate) struct Quitter {
    accepts: usize,
    requests: AtomicUsize,
}

impl Quitter {
    pub(crate) fn new(accepts: usize) -> Self {
        Self {
            accepts,
            requests: AtomicUsize::new(0),
        }
    }

    /// The number of requests that were answered with 410.
    pub(crate) fn refused(&self) -> usize {
        let requests = self.requests.load(Ordering::SeqCst);
        requests.saturating_sub(self.accepts)
    }
}

impl Decide for Quitter {
    fn begun(&self, _: &Request) -> Answer {
        let before = self.requests.fetch_add(1, Ordering::SeqCst);
        let head = match before < self.accepts {
            true => "204 No Content",
            false => "410 Gone",
        };
        Answer::Head(head.to_owned())
    }

    fn ended(&self, _: &Request, _: Option<&Answer>) {}
}
