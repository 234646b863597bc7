//! Sends a request until it succeeds, fails for good, or its deadline has come.

use std::time::Duration;

use reqwest::header::{self, HeaderValue};
use reqwest::{StatusCode, Url};
use tokio::time::{Instant, sleep, timeout};

use crate::answer::{Answer, failure};
use crate::memory::Remembered;
use crate::request::{IDEMPOTENCY_KEY, Request};
use crate::{Client, Error};

/// How long a file may take, if the call sets nothing else.
const FILE_TIMEOUT: Duration = Duration::from_secs(15 * 60);

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
    Streamed(reqwest::Response),
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

/// Sends a request, and repeats it after failures that may pass.
pub(crate) async fn send(client: &Client, request: &Request, mode: Mode) -> Result<Outcome, Error> {
    let exchange = Exchange::of(client, request, mode)?;
    let settings = client.settings();
    let longest = if request.is_upload() {
        FILE_TIMEOUT
    } else {
        settings.timeout
    };
    let attempt_timeout = request.options.timeout.unwrap_or(longest);
    let total = request.options.deadline;
    let total = total.unwrap_or(settings.deadline.max(attempt_timeout));
    let deadline = Instant::now() + total;
    let max_retries = request.options.max_retries;
    let max_retries = max_retries.unwrap_or(settings.retry.max_retries);
    let mut failures = 0;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let limit = attempt_timeout.min(left);
        let result = timeout(limit, exchange.attempt()).await;
        let error = match result.unwrap_or(Err(Error::Timeout(limit))) {
            Ok(outcome) => return Ok(outcome),
            Err(error) => error,
        };
        failures += 1;
        let can_repeat = error.is_transient() && request.body.can_repeat();
        let pause = settings
            .retry
            .pause(failures, error.retry_after(), rand::random());
        let is_too_late = Instant::now() + pause >= deadline;
        if !can_repeat || failures > max_retries || is_too_late {
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
        let request = self.build(remembered.as_ref()).await?;
        let response = self.client.settings().http.execute(request).await;
        let mut response = response.map_err(Error::from)?;
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
            _ if Some(status) == self.request.options.accepted_status => answer(headers, body),
            _ if status.is_success() => {
                if let Some(memory) = self.memory() {
                    memory.keep(self.url.as_str(), &headers, &body);
                }
                answer(headers, body)
            }
            _ => Err(failure(status, &headers, &body)),
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

    async fn build(&self, remembered: Option<&Remembered>) -> Result<reqwest::Request, Error> {
        let method = self.request.operation.method.clone();
        let http = &self.client.settings().http;
        let request = http.request(method, self.url.clone());
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
        insert(header::AUTHORIZATION, self.client.authorization());
        insert(IDEMPOTENCY_KEY, self.key.as_ref());
        let etag = remembered.map(|remembered| &remembered.etag);
        insert(header::IF_NONE_MATCH, etag);
        Ok(request)
    }
}
