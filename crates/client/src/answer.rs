//! Complete answers of the server, and their errors.

use std::time::SystemTime;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::{self, HeaderMap};
use serde::de::DeserializeOwned;

use crate::operation::Operation;
use crate::retry::retry_after;
use crate::{ETag, Error, Problem};

/// A successful answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) operation: &'static Operation,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    /// The body as JSON.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_slice(&self.body).map_err(|source| Error::Decode {
            operation: self.operation.id,
            source,
        })
    }

    /// The entity tag; empty without one.
    pub(crate) fn etag(&self) -> ETag {
        let tag = self.headers.get(header::ETAG);
        ETag::new(tag.and_then(|tag| tag.to_str().ok()).unwrap_or_default())
    }
}

/// The error of an answer that is no success.
pub(crate) fn failure(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Error {
    let retry_after = retry_after(headers, SystemTime::now());
    let content_type = headers.get(header::CONTENT_TYPE);
    let content_type = content_type.map_or(&[][..], |value| value.as_bytes());
    let is_problem = content_type.starts_with(b"application/problem+json");
    let problem = is_problem.then(|| serde_json::from_slice::<Problem>(body).ok());
    match problem.flatten() {
        Some(problem) => Error::Problem(Box::new(Problem {
            retry_after,
            ..problem
        })),
        None => Error::Status {
            status: status.as_u16(),
            retry_after,
        },
    }
}
