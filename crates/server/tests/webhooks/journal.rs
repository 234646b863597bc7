//! What a receiver has received, and whether that was allowed.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock};
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use reqwest::header::{HeaderMap, HeaderName};
use serde_json::Value;
use standardwebhooks::Webhook;

use crate::receiver::{Answer, Decide, Request};

/// Maximum number of open requests to a webhook, as the documentation says.
const MAX_OPEN: usize = 8;

/// A receiver that refuses some events at first sight, in ways that depend on its seed and on their ids, and accepts all of
/// them later. So the second attempt, five seconds after the first one, is the last one.
pub(crate) struct Journal {
    seed: u64,
    /// Verifies signatures. It is set before the first event.
    pub(crate) webhook: OnceLock<Webhook>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    events: HashMap<String, Event>,
    /// The ids of the events about each subject, in the order in which they came first.
    subjects: BTreeMap<String, Vec<String>>,
    accepted: usize,
    requests: usize,
    open: usize,
    /// What must not happen.
    violations: Vec<String>,
}

struct Event {
    body: Vec<u8>,
    is_open: bool,
    is_accepted: bool,
    /// Until then, the receiver has asked the server to wait.
    not_before: Instant,
}

impl Journal {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            seed,
            webhook: OnceLock::new(),
            state: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Waits until this number of events was accepted.
    pub(crate) fn wait_for(&self, accepted: usize, patience: Duration) {
        let waiting = |state: &mut State| state.accepted < accepted && state.violations.is_empty();
        let waited = self
            .changed
            .wait_timeout_while(self.state(), patience, waiting);
        let (state, _) = waited.unwrap();
        let (found, requests) = (state.accepted, state.requests);
        drop(state);
        let violations = self.violations();
        assert!(
            found >= accepted,
            "{found} of {accepted} events were accepted, in {requests} requests: {violations:?}"
        );
    }

    /// What has happened that must not.
    pub(crate) fn violations(&self) -> Vec<String> {
        self.state().violations.clone()
    }

    /// The number of requests so far.
    pub(crate) fn requests(&self) -> usize {
        self.state().requests
    }

    /// The ids of the accepted events about each subject, in order.
    pub(crate) fn subjects(&self) -> BTreeMap<String, Vec<String>> {
        self.state().subjects.clone()
    }

    /// The answer to an event that comes for the first time.
    fn first_answer(&self, id: &str) -> Answer {
        let number: u64 = id.parse().unwrap();
        let mut random = StdRng::seed_from_u64(self.seed.wrapping_add(number));
        let head = |head: &str| Answer::Head(head.to_owned());
        match random.random_range(0..100) {
            0..5 => head("500 Oops"),
            5..8 => {
                let seconds = random.random_range(1..9);
                let status = "429 Too Many Requests\r\nretry-after";
                head(&format!("{status}: {seconds}"))
            }
            8..10 => head("301 Moved\r\nlocation: http://127.0.0.1:1/"),
            10..13 => Answer::Reset,
            13..15 => Answer::Close,
            15..17 => Answer::Endless(503),
            17..20 => Answer::Endless(200),
            20..35 => {
                let delay = Duration::from_millis(random.random_range(20..300));
                Answer::Late(delay, "204 No Content".to_owned())
            }
            _ => head("204 No Content"),
        }
    }

    fn is_signed(&self, request: &Request) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in &request.headers {
            let name: HeaderName = name.parse().unwrap();
            headers.insert(name, value.parse().unwrap());
        }
        let webhook = self.webhook.get().unwrap();
        webhook.verify(&request.body, &headers).is_ok()
    }
}

/// Whether an answer accepts the event.
fn accepts(answer: &Answer) -> bool {
    match answer {
        Answer::Head(head) | Answer::Late(_, head) => head.starts_with('2'),
        Answer::Endless(status) => *status < 300,
        Answer::Reset | Answer::Close => false,
    }
}

/// How long an answer asks the server to wait.
fn asked_delay(answer: &Answer) -> Duration {
    let Answer::Head(head) = answer else {
        return Duration::ZERO;
    };
    let seconds = head.split_once("retry-after: ");
    Duration::from_secs(seconds.map_or(0, |(_, seconds)| seconds.parse().unwrap()))
}

fn subject_of(request: &Request) -> String {
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    body["subject"].as_str().unwrap().to_owned()
}

impl Decide for Journal {
    fn begun(&self, request: &Request) -> Answer {
        let id = &request.headers["webhook-id"];
        let is_signed = self.is_signed(request);
        let mut state = self.state();
        if !is_signed {
            state.violations.push(format!("{id} is not signed"));
        }
        let is_first = state.begin(id, request);
        match is_first {
            true => self.first_answer(id),
            false => Answer::Head("204 No Content".to_owned()),
        }
    }

    fn ended(&self, request: &Request, answer: Option<&Answer>) {
        let mut state = self.state();
        state.end(&request.headers["webhook-id"], answer);
        self.changed.notify_all();
    }
}

impl State {
    /// Records a request. Returns whether its event comes for the first time.
    fn begin(&mut self, id: &str, request: &Request) -> bool {
        self.requests += 1;
        self.open += 1;
        if self.open > MAX_OPEN {
            self.violations.push(format!("{} open requests", self.open));
        }
        let subject = subject_of(request);
        match self.events.contains_key(id) {
            true => self.again(id, &subject, request),
            false => self.first(id, subject, request),
        }
    }

    fn first(&mut self, id: &str, subject: String, request: &Request) -> bool {
        let ids = self.subjects.entry(subject).or_default();
        let previous = ids.last().map(|id| (id, &self.events[id]));
        if let Some((previous, event)) = previous
            && (event.is_open || !event.is_accepted)
        {
            self.violations
                .push(format!("{id} came before {previous} was delivered"));
        }
        ids.push(id.to_owned());
        let event = Event {
            body: request.body.clone(),
            is_open: true,
            is_accepted: false,
            not_before: Instant::now(),
        };
        self.events.insert(id.to_owned(), event);
        true
    }

    fn again(&mut self, id: &str, subject: &str, request: &Request) -> bool {
        let latest = self.subjects.get(subject).and_then(|ids| ids.last());
        let is_latest = latest.is_some_and(|latest| latest == id);
        let event = self.events.get_mut(id).unwrap();
        for (is_wrong, what) in [
            (event.is_open, "was sent while it was being received"),
            (!is_latest, "came again after a later one"),
            (event.body != request.body, "has another body"),
            (
                event.not_before > Instant::now(),
                "came earlier than the receiver asked",
            ),
        ] {
            if is_wrong {
                self.violations.push(format!("{id} {what}"));
            }
        }
        event.is_open = true;
        false
    }

    fn end(&mut self, id: &str, answer: Option<&Answer>) {
        self.open -= 1;
        let event = self.events.get_mut(id).unwrap();
        event.is_open = false;
        event.not_before = Instant::now() + answer.map_or(Duration::ZERO, asked_delay);
        if answer.is_some_and(accepts) && !event.is_accepted {
            event.is_accepted = true;
            self.accepted += 1;
        }
    }
}
