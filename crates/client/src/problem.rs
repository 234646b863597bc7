use std::fmt;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::ETag;
use crate::products::BulkResult;

/// The error of a request as the server describes it (RFC 9457).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Problem {
    /// Names the kind of problem, for programs: `urn:eggypro:problem:not-found`. See [`code`](Self::code).
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    #[serde(default)]
    pub title: String,
    /// The status code.
    pub status: u16,
    /// What is wrong with this request, for people.
    #[serde(default)]
    pub detail: String,
    /// The id of the request, which the server's log has, too.
    pub request_id: Option<String>,
    /// Every broken field, if fields are what is wrong.
    #[serde(default)]
    pub errors: Vec<FieldError>,
    /// The permission that the caller lacks, if that is what is wrong.
    pub required_permission: Option<String>,
    /// The tag that `If-Match` takes now, if that is what did not hold.
    pub current_etag: Option<ETag>,
    /// The version that the resource has now, in the same case.
    pub current_version: Option<i32>,
    /// The stock that the product has, if it has too little or not the expected one.
    pub available: Option<i32>,
    /// Every product that has too little stock, if that is what is wrong.
    #[serde(default)]
    pub shortages: Vec<Shortage>,
    /// The result of each operation of a bulk write that failed as a whole.
    #[serde(default)]
    pub results: Vec<BulkResult>,
    /// Members that this version of the client does not know.
    #[serde(flatten)]
    pub extensions: Map<String, Value>,
    /// After how much time the request may succeed, from the header `Retry-After`.
    #[serde(skip)]
    pub retry_after: Option<Duration>,
}

/// A broken field of a request.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FieldError {
    /// The name of the field, as in `price` or `ingredients[3]`.
    pub field: String,
    /// The rule that it breaks, for people.
    pub message: String,
}

/// A product without enough stock.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Shortage {
    /// The slug of the product.
    pub slug: String,
    /// The pieces that it has.
    pub available: i32,
}

impl Problem {
    /// The short name of the kind of problem, such as `not-found` or `insufficient-stock`.
    pub fn code(&self) -> &str {
        self.kind.rsplit(':').next().unwrap_or_default()
    }

    /// The error of a field, such as `price` or `ingredients[3]`.
    pub fn field(&self, name: &str) -> Option<&FieldError> {
        self.errors.iter().find(|error| error.field == name)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.status, self.code(), self.detail)?;
        for FieldError { field, message } in &self.errors {
            write!(f, "; {field}: {message}")?;
        }
        match &self.request_id {
            Some(id) => write!(f, " [request {id}]"),
            None => Ok(()),
        }
    }
}
