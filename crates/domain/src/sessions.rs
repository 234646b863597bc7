//! Sessions of administrators that were ended before they expired.

use std::fmt;
use std::str::FromStr;

use async_trait::async_trait;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::StoreError;

/// Identifies a session. Renewed tokens of a session keep its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionId(Uuid);

/// A text is not a [`SessionId`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the id of a session")]
pub struct InvalidSessionId;

impl SessionId {
    /// A new, random id.
    pub fn random() -> Self {
        Self(Uuid::new_v4())
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl FromStr for SessionId {
    type Err = InvalidSessionId;

    fn from_str(text: &str) -> Result<Self, InvalidSessionId> {
        text.parse().map(Self).map_err(|_| InvalidSessionId)
    }
}

/// Stores which sessions have been ended.
#[async_trait]
pub trait SessionRepository: Send + Sync {
    /// Ends a session. `until` is when its last token expires; the record is not needed after that.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn end(&self, session: SessionId, until: OffsetDateTime) -> Result<(), StoreError>;

    /// Whether a session has been ended.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn has_ended(&self, session: SessionId) -> Result<bool, StoreError>;
}
