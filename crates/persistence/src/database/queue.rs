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
mod tests {
    use std::sync::Arc;
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn it_is_bounded_and_keeps_the_order() {
        let queue = Queue::of(2);
        assert_eq!(queue.push(1), Ok(()));
        assert_eq!(queue.push(2), Ok(()));
        assert_eq!(queue.push(3), Err(Refused::Full));
        assert_eq!(queue.take(None), Some(1));
        queue.close();
        assert_eq!(queue.push(4), Err(Refused::Closed));
        assert_eq!(queue.take(None), Some(2));
        assert_eq!(queue.take(None), None);
    }

    #[test]
    fn waiting_ends_at_the_deadline() {
        let queue = Queue::<()>::of(1);
        assert_eq!(queue.take(Some(Instant::now())), None);
        let soon = Instant::now() + Duration::from_millis(20);
        assert_eq!(queue.take(Some(soon)), None);
        assert!(Instant::now() >= soon);
        assert!(queue.state().asleep.is_empty());
    }

    #[test]
    fn the_thread_that_fell_asleep_last_is_woken_first() {
        let queue = Arc::new(Queue::of(9));
        let (sender, receiver) = mpsc::channel();
        let sleep = |number: u8| {
            let (of, sender) = (Arc::clone(&queue), sender.clone());
            let thread = thread::spawn(move || {
                while let Some(item) = of.take(None) {
                    sender.send((number, item)).unwrap();
                }
            });
            while queue.state().asleep.len() < usize::from(number) {
                thread::yield_now();
            }
            thread
        };
        let threads = [sleep(1), sleep(2), sleep(3)];
        for item in 0..100 {
            queue.push(item).unwrap();
            assert_eq!(receiver.recv().unwrap(), (3, item));
            while queue.state().asleep.len() < 3 {
                thread::yield_now();
            }
        }
        queue.close();
        for thread in threads {
            thread.join().unwrap();
        }
    }

    #[test]
    fn a_burst_wakes_as_many_threads_as_it_needs() {
        let queue = Arc::new(Queue::of(4));
        // Each thread continues only when all have taken an item.
        let all = Arc::new(std::sync::Barrier::new(4));
        let (sender, receiver) = mpsc::channel();
        for _ in 0..4 {
            let (queue, all, sender) = (Arc::clone(&queue), Arc::clone(&all), sender.clone());
            thread::spawn(move || {
                while queue.take(None).is_some() {
                    all.wait();
                    sender.send(()).unwrap();
                }
            });
        }
        for _ in 0..1_000 {
            (0..4).for_each(|item| queue.push(item).unwrap());
            for _ in 0..4 {
                receiver.recv_timeout(Duration::from_secs(10)).unwrap();
            }
        }
        queue.close();
    }

    #[test]
    fn no_item_is_lost_or_taken_twice() {
        const ITEMS: usize = 20_000;
        let queue = Arc::new(Queue::of(ITEMS));
        let takers = [(); 4].map(|()| {
            let queue = Arc::clone(&queue);
            // They time out and come back, like threads that release their connection.
            thread::spawn(move || {
                let mut taken = vec![];
                while !queue.state().is_closed || queue.len() > 0 {
                    let soon = Instant::now() + Duration::from_micros(50);
                    taken.extend(queue.take(Some(soon)));
                }
                taken
            })
        });
        for item in 0..ITEMS {
            queue.push(item).unwrap();
        }
        queue.close();
        let mut taken: Vec<usize> = takers
            .into_iter()
            .flat_map(|taker| taker.join().unwrap())
            .collect();
        taken.sort_unstable();
        assert!(taken.into_iter().eq(0..ITEMS));
    }
}
