//! Idempotency keys: a write that a client repeats with the same key has its effect once, and every repetition gets the
//! first answer.
//!
//! The source is draft-ietf-httpapi-idempotency-key-header-07.

mod key;
mod repository;
mod unit_of_work;

pub use self::key::{IdempotencyKey, InvalidIdempotencyKey};
pub use self::repository::{
    CallerKey, CompletionError, IdempotencyRepository, RETENTION, RecordedAnswer, RecordedRequest,
};
pub use self::unit_of_work::{DeferredTask, UnitOfWork, after_commit};
