//! Sessions of administrators that are ended before their time.

use std::fmt;
use std::str::FromStr;

use async_trait::async_trait;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::StoreError;

/// Identifies a session, however often its token was renewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionId(Uuid);

/// A text is no [`SessionId`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the id of a session")]
pub struct InvalidSessionId;

impl SessionId {
    /// One that no other session has.
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

/// Remembers which sessions have been ended.
#[async_trait]
pub trait SessionRepository: Send + Sync {
    /// Ends a session, of which no token would hold after that time.
    ///
    /// # Errors
    /// When the store did not answer.
    async fn end(&self, session: SessionId, until: OffsetDateTime) -> Result<(), StoreError>;

    /// Whether a session has been ended.
    ///
    /// # Errors
    /// When the store did not answer.
    async fn has_ended(&self, session: SessionId) -> Result<bool, StoreError>;
}
