use std::time::Instant;

use diesel::PgConnection;
use eggypro_domain::StoreError;
use tokio::sync::oneshot;
use tracing::Span;

use crate::error::{Failure, Language};

/// A job that waits for a connection.
pub(super) trait Job: Send {
    /// When the caller stops waiting.
    fn deadline(&self) -> Instant;

    /// Whether the caller still waits for the result.
    fn is_wanted(&self) -> bool;

    /// Runs the job and sends the result to the caller.
    fn run(self: Box<Self>, connection: &mut PgConnection, language: Language) -> Outcome;

    /// Reports to the caller that there is no connection.
    fn refuse(self: Box<Self>, error: StoreError);
}

/// How a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It succeeded.
    Done,
    /// It failed. The connection can be used again without a check.
    Refused,
    /// It failed, maybe because of the connection.
    Broken,
}

pub(super) struct Task<W, T, E> {
    work: W,
    reply: oneshot::Sender<Result<T, E>>,
    deadline: Instant,
    span: Span,
}

impl<W, T, E> Task<W, T, E> {
    /// A task and the receiver of its result.
    pub(super) fn new(work: W, deadline: Instant) -> (Self, oneshot::Receiver<Result<T, E>>) {
        let (reply, result) = oneshot::channel();
        let task = Self {
            work,
            reply,
            deadline,
            span: Span::current(),
        };
        (task, result)
    }
}

impl<W, T, E> Job for Task<W, T, E>
where
    W: FnOnce(&mut PgConnection) -> Result<T, Failure<E>> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn deadline(&self) -> Instant {
        self.deadline
    }

    fn is_wanted(&self) -> bool {
        !self.reply.is_closed() && Instant::now() < self.deadline
    }

    fn run(self: Box<Self>, connection: &mut PgConnection, language: Language) -> Outcome {
        let _entered = self.span.entered();
        let started = Instant::now();
        let result = (self.work)(connection);
        let outcome = match &result {
            Ok(_) => Outcome::Done,
            Err(failure) if failure.spares_connection() => Outcome::Refused,
            Err(_) => Outcome::Broken,
        };
        // Sending fails if the caller has left, which is no error.
        let answer = result.map_err(|failure| failure.into_domain(language, started.elapsed()));
        let _ = self.reply.send(answer);
        outcome
    }

    fn refuse(self: Box<Self>, error: StoreError) {
        let _ = self.reply.send(Err(error.into()));
    }
}
