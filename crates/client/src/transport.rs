//! Sends a request until it succeeds, fails for good, or its deadline has come.

use std::time::Duration;

use reqwest::header::{self, HeaderValue};
use reqwest::{Response, StatusCode, Url};
use tokio::time::{Instant, sleep, timeout};

use crate::answer::{Answer, failure};
use crate::client::Settings;
use crate::memory::Remembered;
use crate::redirect::Route;
use crate::request::{IDEMPOTENCY_KEY, Request};
use crate::{Client, Error};

/// How long a file may take, if the call sets nothing else.
const FILE_TIMEOUT: Duration = Duration::from_secs(15 * 60);

/// A deadline that never comes, and that can be added to the present time.
const NEVER: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);

/// The pause while the first attempt of a write still runs, if the answer names none.
const IN_FLIGHT_PAUSE: Duration = Duration::from_secs(1);

/// What a call wants of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// The complete body.
    Buffered,
    /// The body as it arrives.
    Streamed,
}

/// A successful answer.
#[derive(Debug)]
pub(crate) enum Outcome {
    Buffered(Answer),
    Streamed(Response),
}

/// A request on its way.
struct Exchange<'a> {
    client: &'a Client,
    request: &'a Request,
    url: Url,
    /// The same in all attempts, so that the server makes the write once.
    key: Option<HeaderValue>,
    mode: Mode,
}

/// How long and how often a request may be sent.
struct Limits {
    attempt: Duration,
    deadline: Instant,
    max_retries: u32,
}

impl Limits {
    fn of(request: &Request, settings: &Settings) -> Self {
        let longest = if request.is_upload() {
            FILE_TIMEOUT
        } else {
            settings.timeout
        };
        let options = &request.options;
        let attempt = options.timeout.unwrap_or(longest);
        let total = options.deadline.unwrap_or(settings.deadline.max(attempt));
        let max_retries = options.max_retries;
        Self {
            attempt,
            deadline: Instant::now() + total.min(NEVER),
            max_retries: max_retries.unwrap_or(settings.retry.max_retries),
        }
    }

    /// The time until the deadline.
    fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }
}

/// Sends a request, and repeats it after failures that may pass.
pub(crate) async fn send(client: &Client, request: &Request, mode: Mode) -> Result<Outcome, Error> {
    let exchange = Exchange::of(client, request, mode)?;
    let settings = client.settings();
    let limits = Limits::of(request, settings);
    let mut failures = 0_u32;
    loop {
        let limit = limits.attempt.min(limits.left());
        let result = timeout(limit, exchange.attempt()).await;
        let error = match result.unwrap_or(Err(Error::Timeout(limit))) {
            Ok(outcome) => return Ok(outcome),
            Err(error) => error,
        };
        if !error.is_transient() || !request.body.can_repeat() {
            return Err(error);
        }
        let mut least = error.retry_after();
        if error.is_in_flight() {
            least = least.or(Some(IN_FLIGHT_PAUSE));
        } else {
            failures = failures.saturating_add(1);
        }
        let is_exhausted = limits.max_retries == 0 || failures > limits.max_retries;
        let pause = settings.retry.pause(failures, least, rand::random());
        if is_exhausted || pause >= limits.left() {
            return Err(error);
        }
        sleep(pause).await;
    }
}

impl<'a> Exchange<'a> {
    fn of(client: &'a Client, request: &'a Request, mode: Mode) -> Result<Self, Error> {
        let given = request.headers.get(&IDEMPOTENCY_KEY).cloned();
        let key = match given {
            None if request.operation.is_write() => {
                let key = uuid::Uuid::new_v4().to_string();
                HeaderValue::try_from(key).ok()
            }
            given => given,
        };
        Ok(Self {
            url: request.url(&client.settings().base)?,
            client,
            request,
            key,
            mode,
        })
    }

    async fn attempt(&self) -> Result<Outcome, Error> {
        let remembered = self.remembered();
        let mut response = self.execute(remembered.as_ref()).await?;
        let status = response.status();
        if status.is_success() && self.mode == Mode::Streamed {
            return Ok(Outcome::Streamed(response));
        }
        let headers = std::mem::take(response.headers_mut());
        let body = response.bytes().await.map_err(Error::from)?;
        let answer = |headers, body| {
            Ok(Outcome::Buffered(Answer {
                operation: self.request.operation,
                headers,
                body,
            }))
        };
        match (status, remembered) {
            (StatusCode::NOT_MODIFIED, Some(kept)) => answer(kept.headers, kept.body),
            _ if self.request.is_accepted(status, &headers, &body) => answer(headers, body),
            _ if status.is_success() => {
                if let Some(memory) = self.memory() {
                    memory.keep(self.url.as_str(), &headers, &body);
                }
                answer(headers, body)
            }
            _ => Err(failure(status, &headers, &body)),
        }
    }

    /// Sends the request, also to the addresses that it is redirected to.
    async fn execute(&self, remembered: Option<&Remembered>) -> Result<Response, Error> {
        let mut route = Route::new(&self.url);
        loop {
            let request = self.build(&route, remembered).await?;
            let response = self.client.settings().http.execute(request).await;
            let response = response.map_err(Error::from)?;
            if !route.follow(&response, self.request.operation)? {
                return Ok(response);
            }
        }
    }

    /// The memory, if it is used for this operation.
    fn memory(&self) -> Option<&'a crate::memory::Memory> {
        let is_used = self.request.operation.is_conditional && self.mode == Mode::Buffered;
        self.client.memory().filter(|_| is_used)
    }

    fn remembered(&self) -> Option<Remembered> {
        self.memory()?.get(self.url.as_str())
    }

    async fn build(
        &self,
        route: &Route<'_>,
        remembered: Option<&Remembered>,
    ) -> Result<reqwest::Request, Error> {
        let method = self.request.operation.method.clone();
        let http = &self.client.settings().http;
        let request = http.request(method, route.url().clone());
        let request = self.request.body.add_to(request).await?;
        let mut request = request.build().map_err(Error::from)?;
        let headers = request.headers_mut();
        headers.extend(
            self.request
                .headers
                .iter()
                .map(|(name, value)| (name.clone(), value.clone())),
        );
        let mut insert = |name, value: Option<&HeaderValue>| {
            if let Some(value) = value {
                headers.insert(name, value.clone());
            }
        };
        let authorization = self.client.authorization();
        insert(
            header::AUTHORIZATION,
            authorization.filter(|_| route.is_trusted()),
        );
        insert(IDEMPOTENCY_KEY, self.key.as_ref());
        let etag = remembered.map(|remembered| &remembered.etag);
        insert(header::IF_NONE_MATCH, etag);
        Ok(request)
    }
}
