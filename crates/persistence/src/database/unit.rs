//! Units of work: the writes of a request with an idempotency key, in one transaction that is committed together with
//! the answer.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::{PgConnection, QueryResult};
use eggypro_domain::StoreError;
use eggypro_domain::changes::{Change, Origin};
use eggypro_domain::idempotency::CallerKey;
use tokio::sync::oneshot;

use super::change::{beginning, log_change, parse_announcement};
use super::job::{Job, Outcome, Task};
use super::{Database, result, unavailable};
use crate::error::{Failure, Language};

/// How long a thread waits for the next step. Less than PostgreSQL's limit for a session that is idle in a transaction.
const NEXT_STEP: Duration = Duration::from_secs(5);

/// How long an abandoned transaction is waited for.
const ROLLBACK: Duration = Duration::from_secs(1);

/// The transaction of a unit of work. It begins with the first write, and its database thread waits for the others and
/// for the commit. Dropping it rolls back.
pub(crate) struct Transaction {
    key: CallerKey,
    state: Mutex<State>,
    is_in_flight: Arc<AtomicBool>,
}

enum State {
    Idle,
    Open(Thread),
    /// A failed write has undone earlier ones, so nothing can be committed.
    Undone,
}

/// A database thread that waits for the next step.
struct Thread {
    steps: Sender<Step>,
    /// Closes when the thread has left the transaction.
    ended: oneshot::Receiver<()>,
    has_written: bool,
}

/// A job of the transaction.
struct Step {
    job: Box<dyn Job>,
    /// Whether the job commits.
    is_last: bool,
}

impl Transaction {
    pub(crate) fn new(key: CallerKey) -> Self {
        Self {
            key,
            state: Mutex::new(State::Idle),
            is_in_flight: Arc::default(),
        }
    }

    /// Whether another transaction has claimed the key.
    pub(crate) fn is_in_flight(&self) -> bool {
        self.is_in_flight.load(Ordering::SeqCst)
    }

    /// Rolls back, and waits for it.
    pub(crate) async fn abandon(&self) {
        let open = std::mem::replace(&mut *self.state(), State::Idle);
        if let State::Open(Thread { steps, ended, .. }) = open {
            // The thread rolls back when the channel closes.
            drop(steps);
            drop(tokio::time::timeout(ROLLBACK, ended).await);
        }
    }

    /// Runs a job in the transaction. If it fails, the transaction is rolled back and begins anew.
    pub(super) async fn run<T, E>(
        &self,
        database: &Database,
        deadline: Instant,
        work: impl FnOnce(&mut PgConnection) -> Result<T, Failure<E>> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (task, answer) = Task::new(work, deadline);
        let step = Step {
            job: Box::new(task),
            is_last: false,
        };
        self.take_step(database, deadline, step)?;
        let result = result(answer, deadline).await;
        if let State::Open(thread) = &mut *self.state() {
            thread.has_written |= result.is_ok();
        }
        if result.is_err() {
            self.undo();
        }
        result
    }

    /// Runs a last job, which announces the changes of the transaction, and commits. Returns what was announced.
    pub(super) async fn commit<E>(
        &self,
        database: &Database,
        deadline: Instant,
        last: impl FnOnce(&mut PgConnection) -> Result<Option<String>, Failure<E>> + Send + 'static,
    ) -> Result<Option<Change>, E>
    where
        E: From<StoreError> + Send + 'static,
    {
        let origin = Origin::current();
        let last = move |connection: &mut PgConnection| {
            let change = parse_announcement(last(connection)?)?;
            AnsiTransactionManager::commit_transaction(connection)?;
            log_change(&origin, change.as_ref());
            Ok(change)
        };
        let (task, answer) = Task::new(last, deadline);
        let step = Step {
            job: Box::new(task),
            is_last: true,
        };
        self.take_step(database, deadline, step)?;
        result(answer, deadline).await
    }

    /// Notes that a failed write has undone those before it.
    fn undo(&self) {
        let mut state = self.state();
        if let State::Open(Thread {
            has_written: true, ..
        }) = &*state
        {
            *state = State::Undone;
        }
    }

