use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::HeaderValue;

use crate::memory::Memory;
use crate::{ClientBuilder, Credentials, Result, RetryPolicy};

/// A client of one server with one caller's credentials. It is cheap to clone, and clones share connections.
///
/// Each area of the API has a method here, whose calls are sent when they are awaited.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    settings: Arc<Settings>,
    authorization: Option<HeaderValue>,
    memory: Option<Memory>,
}

/// What clients with different credentials share.
pub(crate) struct Settings {
    pub(crate) http: reqwest::Client,
    pub(crate) base: Url,
    pub(crate) timeout: Duration,
    pub(crate) deadline: Duration,
    pub(crate) retry: RetryPolicy,
    pub(crate) memory_bytes: u64,
}

impl Client {
    /// A client of the server at this URL, without credentials and with the default settings.
    ///
    /// # Errors
    /// If the URL is no http or https URL.
    pub fn new(base_url: &str) -> Result<Self> {
        Self::builder(base_url).build()
    }

    /// Builds a client of the server at this URL, such as `https://api.shop.example`.
    pub fn builder(base_url: &str) -> ClientBuilder {
        ClientBuilder::new(base_url)
    }

    /// A client of the same server for another caller. It shares the connections, but not the remembered answers.
    ///
    /// # Errors
    /// If a header can't hold the secret.
    pub fn with_credentials(&self, credentials: &Credentials) -> Result<Self> {
        Self::of(Arc::clone(&self.0.settings), credentials)
    }

    pub(crate) fn of(settings: Arc<Settings>, credentials: &Credentials) -> Result<Self> {
        let memory = Some(settings.memory_bytes).filter(|bytes| *bytes > 0);
        Ok(Self(Arc::new(Inner {
            authorization: credentials.header()?,
            memory: memory.map(Memory::new),
            settings,
        })))
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub(crate) fn authorization(&self) -> Option<&HeaderValue> {
        self.0.authorization.as_ref()
    }

    pub(crate) fn memory(&self) -> Option<&Memory> {
        self.0.memory.as_ref()
    }
}

impl fmt::Debug for Client {
    /// Without the credentials, and without what else a URL may contain.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut client = f.debug_struct("Client");
        client.field("host", &self.settings().base.host_str());
        client.field("is_anonymous", &self.authorization().is_none());
        client.finish_non_exhaustive()
    }
}
