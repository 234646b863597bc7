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
pub(crate) const MAX_OPEN: usize = 8;

/// A request that is open for longer does not count as one of [`MAX_OPEN`]: the server gives it up after 15 s, and may
/// send another one before the receiver notices.
const GIVEN_UP: Duration = Duration::from_secs(14);

/// How long a held request stays open after [`MAX_OPEN`] were open, so that one too many is seen.
const GRACE: Duration = Duration::from_millis(50);

const ACCEPTED: &str = "204 No Content";

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
    /// The ids of the events with each [key](keys), in the order in which they came first.
    orders: BTreeMap<String, Vec<String>>,
    /// The event of each open request, and when the request began.
    open: Vec<(String, Instant)>,
    /// Maximum number of requests that were open at the same time.
    peak: usize,
    /// How many events get no answer when they come for the first time.
    hangs: usize,
    /// The number of requests without an answer that the server gave up.
    given_up: usize,
    accepted: usize,
    requests: usize,
    /// The number of requests when [`MAX_OPEN`] were open last.
    full_at: usize,
    /// What must not happen.
    violations: Vec<String>,
}

struct Event {
    body: Vec<u8>,
    is_accepted: bool,
    /// Until then, the receiver has asked the server to wait.
    not_before: Instant,
}

/// Events are delivered in order if they share one of these: the address of the product, or the product.
pub(crate) fn keys(subject: &str, product: &str) -> [String; 2] {
    [subject.to_owned(), format!("product {product}")]
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

    /// Waits until this number of events was accepted, at most for this time. Returns whether it was.
    pub(crate) fn wait_for(&self, accepted: usize, time: Duration) -> bool {
        let waiting = |state: &mut State| state.accepted < accepted && state.violations.is_empty();
        let waited = self.changed.wait_timeout_while(self.state(), time, waiting);
        let (state, _) = waited.unwrap();
        let found = state.accepted;
        drop(state);
        let violations = self.violations();
        assert!(violations.is_empty(), "{violations:?}");
        found >= accepted
    }

    /// What has happened that must not.
    pub(crate) fn violations(&self) -> Vec<String> {
        self.state().violations.clone()
    }

    /// The number of accepted events.
    pub(crate) fn accepted(&self) -> usize {
        self.state().accepted
    }

    /// The number of requests so far.
    pub(crate) fn requests(&self) -> usize {
        self.state().requests
    }

    /// Maximum number of requests that were open at the same time.
    pub(crate) fn peak(&self) -> usize {
        self.state().peak
    }

    /// The number of requests without an answer that the server gave up.
    pub(crate) fn given_up(&self) -> usize {
        self.state().given_up
    }

    /// Does not answer the next events that come for the first time.
    pub(crate) fn hang(&self, events: usize) {
        self.state().hangs += events;
    }

    /// The ids of the events with each [key](keys), in order.
    pub(crate) fn orders(&self) -> BTreeMap<String, Vec<String>> {
        self.state().orders.clone()
    }

    /// The answer to an event that comes for the first time, and for how long it is held at most.
    fn first_answer(&self, id: &str) -> (Answer, Duration) {
        let number: u64 = id.parse().unwrap();
        let mut random = StdRng::seed_from_u64(self.seed.wrapping_add(number));
        let head = |head: &str| Answer::Head(head.to_owned());
        let answer = match random.random_range(0..100) {
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
            20..45 => Answer::Held(ACCEPTED.to_owned()),
            _ => head(ACCEPTED),
        };
        let milliseconds = match answer {
            Answer::Held(_) => random.random_range(100..300),
            _ => 0,
        };
        (answer, Duration::from_millis(milliseconds))
    }

    /// Holds a request until [`MAX_OPEN`] are open, but not for longer than this, and then for another moment.
    fn hold(&self, state: MutexGuard<'_, State>, longest: Duration) {
        let number = state.requests;
        let waiting = |state: &mut State| state.full_at < number;
        let waited = self.changed.wait_timeout_while(state, longest, waiting);
        let (state, _) = waited.unwrap();
        let requests = state.requests;
        let waiting = |state: &mut State| state.requests == requests;
        let waited = self.changed.wait_timeout_while(state, GRACE, waiting);
        drop(waited.unwrap());
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
        Answer::Head(head) | Answer::Held(head) => head.starts_with('2'),
        Answer::Endless(status) => *status < 300,
        Answer::Hang | Answer::Reset | Answer::Close => false,
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

fn keys_of(request: &Request) -> [String; 2] {
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    let product = body["data"]["id"].as_u64().unwrap();
    keys(body["subject"].as_str().unwrap(), &product.to_string())
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
        self.changed.notify_all();
        if !is_first {
            return Answer::Head(ACCEPTED.to_owned());
        }
        if state.hangs > 0 {
            state.hangs -= 1;
            return Answer::Hang;
        }
        let (answer, longest) = self.first_answer(id);
        if !longest.is_zero() {
            self.hold(state, longest);
        }
        answer
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
        if self.is_open(id) {
            let violation = format!("{id} was sent while it was being received");
            self.violations.push(violation);
        }
        self.open.push((id.to_owned(), Instant::now()));
        self.count_open();
        let (keys, is_first) = (keys_of(request), !self.events.contains_key(id));
        match is_first {
            true => self.first(id, keys, request),
            false => self.again(id, &keys, request),
        }
        is_first
    }

    /// Whether a request with this event is open.
    fn is_open(&self, id: &str) -> bool {
        self.open.iter().any(|(open, _)| open == id)
    }

    fn count_open(&mut self) {
        let open = self.open.iter();
        let open = open.filter(|(_, since)| since.elapsed() < GIVEN_UP).count();
        self.peak = self.peak.max(open);
        if open >= MAX_OPEN {
            self.full_at = self.requests;
        }
        if open > MAX_OPEN {
            self.violations.push(format!("{open} open requests"));
        }
    }

    fn first(&mut self, id: &str, keys: [String; 2], request: &Request) {
        for key in keys {
            self.check_previous(id, &key);
            self.orders.entry(key).or_default().push(id.to_owned());
        }
        let event = Event {
            body: request.body.clone(),
            is_accepted: false,
            not_before: Instant::now(),
        };
        self.events.insert(id.to_owned(), event);
    }

    /// An event must not come before the previous one with its key was delivered.
    fn check_previous(&mut self, id: &str, key: &str) {
        let previous = self.orders.get(key).and_then(|ids| ids.last());
        if let Some(previous) = previous
            && (self.is_open(previous) || !self.events[previous].is_accepted)
        {
            let violation = format!("{id} came before {previous} of {key} was delivered");
            self.violations.push(violation);
        }
    }

    fn again(&mut self, id: &str, keys: &[String; 2], request: &Request) {
        let is_latest = keys.iter().all(|key| {
            let latest = self.orders.get(key).and_then(|ids| ids.last());
            latest.is_some_and(|latest| latest == id)
        });
        let event = &self.events[id];
        for (is_wrong, what) in [
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
    }

    fn end(&mut self, id: &str, answer: Option<&Answer>) {
        let index = self.open.iter().position(|(open, _)| open == id);
        let (_, since) = self.open.swap_remove(index.unwrap());
        match answer {
            Some(Answer::Hang) => self.violations.push(format!("{id} was not given up")),
            None if since.elapsed() >= GIVEN_UP => self.given_up += 1,
            _ => {}
        }
        let event = self.events.get_mut(id).unwrap();
        event.not_before = Instant::now() + answer.map_or(Duration::ZERO, asked_delay);
        if answer.is_some_and(accepts) && !event.is_accepted {
            event.is_accepted = true;
            self.accepted += 1;
        }
    }
}
