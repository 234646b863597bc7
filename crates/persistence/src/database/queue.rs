use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

/// A bounded queue that wakes the thread that fell asleep last. Its connection and caches are warm, and the other
/// threads can release their connections. A general channel spins before it sleeps and wakes the thread that has slept
/// longest, which costs a server with few callers a third of its processor time.
pub(super) struct Queue<T> {
    state: Mutex<State<T>>,
    length: usize,
}

struct State<T> {
    waiting: VecDeque<T>,
    asleep: Vec<Thread>,
    /// Whether a woken thread has not run yet. Until it has, no other is woken, since one thread may do several jobs.
    is_waking: bool,
    is_closed: bool,
}

impl<T> State<T> {
    /// The thread to wake for the waiting items.
    fn next_to_wake(&mut self) -> Option<Thread> {
        if self.is_waking || self.waiting.is_empty() {
            return None;
        }
        let sleeper = self.asleep.pop()?;
        self.is_waking = true;
        Some(sleeper)
    }
}

/// Why the queue refused an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    Full,
    Closed,
}

impl<T> Queue<T> {
    pub(super) fn of(length: usize) -> Self {
        let state = State {
            waiting: VecDeque::new(),
            asleep: vec![],
            is_waking: false,
            is_closed: false,
        };
        Self {
            state: Mutex::new(state),
            length,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.state().waiting.len()
    }

    /// Adds an item at the end.
    pub(super) fn push(&self, item: T) -> Result<(), Refused> {
        let mut state = self.state();
        if state.is_closed {
            return Err(Refused::Closed);
        }
        if state.waiting.len() >= self.length {
            return Err(Refused::Full);
        }
        state.waiting.push_back(item);
        wake_next(state);
        Ok(())
    }

    /// Takes the oldest item. Returns `None` if the queue is closed and empty, or no item came until `until`.
    pub(super) fn take(&self, until: Option<Instant>) -> Option<T> {
        let mut state = self.state();
        loop {
            if let Some(item) = state.waiting.pop_front() {
                wake_next(state);
                return Some(item);
            }
            let timeout = until.map(|until| until.saturating_duration_since(Instant::now()));
            if state.is_closed || timeout == Some(Duration::ZERO) {
                return None;
            }
            let this = thread::current();
            let id = this.id();
            state.asleep.push(this);
            drop(state);
            match timeout {
                Some(timeout) => thread::park_timeout(timeout),
                None => thread::park(),
            }
            state = self.state();
            match state.asleep.iter().position(|sleeper| sleeper.id() == id) {
                Some(index) => drop(state.asleep.remove(index)),
                // A missing entry means that this thread was woken.
                None => state.is_waking = false,
            }
        }
    }

    /// Refuses new items. The waiting ones can still be taken.
    pub(super) fn close(&self) {
        let mut state = self.state();
        state.is_closed = true;
        for sleeper in state.asleep.drain(..) {
            sleeper.unpark();
        }
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        // No code panics while it holds this lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn wake_next<T>(mut state: MutexGuard<'_, State<T>>) {
    let sleeper = state.next_to_wake();
    drop(state);
    if let Some(sleeper) = sleeper {
        sleeper.unpark();
    }
}

#[cfg(test)]
mod tests;
