use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;
use std::time::Duration;

use reqwest::header::{self, HeaderName};
use serde::de::DeserializeOwned;

use crate::answer::Answer;
use crate::request::{IDEMPOTENCY_KEY, Request};
use crate::transport::{Mode, Outcome, send};
use crate::{Client, Download, ETag, Result, Versioned};

/// The header of a request's id.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A request to the API that is sent when it is awaited. Before, its methods change how.
///
/// ```no_run
/// # use eggypro_client::{Client, products::ProductPatch};
/// # async fn example(client: Client) -> eggypro_client::Result<()> {
/// let product = client.products().get("eggypro-vanilla-1kg").await?;
/// let patch = ProductPatch { stock_quantity: 12.into(), ..ProductPatch::default() };
/// client.products().patch(&product.slug, &patch).if_match(&product.etag).await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "a call is sent when it is awaited"]
pub struct Call<T> {
    client: Client,
    request: Request,
    read: Read<T>,
}

/// How the answer is read.
enum Read<T> {
    Answer(fn(&Answer) -> Result<T>),
    Stream(fn(reqwest::Response, Duration) -> T),
}

impl<T> Call<T> {
    /// A call whose answer is read by a function.
    pub(crate) fn new(client: &Client, request: Request, read: fn(&Answer) -> Result<T>) -> Self {
        Self {
            client: client.clone(),
            request,
            read: Read::Answer(read),
        }
    }

    /// Makes the write only if the resource still has this tag. Otherwise the call fails with 412, see
    /// [`Error::is_precondition_failed`](crate::Error::is_precondition_failed).
    pub fn if_match(mut self, etag: impl Into<ETag>) -> Self {
        let etag = etag.into();
        if etag.as_str().is_empty() {
            self.request
                .refuse("the answer that if_match names had no ETag");
        }
        self.request.header(header::IF_MATCH, etag.as_str());
        self
    }

    /// Uses this idempotency key instead of a random one: 1 to 255 printable ASCII characters. The same key with the same
    /// request, also from another process, is made once within 24 hours and gives the same answer.
    pub fn idempotency_key(mut self, key: &str) -> Self {
        if self.request.operation.is_write() {
            self.request.header(IDEMPOTENCY_KEY, key);
        }
        self
    }

    /// Sends this id, which the server writes into its log: 1 to 128 characters of `[A-Za-z0-9._-]`.
    pub fn request_id(mut self, id: &str) -> Self {
        self.request.header(REQUEST_ID, id);
        self
    }

    /// Maximum time of one attempt.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.request.options.timeout = Some(timeout);
        self
    }

    /// Maximum time of all attempts together.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.request.options.deadline = Some(deadline);
        self
    }

    /// Maximum number of repetitions.
    pub fn max_retries(mut self, max_retries: u32) -> Self {
        self.request.options.max_retries = Some(max_retries);
        self
    }
}

impl<T: DeserializeOwned> Call<T> {
    /// A call whose answer is JSON.
    pub(crate) fn json(client: &Client, request: Request) -> Self {
        let mut call = Self::new(client, request, Answer::json);
        call.request.header(header::ACCEPT, "application/json");
        call
    }
}

impl<T: DeserializeOwned> Call<Versioned<T>> {
    /// A call whose answer is JSON with an entity tag.
    pub(crate) fn versioned(client: &Client, request: Request) -> Self {
        Self::new(client, request, |answer| {
            Ok(Versioned::new(answer.json()?, answer.etag()))
        })
    }
}

impl Call<()> {
    /// A call whose answer has no body.
    pub(crate) fn empty(client: &Client, request: Request) -> Self {
        Self::new(client, request, |_| Ok(()))
    }
}

impl Call<Download> {
    /// A call whose answer is a file.
    pub(crate) fn download(client: &Client, request: Request) -> Self {
        Self {
            client: client.clone(),
            request,
            read: Read::Stream(Download::new),
        }
    }
}

impl<T: 'static> IntoFuture for Call<T> {
    type Output = Result<T>;
    type IntoFuture = Pin<Box<dyn Future<Output = Result<T>> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let Self {
            client,
            request,
            read,
        } = self;
        let mode = match &read {
            Read::Answer(_) => Mode::Buffered,
            Read::Stream(_) => Mode::Streamed,
        };
        Box::pin(async move {
            let timeout = request.options.timeout;
            let timeout = timeout.unwrap_or(client.settings().timeout);
            let outcome = send(&client, &request, mode).await?;
            match (outcome, read) {
                (Outcome::Buffered(answer), Read::Answer(read)) => read(&answer),
                (Outcome::Streamed(response), Read::Stream(read)) => Ok(read(response, timeout)),
                _ => Err(crate::Error::InvalidRequest(
                    "the answer has another form than the call".to_owned(),
                )),
            }
        })
    }
}

impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut call = f.debug_struct("Call");
        call.field("operation", &self.request.operation.id);
        call.finish_non_exhaustive()
    }
}
