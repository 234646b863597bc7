use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::UnitOfWork;
use crate::StoreError;

/// How long an answer is kept.
pub const RETENTION: Duration = Duration::from_secs(24 * 60 * 60);

/// A caller and its key, as a SHA-256 digest of both. Each caller has keys of its own.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct CallerKey(pub [u8; 32]);

impl fmt::Debug for CallerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallerKey").finish_non_exhaustive()
    }
}

/// A request that was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedRequest {
    /// A SHA-256 digest of its method, address and body. A request with another one is not a repetition.
    pub fingerprint: [u8; 32],
    /// The answer.
    pub answer: RecordedAnswer,
}

/// The answer to a write.
#[derive(Clone, PartialEq, Eq)]
pub struct RecordedAnswer {
    /// The HTTP status code.
    pub status: u16,
    /// The names and values of its header fields.
    pub headers: Vec<(String, String)>,
    /// The body. The store keeps the bytes that it is given, so the caller encrypts what must not be read there.
    pub body: Vec<u8>,
}

impl fmt::Debug for RecordedAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordedAnswer")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// Why the writes of a request were not committed. They have no effect.
#[derive(Debug, thiserror::Error)]
pub enum CompletionError {
    /// Another request with the same key is being processed.
    #[error("another request with the key is being processed")]
    InFlight,
    /// Another request with the same key was recorded meanwhile.
    #[error("another request with the key was recorded")]
    Recorded,
    /// The store is unavailable or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Stores the answers to requests with an idempotency key.
#[async_trait]
pub trait IdempotencyRepository: Send + Sync {
    /// The request that was recorded with this key within [`RETENTION`].
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn find(&self, key: &CallerKey) -> Result<Option<RecordedRequest>, StoreError>;

    /// Begins a unit of work for a request with this key; `None` if this process already has one.
    fn begin(&self, key: CallerKey) -> Option<Arc<dyn UnitOfWork>>;

    /// Deletes at most `limit` records that are older than [`RETENTION`], and returns how many it deleted.
    ///
    /// # Errors
    /// If the store is unavailable or fails.
    async fn delete_old(&self, limit: u32) -> Result<u64, StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_answers_are_not_shown() {
        assert_eq!(format!("{:?}", CallerKey([7; 32])), "CallerKey { .. }");
        let answer = RecordedAnswer {
            status: 201,
            headers: vec![("location".to_owned(), "/api/keys/secret".to_owned())],
            body: b"secret".to_vec(),
        };
        assert_eq!(format!("{answer:?}"), "RecordedAnswer { status: 201, .. }");
    }
}
