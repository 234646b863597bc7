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

    /// Runs the job and sends the result to the caller. Returns whether the connection can be used again without a
    /// check.
    fn run(self: Box<Self>, connection: &mut PgConnection, language: Language) -> bool;

    /// Reports to the caller that there is no connection.
    fn refuse(self: Box<Self>, error: StoreError);
}

pub(super) struct Task<W, T, E> {
    work: W,
    reply: oneshot::Sender<Result<T, E>>,
    deadline: Instant,
    span: Span,
}

impl<W, T, E> Task<W, T, E> {
    pub(super) fn new(work: W, reply: oneshot::Sender<Result<T, E>>, deadline: Instant) -> Self {
        Self {
            work,
            reply,
            deadline,
            span: Span::current(),
        }
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

    fn run(self: Box<Self>, connection: &mut PgConnection, language: Language) -> bool {
        let _entered = self.span.entered();
        let started = Instant::now();
        let result = (self.work)(connection);
        let is_sound = result.as_ref().err().is_none_or(Failure::spares_connection);
        // Sending fails if the caller has left, which is no error.
        let answer = result.map_err(|failure| failure.into_domain(language, started.elapsed()));
        let _ = self.reply.send(answer);
        is_sound
    }

    fn refuse(self: Box<Self>, error: StoreError) {
        let _ = self.reply.send(Err(error.into()));
    }
}
