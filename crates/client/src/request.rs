//! The request of a call, before it is sent.

use std::fmt::{Display, Write};
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{StatusCode, Url};
use serde::Serialize;

use crate::operation::Operation;
use crate::upload::Form;
use crate::{Error, Upload};

/// The header of an idempotency key.
pub(crate) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// A request that can be sent several times.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) operation: &'static Operation,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
    pub(crate) options: Options,
    path: String,
    query: Query,
    /// Why it can't be sent. It is reported when it is.
    invalid: Option<String>,
}

/// The body of a request.
#[derive(Debug)]
pub(crate) enum Body {
    Empty,
    Json {
        bytes: Bytes,
        content_type: &'static str,
    },
    File(Upload),
    Form(Form),
}

/// What a call may set for itself.
#[derive(Debug, Default)]
pub(crate) struct Options {
    pub(crate) timeout: Option<Duration>,
    pub(crate) deadline: Option<Duration>,
    pub(crate) max_retries: Option<u32>,
    /// Whether an answer that is no success is one nevertheless.
    pub(crate) accepts: Option<Accepts>,
}

/// Whether an answer with this status, these headers and this body is accepted.
pub(crate) type Accepts = fn(StatusCode, &HeaderMap, &[u8]) -> bool;

/// The parameters of a query string.
#[derive(Debug, Default)]
pub(crate) struct Query(Vec<(&'static str, String)>);

impl Query {
    /// Adds a parameter unless it is absent.
    pub(crate) fn add(&mut self, name: &'static str, value: Option<impl Display>) -> &mut Self {
        if let Some(value) = value {
            self.0.push((name, value.to_string()));
        }
        self
    }

    /// Adds a list with commas between its values, unless it is empty.
    pub(crate) fn list(&mut self, name: &'static str, values: &[impl Display]) -> &mut Self {
        let mut text = String::new();
        for value in values {
            // Writing to a string does not fail.
            let _ = write!(text, "{}{value}", if text.is_empty() { "" } else { "," });
        }
        self.add(name, Some(text).filter(|text| !text.is_empty()))
    }
}

impl Request {
    /// A request of an operation. The arguments fill the parameters of its path in order.
    pub(crate) fn new(operation: &'static Operation, arguments: &[&dyn Display]) -> Self {
        let (path, invalid) = match fill(operation.path, arguments) {
            Ok(path) => (path, None),
            Err(invalid) => (String::new(), Some(invalid)),
        };
        Self {
            operation,
            headers: HeaderMap::new(),
            body: Body::Empty,
            options: Options::default(),
            path,
            query: Query::default(),
            invalid,
        }
    }

    pub(crate) fn query(mut self, write: impl FnOnce(&mut Query)) -> Self {
        write(&mut self.query);
        self
    }

    pub(crate) fn json(self, body: &(impl Serialize + ?Sized)) -> Self {
        self.json_as("application/json", body)
    }

    pub(crate) fn merge_patch(self, patch: &(impl Serialize + ?Sized)) -> Self {
        self.json_as("application/merge-patch+json", patch)
    }

    fn json_as(mut self, content_type: &'static str, body: &(impl Serialize + ?Sized)) -> Self {
        match serde_json::to_vec(body) {
            Ok(bytes) => {
                let bytes = bytes.into();
                self.body = Body::Json {
                    bytes,
                    content_type,
                };
            }
            Err(error) => self.refuse(error),
        }
        self
    }

    pub(crate) fn body(mut self, body: Body) -> Self {
        self.body = body;
        self
    }

    pub(crate) fn header(&mut self, name: HeaderName, value: &str) {
        match HeaderValue::from_str(value) {
            Ok(value) => drop(self.headers.insert(name, value)),
            Err(_) => self.refuse(format_args!("the header {name} can't hold {value:?}")),
        }
    }

    pub(crate) fn refuse(&mut self, reason: impl Display) {
        self.invalid.get_or_insert(reason.to_string());
    }

    /// The URL below a base URL without a trailing slash.
    pub(crate) fn url(&self, base: &Url) -> Result<Url, Error> {
        if let Some(reason) = &self.invalid {
            return Err(Error::InvalidRequest(reason.clone()));
        }
        let mut url = base.clone();
        let prefix = base.path().trim_end_matches('/');
        url.set_path(&format!("{prefix}{}", self.path));
        if !self.query.0.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query.0);
        }
        Ok(url)
    }

    /// Whether an answer that is no success is one for this request.
    pub(crate) fn is_accepted(&self, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> bool {
        let accepts = self.options.accepts;
        accepts.is_some_and(|accepts| accepts(status, headers, body))
    }

    /// Whether the request transfers files, which takes longer.
    pub(crate) fn is_upload(&self) -> bool {
        matches!(self.body, Body::File(_) | Body::Form(_))
    }
}

/// Fills the parameters of a path. Each argument is percent-encoded, so that it can't lead to another address.
fn fill(path: &str, arguments: &[&dyn Display]) -> Result<String, String> {
    let mut filled = String::with_capacity(path.len() + 64);
    let mut arguments = arguments.iter();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        let argument = arguments.next().map(ToString::to_string);
        let argument = argument.unwrap_or_default();
        if !is_argument(name, &argument) {
            return Err(format!("{argument:?} is no {name}"));
        }
        filled.push_str(before);
        encode(&argument, &mut filled);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// Whether a text can be the value of a parameter. Only the id of an image has slashes, and they separate segments; others
/// would lead to another operation, also encoded, since some proxies decode them.
fn is_argument(name: &str, text: &str) -> bool {
    // A client or proxy would resolve `.` and `..`, and an empty segment is the address of the list.
    let mut parts = text.split('/');
    let is_path = parts.all(|part| !matches!(part, "" | "." | ".."));
    is_path && (name == "public_id" || !text.contains('/'))
}

/// Percent-encodes a text for a path, except its slashes.
fn encode(text: &str, into: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                into.push(char::from(byte));
            }
            // Writing to a string does not fail.
            _ => drop(write!(into, "%{byte:02X}")),
        }
    }
}

#[cfg(test)]
mod tests;
