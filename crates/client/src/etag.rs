use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

/// The entity tag of a resource: names one state of it. Give it to [`Call::if_match`](crate::Call::if_match), so that a write
/// fails if the resource has changed meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ETag(String);

impl ETag {
    /// A tag from a header or from storage. `W/`, which compressing proxies add, is removed, as `If-Match` compares strongly.
    pub fn new(tag: &str) -> Self {
        Self(tag.strip_prefix("W/").unwrap_or(tag).to_owned())
    }

    /// The tag with its quotes; empty if the answer had none.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for ETag {
    fn from(tag: &str) -> Self {
        Self::new(tag)
    }
}

impl From<&ETag> for ETag {
    fn from(tag: &ETag) -> Self {
        tag.clone()
    }
}

impl fmt::Display for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A resource together with the entity tag of its state. It dereferences to the resource.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Versioned<T> {
    /// The resource.
    pub value: T,
    /// The tag of its state.
    pub etag: ETag,
}

impl<T> Versioned<T> {
    pub(crate) fn new(value: T, etag: ETag) -> Self {
        Self { value, etag }
    }

    /// The resource without its tag.
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T> Deref for Versioned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}
