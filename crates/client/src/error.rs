use std::time::Duration;

use crate::{FieldError, Problem};

/// Why a call failed. No error contains a secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server refused the request and says why.
    #[error("{0}")]
    Problem(Box<Problem>),
    /// An answer with an error status that has no problem body, such as that of a proxy.
    #[error("the answer has the status {status}")]
    Status {
        /// The status code.
        status: u16,
        /// After how much time the request may succeed, from the header `Retry-After`.
        retry_after: Option<Duration>,
    },
    /// The cursor of an event stream is older than what the server keeps. Read all that matters anew, and go on from
    /// [`After::Latest`](crate::changes::After::Latest).
    #[error("{0}")]
    CursorGone(Box<Problem>),
    /// The server can't be reached, or the connection was lost.
    #[error("the server can't be reached: {0}")]
    Transport(#[source] reqwest::Error),
    /// The answer did not arrive in time.
    #[error("no answer arrived within {0:?}")]
    Timeout(Duration),
    /// The answer is not what the API promises.
    #[error("the answer of {operation} can't be read: {source}")]
    Decode {
        /// The operation of the OpenAPI document.
        operation: &'static str,
        /// Where and how the answer differs.
        source: serde_json::Error,
    },
    /// The answer redirects to an address that is not followed. Reads are redirected up to ten times, writes are not.
    #[error("the answer has the status {status} and redirects to {location}: {reason}")]
    Redirect {
        /// The status code.
        status: u16,
        /// The address, without its user and query.
        location: String,
        /// Why it is not followed.
        reason: &'static str,
    },
    /// The request can't be sent as it is.
    #[error("the request is invalid: {0}")]
    InvalidRequest(String),
    /// The file of an upload can't be read, or a download can't be saved.
    #[error("the file can't be read or written: {0}")]
    File(#[source] std::io::Error),
}

/// The result of a call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// The problem that the server described, if it did.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Problem(problem) | Self::CursorGone(problem) => Some(problem),
            _ => None,
        }
    }

    /// The status code of the answer, if there was one.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Status { status, .. } | Self::Redirect { status, .. } => Some(*status),
            _ => self.problem().map(|problem| problem.status),
        }
    }

    /// The short name of the problem, such as `insufficient-stock`.
    pub fn code(&self) -> Option<&str> {
        self.problem().map(Problem::code)
    }

    /// The error of a field, such as `price` or `ingredients[3]`.
    pub fn field(&self, name: &str) -> Option<&FieldError> {
        self.problem()?.field(name)
    }

    /// Whether the resource does not exist, or is not visible to the caller (404).
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(404)
    }

    /// Whether the request conflicts with the present state (409): a taken slug, or too little stock. A write whose first
    /// attempt still runs (`idempotency-in-flight`) is no conflict.
    pub fn is_conflict(&self) -> bool {
        self.status() == Some(409) && !self.is_in_flight()
    }

    /// Whether the resource has changed since the version that `if_match` names (412).
    pub fn is_precondition_failed(&self) -> bool {
        self.status() == Some(412)
    }

    /// Whether the request breaks a rule (422).
    pub fn is_invalid(&self) -> bool {
        self.status() == Some(422)
    }

    /// Whether the credentials are missing, wrong or have ended (401).
    pub fn is_unauthorized(&self) -> bool {
        self.status() == Some(401)
    }

    /// Whether the caller lacks a permission (403).
    pub fn is_forbidden(&self) -> bool {
        self.status() == Some(403)
    }

    /// Whether the caller has sent too many requests (429).
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(429)
    }

    /// Whether the answer did not arrive in time.
    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::Timeout(_))
    }

    /// Whether a product has too little stock.
    pub fn is_insufficient_stock(&self) -> bool {
        self.code() == Some("insufficient-stock")
    }

    /// After how much time the request may succeed, from the header `Retry-After`; at most a year.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            _ => self.problem()?.retry_after,
        }
    }

    /// Whether the same request may succeed later without a change.
    pub(crate) fn is_transient(&self) -> bool {
        match self {
            Self::Timeout(_) => true,
            Self::Transport(error) => !error.is_builder() && !error.is_redirect(),
            _ => match self.status() {
                Some(408 | 429 | 500 | 502 | 503 | 504) => true,
                _ => self.is_in_flight(),
            },
        }
    }

    /// Whether the first attempt of a write still runs. The same request with the same key gets its answer later.
    pub(crate) fn is_in_flight(&self) -> bool {
        self.code() == Some("idempotency-in-flight")
    }

    /// Whether the server or a proxy has failed (5xx).
    pub(crate) fn is_server_failure(&self) -> bool {
        self.status()
            .is_some_and(|status| (500..600).contains(&status))
    }
}

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        // A URL may contain what logs should not.
        Self::Transport(error.without_url())
    }
}
