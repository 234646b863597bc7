use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use diesel::PgConnection;
use diesel::r2d2::{ConnectionManager, PooledConnection};

use super::job::{Job, Outcome};
use super::language::ServerLanguage;
use super::pool::Pool;
use super::queue::Queue;
use super::unavailable;

/// How long a thread holds its connection without work. Long enough that a few requests per second don't check a
/// connection each time, short enough to notice a restarted database.
const HOLD: Duration = Duration::from_millis(100);

/// State that all database threads share.
pub(super) struct Context {
    pub(super) pool: Pool,
    pub(super) language: Arc<ServerLanguage>,
    pub(super) jobs: Arc<Queue<Box<dyn Job>>>,
    pub(super) wait_for_connection: Duration,
}

/// Takes jobs until the queue is closed and empty.
pub(super) fn serve(context: &Context) {
    while let Some(job) = context.jobs.take(None) {
        if !job.is_wanted() {
            continue;
        }
        let timeout = job
            .deadline()
            .saturating_duration_since(Instant::now())
            .min(context.wait_for_connection);
        match context.pool.get_timeout(timeout) {
            Ok(connection) => serve_on(connection, job, context),
            Err(_) => job.refuse(unavailable("there is no connection to the database")),
        }
    }
}

/// Runs this job and those that follow without a pause. Then returns the connection to the pool, which checks it before
/// the next use.
fn serve_on(
    mut connection: PooledConnection<ConnectionManager<PgConnection>>,
    first: Box<dyn Job>,
    context: &Context,
) {
    let mut next = Some(first);
    while let Some(job) = next {
        if job.is_wanted() {
            // A panic drops the reply, which the caller sees as an error. The pool finds the open transaction and
            // discards the connection.
            let outcome = catch_unwind(AssertUnwindSafe(|| {
                let language = context.language.get();
                job.run(&mut connection, language)
            }))
            .unwrap_or(Outcome::Broken);
            if outcome == Outcome::Broken {
                return;
            }
        }
        next = context.jobs.take(Some(Instant::now() + HOLD));
    }
}
