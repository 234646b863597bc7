use std::borrow::Cow;
use std::net::IpAddr;
use std::time::SystemTime;

/// An answered request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestRecord<'a> {
    /// What it has in common with similar requests.
    pub kind: RequestKind<'a>,
    /// When it arrived and how long it took.
    pub timing: RequestTiming,
    /// How much of it is recorded.
    pub detail: RequestDetail,
}

/// The properties that similar requests share. Requests of the same kind are recorded together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RequestKind<'a> {
    /// The pattern of the route, such as `/api/products/{slug}`; never the path.
    pub endpoint: Cow<'static, str>,
    /// The HTTP method.
    pub method: &'static str,
    /// The response status.
    pub status: u16,
    /// The user agent of the client.
    pub user_agent: Option<Cow<'a, str>>,
    /// The address of the client, as far as it may be recorded.
    pub address: Option<IpAddr>,
}

impl RequestKind<'_> {
    /// Whether the answer was an error.
    pub fn is_error(&self) -> bool {
        self.status >= 400
    }

    /// The same with owned values.
    pub fn into_owned(self) -> RequestKind<'static> {
        RequestKind {
            user_agent: self.user_agent.map(|agent| agent.into_owned().into()),
            ..self
        }
    }
}

/// How much of a request is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestDetail {
    /// An entry in the request log. For requests that passed a rate limit or came from an administrator.
    Recorded,
    /// Only the request counts. For requests that were refused or are not rate limited: an attacker could fill the disk
    /// with entries for them.
    Counted,
}

/// When a request arrived and how long it took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestTiming {
    /// The time of arrival.
    pub at: SystemTime,
    /// The response time in microseconds.
    pub microseconds: u32,
}

impl RequestTiming {
    /// The response time in whole milliseconds.
    pub fn milliseconds(&self) -> u32 {
        self.microseconds.saturating_add(500) / 1_000
    }
}

/// Requests of the same kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestGroup {
    /// The kind.
    pub kind: RequestKind<'static>,
    /// The timing of each request.
    pub timings: Vec<RequestTiming>,
}