    /// Passes a step to the thread of the transaction, or begins one.
    fn take_step(
        &self,
        database: &Database,
        deadline: Instant,
        step: Step,
    ) -> Result<(), StoreError> {
        let mut state = self.state();
        match &*state {
            State::Open(thread) => thread
                .steps
                .send(step)
                .map_err(|_| unavailable("the transaction has ended")),
            State::Undone => Err(unavailable("an earlier write was undone")),
            State::Idle => {
                let (steps, receiver) = mpsc::channel();
                let (end, ended) = oneshot::channel();
                database.push(Box::new(Opening {
                    first: Some(step),
                    deadline,
                    beginning: self.beginning(),
                    steps: receiver,
                    is_in_flight: Arc::clone(&self.is_in_flight),
                    _end: end,
                }))?;
                *state = State::Open(Thread {
                    steps,
                    ended,
                    has_written: false,
                });
                Ok(())
            }
        }
    }

    /// The statements that begin the transaction and claim the key.
    fn beginning(&self) -> String {
        let [a, b, c, d, e, f, g, h, ..] = self.key.0;
        let first = i32::from_be_bytes([a, b, c, d]);
        let second = i32::from_be_bytes([e, f, g, h]);
        let beginning = beginning(&Origin::current());
        format!("{beginning}SELECT claim_idempotency_key({first}, {second})")
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Begins a transaction and runs its steps until the last one.
struct Opening {
    first: Option<Step>,
    deadline: Instant,
    beginning: String,
    steps: Receiver<Step>,
    is_in_flight: Arc<AtomicBool>,
    /// Dropped when the thread leaves the transaction.
    _end: oneshot::Sender<()>,
}

impl Opening {
    /// Begins the transaction and claims the key.
    fn begin(&self, connection: &mut PgConnection) -> QueryResult<()> {
        let begun = AnsiTransactionManager::begin_transaction_sql(connection, &self.beginning);
        if let Err(error) = &begun {
            // PostgreSQL has begun a transaction that diesel doesn't know.
            connection.batch_execute("ROLLBACK")?;
            if error.to_string().contains("idempotency key in flight") {
                self.is_in_flight.store(true, Ordering::SeqCst);
            }
        }
        begun
    }

    /// Waits for the next step; `None` if the unit of work was dropped or takes too long.
    fn next_step(&self) -> Option<Step> {
        let next = self.steps.recv_timeout(NEXT_STEP).ok();
        if next.is_none() {
            for late in self.steps.try_iter() {
                late.job.refuse(unavailable("the transaction has ended"));
            }
        }
        next
    }

    /// Undoes a failed step and all before it, and claims the key again.
    fn begin_again(&self, connection: &mut PgConnection) -> QueryResult<()> {
        AnsiTransactionManager::rollback_transaction(connection)?;
        self.begin(connection)
    }

    /// Runs the steps from the first one on.
    fn run_steps(&mut self, connection: &mut PgConnection, language: Language) -> Outcome {
        let mut next = self.first.take();
        while let Some(step) = next {
            let is_last = step.is_last;
            match step.job.run(connection, language) {
                Outcome::Done if is_last => return Outcome::Done,
                Outcome::Done => {}
                Outcome::Refused if self.begin_again(connection).is_ok() => {}
                Outcome::Refused | Outcome::Broken => {
                    // The connection is checked before its next use.
                    drop(AnsiTransactionManager::rollback_transaction(connection));
                    return Outcome::Broken;
                }
            }
            next = self.next_step();
        }
        let rolled_back = AnsiTransactionManager::rollback_transaction(connection);
        rolled_back.map_or(Outcome::Broken, |()| Outcome::Done)
    }
}

impl Job for Opening {
    fn deadline(&self) -> Instant {
        self.deadline
    }

    fn is_wanted(&self) -> bool {
        self.first.as_ref().is_some_and(|step| step.job.is_wanted())
    }

    fn run(mut self: Box<Self>, connection: &mut PgConnection, language: Language) -> Outcome {
        let started = Instant::now();
        let Err(error) = self.begin(connection) else {
            return self.run_steps(connection, language);
        };
        let failure = Failure::<StoreError>::Database(error);
        let error = failure.into_domain(language, started.elapsed());
        let outcome = match self.is_in_flight.load(Ordering::SeqCst) {
            true => Outcome::Refused,
            false => Outcome::Broken,
        };
        self.refuse(error);
        outcome
    }

    fn refuse(self: Box<Self>, error: StoreError) {
        if let Some(step) = self.first {
            step.job.refuse(error);
        }
    }
}
