use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::redirect::Policy;

use crate::client::Settings;
use crate::{Client, Credentials, Error, Result, RetryPolicy};

/// The `User-Agent` of a client that sets no other.
const USER_AGENT: &str = concat!("eggypro-client/", env!("CARGO_PKG_VERSION"));

/// Builds a [`Client`].
///
/// ```no_run
/// use std::time::Duration;
/// use eggypro_client::{Client, Credentials, RetryPolicy};
///
/// let client = Client::builder("https://api.shop.example")
///     .credentials(Credentials::api_key("egg_…"))
///     .timeout(Duration::from_secs(10))
///     .retry(RetryPolicy::default().with_max_retries(6))
///     .build()?;
/// # Ok::<(), eggypro_client::Error>(())
/// ```
#[must_use]
pub struct ClientBuilder {
    base_url: String,
    credentials: Credentials,
    http: Option<reqwest::Client>,
    user_agent: String,
    connect_timeout: Duration,
    timeout: Duration,
    deadline: Duration,
    retry: RetryPolicy,
    memory_bytes: u64,
}

impl ClientBuilder {
    pub(crate) fn new(base_url: &str) -> Self {
        Self {
            base_url: base_url.to_owned(),
            credentials: Credentials::anonymous(),
            http: None,
            user_agent: USER_AGENT.to_owned(),
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(30),
            deadline: Duration::from_secs(60),
            retry: RetryPolicy::default(),
            memory_bytes: 8 * 1024 * 1024,
        }
    }

    /// Who the caller is. Without it, the caller sees what the public sees.
    pub fn credentials(self, credentials: Credentials) -> Self {
        Self {
            credentials,
            ..self
        }
    }

    /// The `User-Agent`, such as `warehouse/2.1`. The server's rate limit for the public counts addresses with it. It does
    /// not apply to a [client of the caller](Self::http).
    pub fn user_agent(self, user_agent: impl Into<String>) -> Self {
        Self {
            user_agent: user_agent.into(),
            ..self
        }
    }

    /// Maximum time to connect. The default is 5 s. It does not apply to a [client of the caller](Self::http).
    pub fn connect_timeout(self, connect_timeout: Duration) -> Self {
        Self {
            connect_timeout,
            ..self
        }
    }

    /// Maximum time of one attempt, until its answer is complete. The default is 30 s; uploads have 15 minutes, and of
    /// downloads only the beginning counts.
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Maximum time of a call with all its attempts and pauses. The default is 60 s. It is never shorter than the timeout of
    /// one attempt.
    pub fn deadline(self, deadline: Duration) -> Self {
        Self { deadline, ..self }
    }

    /// How often and how fast failed requests are repeated.
    pub fn retry(self, retry: RetryPolicy) -> Self {
        Self { retry, ..self }
    }

    /// Maximum size of the remembered answers, in bytes, which are read conditionally: an unchanged one is not transferred
    /// again. The default is 8 MiB, 0 remembers none.
    pub fn memory(self, bytes: u64) -> Self {
        Self {
            memory_bytes: bytes,
            ..self
        }
    }

    /// Sends requests with this client, which has its own settings of proxies, TLS and connections.
    ///
    /// Build it with `reqwest::redirect::Policy::none()`. Redirects of reads are followed without its help, such as that of a
    /// former slug of a product. A client that follows redirects by itself makes a read of a write that is answered with 301,
    /// 302 or 303: the write is then not made, and its call may seem to succeed.
    pub fn http(self, client: reqwest::Client) -> Self {
        Self {
            http: Some(client),
            ..self
        }
    }

    /// Builds the client.
    ///
    /// # Errors
    /// If the URL is no http or https URL, a header can't hold the secret, or TLS can't be set up.
    pub fn build(self) -> Result<Client> {
        let invalid = |reason: String| Error::InvalidRequest(reason);
        let base = Url::parse(&self.base_url)
            .map_err(|error| invalid(format!("the base URL can't be read: {error}")))?;
        let is_plain = base.query().is_none() && base.fragment().is_none();
        if !matches!(base.scheme(), "http" | "https") || !is_plain {
            let reason = "the base URL must be http or https, without a query";
            return Err(invalid(reason.to_owned()));
        }
        let http = match self.http {
            Some(client) => client,
            None => reqwest::Client::builder()
                .user_agent(self.user_agent)
                .connect_timeout(self.connect_timeout)
                // A policy does not see the method, and would make reads of writes.
                .redirect(Policy::none())
                .build()?,
        };
        let settings = Settings {
            http,
            base,
            timeout: self.timeout,
            deadline: self.deadline,
            retry: self.retry,
            memory_bytes: self.memory_bytes,
        };
        Client::of(Arc::new(settings), &self.credentials)
    }
}

impl fmt::Debug for ClientBuilder {
    /// Without the base URL, which may contain a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut builder = f.debug_struct("ClientBuilder");
        builder.field("credentials", &self.credentials);
        builder.field("timeout", &self.timeout);
        builder.field("deadline", &self.deadline);
        builder.field("retry", &self.retry);
        builder.finish_non_exhaustive()
    }
}
