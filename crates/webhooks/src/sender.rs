//! Sends events to receivers.

mod outcome;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Client, Method, Request, Response, redirect};
use tokio::task::JoinError;
use tokio::time::{Instant, timeout_at};
use url::Url;

pub use self::outcome::{Attempt, Outcome};
use crate::resolver::{GuardedResolver, Lookup, SharedLookup, SystemLookup};
use crate::signature::{ID_HEADER, SIGNATURE_HEADER, Secret, TIMESTAMP_HEADER, sign};
use crate::{Failure, Guard};

/// Maximum size of an answer's body that is read, in bytes. If there is more, the connection is closed.
const MAX_ANSWER: usize = 1024;

/// Maximum time to read the body of an answer. Its content does not matter, only whether the connection is free for the
/// next event.
const BODY_TIMEOUT: Duration = Duration::from_secs(1);

/// How long a connection stays open after an attempt. Many servers close theirs after 5 s, and an event that is sent at
/// that moment would fail.
const IDLE_TIMEOUT: Duration = Duration::from_secs(4);

/// Maximum number of connections to a receiver that wait for the next event.
const MAX_IDLE: usize = 4;

/// How events are sent.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Which URLs and addresses are allowed.
    pub guard: Guard,
    /// The header `User-Agent`.
    pub user_agent: String,
    /// Maximum time of an attempt: 15 s by default. Two thirds of it may be used to connect.
    pub timeout: Duration,
}

impl Settings {
    /// The default settings.
    pub fn new(guard: Guard, user_agent: impl Into<String>) -> Self {
        Self {
            guard,
            user_agent: user_agent.into(),
            timeout: Duration::from_secs(15),
        }
    }

    fn connect_timeout(&self) -> Duration {
        self.timeout * 2 / 3
    }
}

/// Why settings can't be used.
#[derive(Debug, thiserror::Error)]
pub enum InvalidSettings {
    /// The HTTP client can't be built: TLS is not available, or the user agent is not a header.
    #[error("the client of webhooks can't be built")]
    Client(#[source] reqwest::Error),
    /// The task that builds it was ended.
    #[error("the client of webhooks can't be built")]
    Task(#[from] JoinError),
}

/// Sends events to receivers: one attempt each, without redirects and proxies, and only to addresses that the guard
/// allows.
///
/// A connection is kept for some seconds after an attempt. Its address was checked when it was made. When a name gets
/// other addresses, the next connection uses them. [`LazySender`](crate::LazySender) makes new ones every minute.
#[derive(Clone)]
pub struct Sender {
    client: Client,
    settings: Settings,
}

impl Sender {
    /// A sender with these settings. Connects to nothing yet.
    ///
    /// # Errors
    /// If the settings can't be used.
    pub fn new(settings: Settings) -> Result<Self, InvalidSettings> {
        Self::with_lookup(settings, Arc::new(SharedLookup::new(SystemLookup)))
    }

    pub(crate) fn with_lookup(
        settings: Settings,
        lookup: Arc<dyn Lookup>,
    ) -> Result<Self, InvalidSettings> {
        let guard = settings.guard;
        let client = Client::builder()
            .user_agent(&settings.user_agent)
            .connect_timeout(settings.connect_timeout())
            .dns_resolver(Arc::new(GuardedResolver { guard, lookup }))
            .http1_only()
            .no_proxy()
            .redirect(redirect::Policy::none())
            .referer(false)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .pool_max_idle_per_host(MAX_IDLE)
            .build()
            .map_err(InvalidSettings::Client)?;
        Ok(Self { client, settings })
    }

    /// Which URLs and addresses this sender allows.
    pub fn guard(&self) -> &Guard {
        &self.settings.guard
    }

    /// Makes one attempt to deliver an event. `id` is the event's and the same for each attempt, `timestamp` is the time
    /// of the attempt in seconds since the Unix epoch, and `body` is JSON. The current secret comes first.
    pub async fn send(
        &self,
        url: &Url,
        id: &str,
        timestamp: i64,
        secrets: &[Secret],
        body: Bytes,
    ) -> Attempt {
        let start = Instant::now();
        let request = self.request(url, id, timestamp, secrets, body);
        let answer = match request {
            Ok(request) => self.answer(request, start).await,
            Err(failure) => Err(failure),
        };
        let elapsed = start.elapsed().as_millis();
        let outcome = match &answer {
            Ok(response) => Outcome::of(response, timestamp),
            Err(failure) => Outcome::Failed(failure.clone()),
        };
        if let Ok(response) = answer {
            let end = Instant::now() + BODY_TIMEOUT;
            let _ = timeout_at(end.min(start + self.settings.timeout), finish(response)).await;
        }
        Attempt {
            outcome,
            milliseconds: elapsed.try_into().unwrap_or(u64::MAX),
        }
    }

    fn request(
        &self,
        url: &Url,
        id: &str,
        timestamp: i64,
        secrets: &[Secret],
        body: Bytes,
    ) -> Result<Request, Failure> {
        // An address in the URL is connected to without the resolver.
        self.settings.guard.check_url(url)?;
        if secrets.is_empty() {
            return Err(Failure::NoSecret);
        }
        let signature = sign(secrets, id, timestamp, &body);
        let signature = HeaderValue::try_from(signature).map_err(|_| Failure::NoSecret)?;

        let mut request = Request::new(Method::POST, url.clone());
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(ID_HEADER, id_header(id)?);
        headers.insert(TIMESTAMP_HEADER, timestamp.into());
        headers.insert(SIGNATURE_HEADER, signature);
        *request.body_mut() = Some(body.into());
        Ok(request)
    }

    async fn answer(&self, request: Request, start: Instant) -> Result<Response, Failure> {
        let limit = self.settings.timeout;
        match timeout_at(start + limit, self.client.execute(request)).await {
            Ok(answer) => answer.map_err(|error| {
                let limit = self.settings.connect_timeout();
                Failure::of(&error, limit)
            }),
            Err(_) => Err(Failure::NoAnswer(limit)),
        }
    }
}

impl fmt::Debug for Sender {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Sender")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

/// A `.` in the id would let two events have the same signature.
fn id_header(id: &str) -> Result<HeaderValue, Failure> {
    let is_valid = |byte: u8| byte.is_ascii_graphic() && byte != b'.';
    if id.is_empty() || !id.bytes().all(is_valid) {
        return Err(Failure::InvalidId);
    }
    HeaderValue::from_str(id).map_err(|_| Failure::InvalidId)
}

/// Reads the rest of an answer, so that its connection can be used again, but not more than [`MAX_ANSWER`].
async fn finish(mut response: Response) {
    let mut read = 0;
    while read < MAX_ANSWER {
        match response.chunk().await {
            Ok(Some(chunk)) => read += chunk.len(),
            _ => return,
        }
    }
}
